// What stands folded under a gate: charts, errors, what changed, why each verdict, how it was
// measured and what the baseline is. A part with nothing to say is left out.

import type { Confirmation, Effort } from '../../model/effort.ts'
import type { Block, Detail, Sentence, Table } from '../../model/report-document.ts'
import type { ErrorKind } from '../../model/request-record.ts'
import { type Conditions, type Cost, PROXY_MEMBER } from '../../model/run.ts'
import type { GateResult, MetricJudgement, ReportContext } from '../../model/verdict.ts'
import { POWER } from '../../stats/detectable-change.ts'
import * as format from '../format.ts'
import { code, say, strong } from '../phrase.ts'
import { charts } from './charts.ts'
import { invalidAnswerDetail } from './invalid-answers.ts'
import { worstFirst } from './lead-metric.ts'
import { reasonText } from './reason.ts'
import { memberChange, noteSentence, warningSentence } from './remarks.ts'

export function gateDetails(result: GateResult, context: ReportContext): readonly Detail[] {
  if (result.notAffected !== undefined) return []
  return [
    detail(
      say`Distribution and trend`,
      charts(result).map((chart) => ({ kind: 'chart', chart })),
    ),
    errorDetail(result),
    ...invalidAnswerDetail(result),
    detail(
      say`What changed in the subject`,
      list(result.subjectChanges.map((change) => memberChange(change))),
    ),
    detail(say`Why each verdict`, result.verdict === 'invalid' ? [] : reasonTable(result)),
    detail(say`How it was measured`, measured(result)),
    detail(say`Baseline`, list(baseline(result, context))),
  ].filter((part) => part.blocks.length > 0)
}

function detail(title: Sentence, blocks: readonly Block[]): Detail {
  return { title, blocks }
}

function list(items: readonly Sentence[]): readonly Block[] {
  return items.length === 0 ? [] : [{ kind: 'list', items }]
}

function errorDetail(result: GateResult): Detail {
  const kinds = Object.entries(result.errors).filter(([, count]) => count > 0)
  const failed = kinds.reduce((sum, [, count]) => sum + count, 0)
  const table: Table = {
    caption: 'Errors by kind',
    columns: [
      { title: say`Kind`, align: 'left' },
      { title: say`Requests`, align: 'right' },
      { title: say`For example`, align: 'left' },
    ],
    rows: kinds.map(([kind, count]) => ({
      keep: false,
      cells: [say`${code(kind)}`, say`${count}`, exampleOf(result, kind)],
    })),
  }
  return detail(
    say`Errors by kind (${failed} of ${format.count(result.requests, 'request')})`,
    failed === 0 ? [] : [{ kind: 'table', table }],
  )
}

function exampleOf({ errorExamples }: GateResult, kind: string): Sentence {
  const { status, detail } = errorExamples?.[kind as ErrorKind] ?? {}
  if (detail !== undefined) return say`${code(detail)}`
  return status === undefined ? say`–` : say`HTTP ${status}`
}

function reasonTable(result: GateResult): readonly Block[] {
  if (result.metrics.length === 0) return []
  const table: Table = {
    caption: 'Why each verdict',
    columns: [
      { title: say`Metric`, align: 'left' },
      { title: say`Because`, align: 'left' },
      { title: say`Requests`, align: 'right' },
      { title: say`Detects (${format.percent(POWER)} power)`, align: 'right' },
      { title: say`At best`, align: 'right' },
    ],
    rows: worstFirst(result.metrics).map((metric) => ({ keep: false, cells: reasonCells(metric) })),
  }
  return [{ kind: 'table', table }]
}

function reasonCells(metric: MetricJudgement): readonly Sentence[] {
  const { detectable } = metric
  const signed = (size: number | undefined): string =>
    size === undefined || !Number.isFinite(size) ? '–' : format.worsening(size, metric)
  return [
    say`${metric.label}`,
    say`${reasonText(metric)}`,
    say`${metric.requests}`,
    say`${signed(detectable?.at80)}`,
    say`${signed(detectable?.best)}`,
  ]
}

function measured(result: GateResult): readonly Block[] {
  const { conditions } = result
  const items = [
    requestsLine(result),
    ...(conditions === undefined || isImported(result) ? [] : conditionLines(conditions)),
    ...proxyLine(result),
    effortLine(result.effort),
    ...confirmationLine(result.effort),
    spendLine(result),
    ...result.warnings.map((warning) => say`${strong('Note:')} ${warningSentence(warning)}`),
  ]
  return [...list(items), ...members(result)]
}

function openingLine({ readyAfterMs, coldStartMs, ...warmup }: Conditions): readonly Sentence[] {
  const parts = [
    ...(readyAfterMs === undefined ? [] : [`ready after ${format.span(readyAfterMs)}`]),
    ...(coldStartMs === undefined
      ? []
      : [
          `the first answer, asked alone, had its first token after ${format.milliseconds(coldStartMs)}`,
        ]),
  ]
  const before =
    parts.length === 0 ? [] : [say`${strong('Before the warm-up:')} ${parts.join('; ')}.`]
  return [...before, ...warmthLine(warmup)]
}

/** Only where it became clearly warmer. */
const WARMER = 1.25

function warmthLine({
  warmupFirstMs = 0,
  warmupLastMs = 0,
  warmupRequests,
}: Pick<Conditions, 'warmupFirstMs' | 'warmupLastMs' | 'warmupRequests'>): readonly Sentence[] {
  if (warmupFirstMs <= WARMER * warmupLastMs) return []
  const fell = `${format.milliseconds(warmupFirstMs)} → ${format.milliseconds(warmupLastMs)}`
  return [
    say`${strong('Warm-up:')} warm after ${format.count(warmupRequests, 'request')}: first token ${fell}.`,
  ]
}

function proxyLine({ subject }: GateResult): readonly Sentence[] {
  const proxy = subject[PROXY_MEMBER]
  if (proxy === undefined) return []
  return [
    say`${strong('Proxy:')} the requests went through ${code(proxy)}, and the time on that way is in every number.`,
  ]
}

/** What another engine's client saw of itself is not in its file. */
function isImported({ warnings }: GateResult): boolean {
  return warnings.some(({ kind }) => kind === 'imported')
}

function requestsLine(result: GateResult): Sentence {
  const probes =
    result.probes === 0
      ? ''
      : `; ${result.probes} of the ${result.requests} ${result.probes === 1 ? 'is a first-token probe' : 'are first-token probes'}`
  const warmup = result.conditions?.warmupRequests
  const before =
    warmup === undefined
      ? ''
      : `; ${format.count(warmup, 'warm-up request')} before them ${warmup === 1 ? 'is' : 'are'} not counted`
  // Of an imported run the seed is another engine's, or nobody's.
  const isOurs = result.warnings.every(({ kind }) => kind !== 'imported')
  const seed = isOurs ? `; seed ${result.seed}` : ''
  return say`${strong('Requests:')} ${result.completed} of ${result.requests} completed${probes}${before}${seed}.`
}

function conditionLines(conditions: Conditions): readonly Sentence[] {
  const { achievedLoad, intendedLoad, freshConnections, measuredRequests } = conditions
  return [
    say`${strong('Load:')} ${rounded(achievedLoad)} reached of ${rounded(intendedLoad)} planned, over ${format.span(conditions.durationMs)}; at most ${conditions.peakInFlight} in flight; ${freshConnections} of ${measuredRequests} measured requests opened a connection.`,
    say`${strong('The client itself, p99:')} event loop ${format.milliseconds(conditions.eventLoopDelayP99Ms)} late, requests sent ${format.milliseconds(conditions.sendLatenessP99Ms)} late, ${format.milliseconds(conditions.clientQueueP99Ms)} from hand-over to written. None of it is in the latencies.`,
    ...openingLine(conditions),
    ...intendedLine(conditions),
  ]
}

/** Open loop: what falling behind the planned times would have hidden. */
function intendedLine(conditions: Conditions): readonly Sentence[] {
  const { ttftFromIntendedP50Ms: p50, ttftFromIntendedP99Ms: p99 } = conditions
  if (p50 === undefined || p99 === undefined) return []
  return [
    say`${strong('TTFT from the planned send times:')} p50 ${format.milliseconds(p50)}, p99 ${format.milliseconds(p99)}.`,
  ]
}

function effortLine(effort: Effort): Sentence {
  const added =
    effort.addedRequests === 0 ? '' : ` ${effort.addedRequests} requests were added to the plan.`
  return say`${strong('Reference arm:')} ${reference(effort)}.${added}`
}

function reference(effort: Effort): string {
  switch (effort.reference) {
    case 'none':
      return 'none'
    case 'same-as-candidate':
      return "none, as it would be the same endpoint with the same settings: a change cannot be told from the provider's drift"
    case 'not-needed':
      return 'not needed, the history decided'
    case 'measured':
      return `${format.count(effort.pairs, 'pair')} measured in alternation, ${format.count(effort.looks, 'look')}${differing(effort)}`
    case 'earlier':
      return earlierRun(effort)
    case 'no-budget':
      return 'not measured, the budget was spent'
    case 'void':
      return 'tried, and the client was too slow for the round to count'
    case 'failed':
      return 'tried, and it did not answer'
  }
}

function earlierRun(effort: Effort): string {
  const { earlier } = effort
  if (earlier === undefined) return 'a run that was measured earlier'
  const before = format.span(Math.max(0, earlier.beforeMs))
  const movement = format.percent(earlier.movement)
  return `a run that was measured ${before} before and not in alternation, one look; how much the endpoint moves in the meantime is counted in as a deviation of ${movement}${differing(effort)}`
}

function differing({ differs, differsLearntFrom: from }: Effort): string {
  if (differs === undefined) return ''
  const learnt =
    from === undefined ? '' : `, learnt from ${format.count(from, 'merged pull request')}`
  return `; two deployments of the same thing are assumed to differ by ${format.percent(differs)}${learnt}`
}

const CONFIRMATIONS: Readonly<Record<Confirmation, string>> = {
  confirmed: 'measured after a pause, it shows the fail again; the figures are those of both',
  'not-confirmed':
    'measured after a pause, it does not show the fail; the figures are those of both',
  'beyond-doubt': 'not needed, every third of this long run fails by itself',
  'no-budget': 'not measured, as the budget was too small: the fail rests on one measurement',
  void: 'tried, and it cannot be trusted: the fail rests on the first',
}

function confirmationLine({ confirmation }: Effort): readonly Sentence[] {
  if (confirmation === undefined) return []
  return [say`${strong('Second measurement:')} ${CONFIRMATIONS[confirmation]}.`]
}

function spendLine(result: GateResult): Sentence {
  const { perAnswerUsd } = result
  const perAnswer =
    perAnswerUsd === undefined
      ? ''
      : `, ${format.value(perAnswerUsd, 'USD')}${perAnswerUsd < 0.01 ? '' : ' per answer'}`
  return say`${strong('Spent:')} ${spent(result.spent)}${perAnswer}.`
}

export function spent(cost: Cost): string {
  if (cost.usd !== undefined) {
    return `${format.usd(cost.usd)}${cost.estimated ? ' (some token counts are estimates)' : ''}`
  }
  return cost.reason === 'usage-unknown'
    ? 'not known, the server reports no token usage'
    : 'not known, no prices are configured'
}

/** Subject and load shape, as they key the baseline. */
function members(result: GateResult): readonly Block[] {
  const rows = [
    ...Object.entries(result.subject).map((entry) => ['subject', ...entry] as const),
    ...Object.entries(result.loadShape).map((entry) => ['load', ...entry] as const),
  ]
  if (rows.length === 0) return []
  const table: Table = {
    caption: 'What was measured, and under which load',
    columns: [
      { title: say`Of`, align: 'left' },
      { title: say`Member`, align: 'left' },
      { title: say`Value`, align: 'left' },
    ],
    rows: rows.map(([of, member, text]) => ({
      keep: false,
      cells: [say`${of}`, say`${code(member)}`, say`${code(text)}`],
    })),
  }
  return [{ kind: 'table', table }]
}

function baseline(result: GateResult, context: ReportContext): readonly Sentence[] {
  const from = context.baseBranch === undefined ? [] : say` of ${code(context.baseBranch)}`
  const opening = say`${format.count(result.baselineRuns, 'run')}${from}, from ${result.baselinePlace}.`
  return [opening, ...result.notes.map((note) => noteSentence(note))]
}

function rounded(load: number): string {
  return String(Number(load.toPrecision(3)))
}
