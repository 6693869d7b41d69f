// The second half of a fork's run: a trusted workflow posts the report that an untrusted one wrote. The
// file is taken for hostile: checked against its schema, bounded, rendered again from its data, and the
// pull request is the one GitHub names for the commit, whatever the file says.

import { join } from 'node:path'
import { defaultPolicy } from '../../config/config.ts'
import { readTextIfThere } from '../../disk/disk.ts'
import { jobResultOf } from '../../gate/gate.ts'
import { setOutputs } from '../../github/github.ts'
import { judgedByFigures } from '../../judge/judge.ts'
import { GateError } from '../../model/errors.ts'
import { EXIT } from '../../model/exit-codes.ts'
import type { BaselineNote } from '../../model/history.ts'
import type { ReportDocument, ReportProblem } from '../../model/report-document.ts'
import type { RunWarning } from '../../model/run.ts'
import { TOOL } from '../../model/tool.ts'
import type { GateResult, ReportContext } from '../../model/verdict.ts'
import { describe, describeProblem } from '../../report/report.ts'
import { decodeReport, type StoredReport } from '../../wire/files/files.ts'
import { commentOf } from '../report-folder.ts'
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
  const report = inOurWords(await readArtifact(job))
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
  const document =
    report.kind === 'problem'
      ? describeProblem(report.problem)
      : describe({
          ...report.jobResult,
          context: {
            ...contextOf(report.jobResult.context, { published, event, pull }),
            config: configOfJob(job),
          },
        })
  if (inputs.comment === 'never') return EXIT.passed
  const { url, authorUnknown } = await github.upsertComment({
    key: inputs.config,
    pullRequest: pull.number,
    headCommit: published.headSha,
    currentHead: pull.headSha,
    runId: published.runId,
    runAttempt: published.runAttempt,
    body: commentOf(saidByTheirs(document, published)),
    onlyUpdate: !startsComment(inputs.comment, weightOf(report)),
  })
  warnOfUnknownAuthor(authorUnknown)
  setOutputs({ headline: document.headline, 'comment-url': url })
  screen.step(`commented on #${pull.number}: ${document.headline}`)
  return EXIT.passed
}

async function readArtifact(job: Job): Promise<StoredReport> {
  const path = join(job.reportDir, 'report.json')
  const text = await readTextIfThere(path)
  const decoded = text === undefined ? undefined : decodeReport(text)
  if (decoded?.ok === true) return decoded.report
  throw new GateError(
    'file',
    decoded === undefined ? `there is no ${path}` : `${path} ${decoded.problem}`,
    'Download the report folder of the run that measured into report-dir.',
  )
}

/**
 * Numbers and closed kinds are taken; a stranger's sentences would be read as ours, advice and commands
 * above all. What the numbers carry is the verdict.
 */
function inOurWords(report: StoredReport): StoredReport {
  if (report.kind === 'problem') return { ...report, problem: problemInOurWords(report.problem) }
  const { jobResult } = report
  const gates = jobResult.gates.map((gate) => judgedByFigures(numbersOf(gate)))
  const { dropped, ...context } = jobResult.context
  const again = jobResultOf(gates, {
    ...context,
    tool: TOOL,
    proposedChanges: [],
    acceptLabel: defaultPolicy().acceptLabel,
    ...(dropped === undefined ? {} : { dropped: { ...dropped, blocks: false } }),
  })
  return { ...report, jobResult: again }
}

const NUMBERS_ALONE: ReadonlySet<BaselineNote['kind']> = new Set(['too-old', 'few-runs'])
const WITH_WORDS: ReadonlySet<RunWarning['kind']> = new Set(['metrics-unread', 'imported'])

function numbersOf(gate: GateResult): GateResult {
  return {
    ...gate,
    notes: gate.notes.filter(({ kind }) => NUMBERS_ALONE.has(kind)),
    warnings: gate.warnings.filter(({ kind }) => !WITH_WORDS.has(kind)),
    invalidities: gate.invalidities.map((one) =>
      'detail' in one ? { ...one, detail: undefined } : one,
    ),
    attributions: [],
    subjectChanges: [],
  }
}

function problemInOurWords(problem: ReportProblem): ReportProblem {
  if (problem.kind === 'no-secrets') return { kind: problem.kind, who: problem.who }
  const what = problem.kind === 'config' ? 'its config has mistakes' : 'it could not run'
  return {
    kind: 'error',
    message: `the job that measures ended without a result: ${what}`,
    remedy: 'Its own log says why.',
  }
}

/** The first line says whose figures they are. */
function saidByTheirs(document: ReportDocument, { headRepository }: Published): ReportDocument {
  const who = headRepository === undefined ? 'the pull request' : headRepository
  const text = `These figures come from a job of ${who}, and nobody checked them.`
  const { alert } = document
  return { ...document, alert: { ...alert, lines: [[{ kind: 'text', text }], ...alert.lines] } }
}

type Published = NonNullable<GitHubEvent['published']>

function weightOf(report: StoredReport): {
  readonly isNews: boolean
  readonly isBlocking: boolean
} {
  if (report.kind === 'problem') return { isNews: true, isBlocking: blocksMerge(report.problem) }
  return { isNews: isNews(report.jobResult), isBlocking: isBlocking(report.jobResult) }
}

type Known = {
  readonly published: NonNullable<GitHubEvent['published']>
  readonly event: GitHubEvent
  readonly pull: { readonly baseRef: string; readonly baseSha: string }
}

/** Commits, branch and address are GitHub's own words, not the file's. */
function contextOf(context: ReportContext, { published, event, pull }: Known): ReportContext {
  const { serverUrl, owner, repo } = event
  return {
    ...context,
    mode: 'gate',
    headCommit: published.headSha,
    baseBranch: pull.baseRef,
    baseCommit: pull.baseSha,
    runUrl: `${serverUrl}/${owner}/${repo}/actions/runs/${published.runId}`,
  }
}
