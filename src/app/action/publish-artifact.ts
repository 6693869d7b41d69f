// The second half of a fork's run: a trusted workflow posts the report that an untrusted one wrote. The
// file is taken for hostile: checked against its schema, bounded, rendered again from its data, and the
// pull request is the one GitHub names for the commit, whatever the file says.

import { join } from 'node:path'
import { defaultLimits, defaultPolicy } from '../../config/config.ts'
import { readTextIfThere } from '../../disk/disk.ts'
import { jobResultOf, judgeReported } from '../../gate/gate.ts'
import { annotate, type GithubClient, type PullRequest, setOutputs } from '../../github/github.ts'
import { blockingOf, droppedOf } from '../../model/blocking.ts'
import type { Limit } from '../../model/config.ts'
import { GateError } from '../../model/errors.ts'
import { EXIT, exitCodeOfError } from '../../model/exit-codes.ts'
import { isGateName } from '../../model/gate-name.ts'
import type { ReportDocument, ReportProblem } from '../../model/report-document.ts'
import { TOOL } from '../../model/tool.ts'
import type { GateResult, JobResult } from '../../model/verdict.ts'
import { waitFamilyOf } from '../../model/wait.ts'
import { describe, describeProblem, type Told, toldByOthers } from '../../report/report.ts'
import { decodeReport, type StoredReport } from '../../wire/files/files.ts'
import { ConfigProblems } from '../config-source.ts'
import { issueLine } from '../issue-lines.ts'
import { commentOf } from '../report-folder.ts'
import { issueAnnotations } from './annotations.ts'
import { configOfJob } from './context.ts'
import type { GitHubEvent } from './github-event.ts'
import type { Job } from './job.ts'
import {
  blocksMerge,
  isBlocking,
  isNews,
  startsComment,
  warnOfUnknownAuthor,
} from './publish-report.ts'
import { type PublishedRules, publishedRules } from './published-rules.ts'

export async function publishArtifact(job: Job): Promise<number> {
  const { github, event, inputs, screen } = job
  const { published } = event
  if (published === undefined || github === undefined) {
    throw new GateError(
      'usage',
      published === undefined
        ? `mode publish needs the event workflow_run, this is ${event.name || 'no event'}`
        : 'mode publish needs a github-token',
      'See examples/ for the workflow that publishes the report of a fork.',
    )
  }
  const report = await readArtifact(job)
  const { headSha: sha, headRepository, headBranch } = published
  const pull = await github.findPullRequestByHead({
    sha,
    repository: headRepository,
    branch: headBranch,
  })
  if (pull === undefined) {
    screen.step(`no open pull request has the head ${published.headSha}: nothing to comment on`)
    return EXIT.passed
  }
  const said = await saidOf(report, { job, github, pull, published })
  if (inputs.comment === 'never') return said.code
  const { document } = said
  const { url, authorUnknown } = await github.upsertComment({
    key: inputs.config,
    pullRequest: pull.number,
    headCommit: published.headSha,
    currentHead: pull.headSha,
    runId: published.runId,
    runAttempt: published.runAttempt,
    body: commentOf(document),
    onlyUpdate: !startsComment(inputs.comment, said),
  })
  warnOfUnknownAuthor(authorUnknown)
  setOutputs({ headline: document.headline, 'comment-url': url })
  screen.step(`commented on #${pull.number}: ${document.headline}`)
  return said.code
}

type Published = NonNullable<GitHubEvent['published']>

export type Publishing = {
  readonly job: Job
  readonly github: GithubClient
  readonly pull: PullRequest
  readonly published: Published
}

type Posting = {
  readonly document: ReportDocument
  readonly isNews: boolean
  readonly isBlocking: boolean
  readonly code: number
}

/** By rules that cannot be read nothing is judged, and nothing of the report is shown. */
async function saidOf(report: StoredReport, to: Publishing): Promise<Posting> {
  let rules: PublishedRules
  try {
    rules = await publishedRules(to)
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error
    annotate(issueAnnotations(error.issues))
    const document = describeProblem(unreadable(error, to))
    return { document, isNews: true, isBlocking: true, code: exitCodeOfError(error.kind) }
  }
  if (report.kind === 'problem') return saidOfProblem(report.problem, to, rules)
  const { jobResult, added } = judgedByRules(report.jobResult, to, rules)
  const { headRepository } = to.published
  const lacking = rules.base === undefined ? to.job.inputs.config : undefined
  const told = { who: headRepository, baseBranch: to.pull.baseRef, lacking, added }
  const document = saidByTheirs(describe(jobResult), told)
  return { document, ...weightOf(jobResult), code: EXIT.passed }
}

function unreadable({ issues }: ConfigProblems, { job, pull }: Publishing): ReportProblem {
  const [first] = issues
  const where = first === undefined ? '' : ` (${issueLine(first)})`
  const file = `${job.inputs.config} on ${pull.baseRef}`
  return {
    kind: 'error',
    message: `${file} cannot be read${where}, so nothing of the report was judged`,
    remedy: `Correct ${file}, and run the workflow that publishes again.`,
  }
}

function saidOfProblem(problem: ReportProblem, to: Publishing, { base }: PublishedRules): Posting {
  const ours = problemInOurWords(problem, base?.policy.noSecrets === 'fail')
  const { headRepository: who } = to.published
  const told = { who, baseBranch: to.pull.baseRef, added: [] }
  const document = saidByTheirs(describeProblem(ours), told)
  return { document, isNews: true, isBlocking: blocksMerge(ours), code: EXIT.passed }
}

async function readArtifact(job: Job): Promise<StoredReport> {
  const path = join(job.reportDir, 'report.json')
  const text = await readTextIfThere(path)
  const decoded = text === undefined ? undefined : decodeReport(text)
  if (decoded?.ok === true) {
    const problem = nameProblem(decoded.report)
    if (problem === undefined) return decoded.report
    throw new GateError('file', `${path} ${problem}`, REMEDY)
  }
  throw new GateError(
    'file',
    decoded === undefined ? `there is no ${path}` : `${path} ${decoded.problem}`,
    REMEDY,
  )
}

const REMEDY = 'Download the report folder of the run that measured into report-dir.'

/** A sentence in the place of a name is a stranger's; of two by one name nobody can say which is meant. */
function nameProblem(report: StoredReport): string | undefined {
  if (report.kind === 'problem') return undefined
  const { gates } = report.jobResult
  const names = gates.map(({ gate }) => gate)
  const strange = names.find((name) => !isGateName(name))
  if (strange !== undefined) return `names a gate as no config can: ${strange.slice(0, 64)}`
  const twice = repeated(names)
  if (twice !== undefined) return `has the gate ${twice} twice`
  const metric = gates.flatMap(({ metrics }) => repeated(metrics.map(({ id }) => id)) ?? [])[0]
  return metric && `has the metric ${metric.slice(0, 64)} twice in one gate`
}

function repeated(names: readonly string[]): string | undefined {
  return names.find((name, position) => names.indexOf(name) !== position)
}

/** Numbers and closed kinds are taken; a stranger's sentences would be read as ours. */
function judgedByRules(
  { gates, context }: JobResult,
  to: Publishing,
  { base, accept, isStale }: PublishedRules,
): { readonly jobResult: JobResult; readonly added: readonly string[] } {
  const { job, pull, published } = to
  const { serverUrl, owner, repo } = job.event
  const policy = base?.policy ?? defaultPolicy()
  const ruled = judgeReported(gates, { base, defaults, accept })
  const jobResult = jobResultOf(ruled.gates, {
    tool: TOOL,
    mode: 'gate',
    verified: false,
    ...(context.preview === true ? { preview: true } : {}),
    // Commits, branch and address are GitHub's own words, not the file's.
    headCommit: published.headSha,
    baseBranch: pull.baseRef,
    baseCommit: pull.baseSha,
    runUrl: `${serverUrl}/${owner}/${repo}/actions/runs/${published.runId}`,
    config: configOfJob(job),
    limitsFrom: base === undefined ? 'file' : 'base',
    proposedChanges: [],
    dropped: droppedOf(ruled.dropped, policy, accept !== undefined),
    acceptLabel: policy.acceptLabel,
    acceptLabelIsStale: isStale,
    blocking: blockingOf(policy),
  })
  return { jobResult, added: ruled.added }
}

function defaults(result: GateResult): readonly Limit[] {
  const { requests: samples } = result
  return defaultLimits({ samples, prices: undefined, waits: waitFamilyOf(result) })
}

function weightOf(jobResult: JobResult): Pick<Posting, 'isNews' | 'isBlocking'> {
  return { isNews: isNews(jobResult), isBlocking: isBlocking(jobResult) }
}

function problemInOurWords(problem: ReportProblem, blocks: boolean): ReportProblem {
  if (problem.kind === 'no-secrets') {
    return { kind: problem.kind, who: problem.who, ...(blocks ? { isBlocking: true } : {}) }
  }
  const what = problem.kind === 'config' ? 'its config has mistakes' : 'it could not run'
  return {
    kind: 'error',
    message: `the job that measures ended without a result: ${what}`,
    remedy: 'Its own log says why.',
  }
}

/** The first line says whose figures they are. */
function saidByTheirs(document: ReportDocument, told: Told): ReportDocument {
  const { alert } = document
  return { ...document, alert: { ...alert, lines: [...toldByOthers(told), ...alert.lines] } }
}
