// Everything a job leaves behind: report files, outputs, the job summary, annotations, the comment.
// A comment that cannot be written is a warning: it takes nothing from the verdict.

import { relative } from 'node:path'
import {
  type Annotation,
  annotate,
  type CommentMarker,
  setOutputs,
  writeSummary,
} from '../../github/github.ts'
import { isCounted } from '../../model/asked.ts'
import { blocks } from '../../model/blocking.ts'
import { GateError } from '../../model/errors.ts'
import type { ReportProblem } from '../../model/report-document.ts'
import type { GateResult, GateVerdict, JobResult } from '../../model/verdict.ts'
import { reportTexts, summaryMarkdown } from '../../report/report.ts'
import type { CommentPolicy } from '../inputs.ts'
import {
  commentOf,
  reportOf,
  reportOfProblem,
  type WrittenReport,
  writeReport,
} from '../report-folder.ts'
import { resultAnnotations } from './annotations.ts'
import type { Job } from './job.ts'

export async function publishResult(
  job: Job,
  jobResult: JobResult,
  { runs, twins }: Pick<Publication, 'runs' | 'twins'>,
): Promise<void> {
  const report = reportOf(jobResult)
  await publish(job, {
    report,
    runs,
    twins,
    verdict: jobResult.verdict,
    isBlocking: isBlocking(jobResult),
    isNews: isNews(jobResult),
    annotations: resultAnnotations(jobResult),
    figures: figures(jobResult),
  })
}

/** Where there is no result: a config with problems, or a job without secrets. */
export async function publishProblem(
  job: Job,
  problem: ReportProblem,
  annotations: readonly Annotation[],
): Promise<void> {
  await publish(job, {
    report: reportOfProblem(problem),
    runs: {},
    verdict: 'invalid',
    isBlocking: blocksMerge(problem),
    isNews: true,
    annotations,
    figures: {},
  })
}

export function blocksMerge(problem: ReportProblem): boolean {
  return problem.kind !== 'no-secrets' || problem.isBlocking === true
}

type Publication = {
  readonly report: WrittenReport
  readonly runs: Readonly<Record<string, string>>
  readonly twins?: CommentMarker['twins']
  readonly verdict: GateVerdict
  readonly isBlocking: boolean
  /** Whether a reviewer has something to see. */
  readonly isNews: boolean
  readonly annotations: readonly Annotation[]
  readonly figures: Readonly<Record<string, string | number | undefined>>
}

async function publish(job: Job, publication: Publication): Promise<void> {
  const { report, runs, verdict, annotations } = publication
  const paths = await writeReport(job.reportDir, report, runs)
  if (paths.moved !== undefined) {
    annotate([{ level: 'warning', title: 'Report folder', message: paths.moved }])
  }
  await writeSummary(summaryMarkdown(report.document), job.env.GITHUB_STEP_SUMMARY)
  annotate(annotations)
  const commentUrl = await comment(job, publication)
  setOutputs({
    verdict,
    headline: report.document.headline,
    'report-json': relative(job.workspace, paths.json),
    'report-html': relative(job.workspace, paths.html),
    'comment-url': commentUrl,
    ...publication.figures,
  })
  job.screen.step(report.document.headline)
}

async function comment(job: Job, publication: Publication): Promise<string> {
  const { github, event, inputs, mode } = job
  const { report } = publication
  if (mode !== 'gate' || event.pullRequest === undefined || github === undefined) return ''
  if (inputs.comment === 'never') return ''
  try {
    const { url, authorUnknown } = await github.upsertComment({
      key: inputs.config,
      pullRequest: event.pullRequest,
      headCommit: event.headSha,
      runId: event.runId,
      runAttempt: event.runAttempt,
      twins: publication.twins,
      body: commentOf(report.document),
      onlyUpdate: !startsComment(inputs.comment, publication),
    })
    warnOfUnknownAuthor(authorUnknown)
    return url
  } catch (error) {
    if (!(error instanceof GateError)) throw error
    annotate([
      {
        level: 'warning',
        title: 'No comment was written',
        message: `${error.message} ${error.remedy}`,
      },
    ])
    return ''
  }
}

/** What looks like an earlier comment of ours then stays beside the new one. */
export function warnOfUnknownAuthor(authorUnknown: true | undefined): void {
  if (authorUnknown === undefined) return
  const message =
    'GitHub did not say who the token writes as, so a comment with the marker of this gate that may be its own was left alone. Use the token of the job.'
  annotate([{ level: 'warning', title: 'Whose comment it is', message }])
}

/** Whether there is to be a comment where there is none yet; one that is there is kept up to date. */
export function startsComment(
  policy: CommentPolicy,
  { isNews, isBlocking }: Pick<Publication, 'isNews' | 'isBlocking'>,
): boolean {
  return policy === 'always' || (policy === 'on-change' && isNews) || isBlocking
}

/** Something that fails the job; an invalid run has to be seen in any case. */
export function isBlocking({ gates, context: { blocking, dropped } }: JobResult): boolean {
  const isBlockedByGates = gates
    .filter(isCounted)
    .some(({ verdict }) => blocks(verdict, { ...blocking, invalid: true }))
  return isBlockedByGates || dropped?.blocks === true
}

/** Anything but a plain pass of every limited metric of every gate that there was. */
export function isNews({ verdict, gates, context: { dropped } }: JobResult): boolean {
  const verdicts = gates.flatMap(({ metrics }) => metrics.map((metric) => metric.verdict))
  return verdict !== 'passed' || verdicts.includes('improved') || dropped !== undefined
}

/** Of the first gate, as action.yml says; sums over all where it says so; and of each gate as JSON. */
function figures(jobResult: JobResult) {
  const { gates, requests, spent } = jobResult
  const texts = reportTexts(jobResult)
  const every = gates.map((gate, position) => ({
    name: gate.gate,
    verdict: gate.verdict,
    headline: texts.gates[position]?.headline,
    ...figuresOf(gate),
    requests: gate.requests,
    'spent-usd': gate.spent.usd,
  }))
  const [first] = gates
  return {
    gates: JSON.stringify(every),
    ...(first === undefined ? {} : figuresOf(first)),
    requests,
    'spent-usd': spent.usd,
  }
}

function figuresOf(gate: GateResult) {
  return {
    'ttft-p50-ms': value(gate, 'ttft_p50'),
    'ttft-p95-ms': value(gate, 'ttft_p95'),
    'ttft-p99-ms': value(gate, 'ttft_p99'),
    'latency-p50-ms': value(gate, 'latency_p50'),
    'latency-p95-ms': value(gate, 'latency_p95'),
    'latency-p99-ms': value(gate, 'latency_p99'),
    'error-rate': value(gate, 'error_rate'),
    'cost-per-answer-usd': gate.perAnswerUsd,
  }
}

function value(gate: GateResult, id: string): number | undefined {
  const candidate = gate.metrics.find((metric) => metric.id === id)?.candidate
  return candidate !== undefined && Number.isFinite(candidate) ? candidate : undefined
}
