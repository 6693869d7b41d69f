// The second half of a fork's run: a trusted workflow posts the report that an untrusted one wrote. The
// file is taken for hostile: checked against its schema, bounded, rendered again from its data, and the
// pull request is the one GitHub names for the commit, whatever the file says.

import { join } from 'node:path'
import { readTextIfThere } from '../../disk/disk.ts'
import { setOutputs } from '../../github/github.ts'
import { GateError } from '../../model/errors.ts'
import { EXIT } from '../../model/exit-codes.ts'
import type { ReportContext } from '../../model/verdict.ts'
import { describe, describeProblem } from '../../report/report.ts'
import { decodeReport, type Report } from '../../wire/files/files.ts'
import { commentOf } from '../report-folder.ts'
import type { GitHubEvent } from './github-event.ts'
import type { Job } from './job.ts'
import { blocksMerge, isBlocking, isNews, startsComment } from './publish-report.ts'

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
  const pull = await github.findPullRequestByHead(published.headSha)
  if (pull === undefined) {
    screen.step(`no open pull request has the head ${published.headSha}: nothing to comment on`)
    return EXIT.passed
  }
  const document =
    report.kind === 'problem'
      ? describeProblem(report.problem)
      : describe({
          ...report.outcome,
          context: contextOf(report.outcome.context, { published, event, pull }),
        })
  if (inputs.comment === 'never') return EXIT.passed
  const { url } = await github.upsertComment({
    key: inputs.config,
    pullRequest: pull.number,
    headCommit: published.headSha,
    currentHead: pull.headSha,
    runId: published.runId,
    runAttempt: published.runAttempt,
    body: commentOf(document),
    onlyUpdate: !startsComment(inputs.comment, weightOf(report)),
  })
  setOutputs({ headline: document.headline, 'comment-url': url })
  screen.step(`commented on #${pull.number}: ${document.headline}`)
  return EXIT.passed
}

async function readArtifact(job: Job): Promise<Report> {
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

function weightOf(report: Report): { readonly isNews: boolean; readonly isBlocking: boolean } {
  if (report.kind === 'problem') return { isNews: true, isBlocking: blocksMerge(report.problem) }
  return { isNews: isNews(report.outcome), isBlocking: isBlocking(report.outcome) }
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
