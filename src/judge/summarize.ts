// A run as series to compare. This file owns the rules of failure: a request that the user would
// have waited for in vain ranks as slower than everything, a request refused at once is left out
// and counted, and no slow value is ever dropped.

import { answerKind, type Limit } from '../model/config.ts'
import type { MetricFamily, MetricRow } from '../model/metric.ts'
import { LATENCY_FAMILIES, METRICS } from '../model/metric.ts'
import type { ErrorKind, Outcome, RequestRecord } from '../model/request-record.ts'
import type { Run, Unknown } from '../model/run.ts'
import { courseOf } from '../model/server-metrics.ts'
import { type CostSeries, type Series, type Summary, unknownOf } from '../model/summary.ts'
import { ttftMs } from '../model/ttft.ts'
import { concerns } from '../model/turn-metrics.ts'
import { agreement } from '../stats/agreement.ts'
import { clumping } from '../stats/clumping.ts'

/** Ways to end that keep the user waiting: the truth is "longer than this". */
const WAITED_IN_VAIN: ReadonlySet<Outcome> = new Set([
  'timeout-connect',
  'timeout-first-token',
  'timeout-idle',
  'timeout-total',
  'truncated',
])

/** Probes that differ less than this cannot move a verdict: five percent. */
const HARMLESS = Math.log(1.05)

type Probes = NonNullable<Summary['probesDropped']>

/**
 * Makes the series of every metric family from a run's records. `limits` are needed for goodput
 * alone: an answer is good when it completes within every latency ceiling among them.
 *
 * Requests that we aborted ourselves say nothing of the endpoint: they are in `errors`, and in no
 * other number. Values that are not numbers (imports) are left out and counted; a family that the
 * imported file cannot say has no series at all.
 */
export function summarize(run: Run, limits: readonly Limit[]): Summary {
  const classNames = [...new Set(run.records.map((record) => record.promptClass))]
  const classOf = new Map(classNames.map((name, index) => [name, index]))
  const entries = run.records.map((record, position) => ({
    record,
    position,
    group: classOf.get(record.promptClass) ?? 0,
  }))
  const sent = entries.filter(({ record }) => record.outcome !== 'aborted')
  const dropped = disagreement(sent)
  const unknowns = unknownsOf(run, limits)
  const inputs = {
    entries: sent,
    classNames,
    withoutProbes: dropped !== undefined,
    unknowns,
    answers: answerKind(run.loadShape.api),
  }
  const goodput = goodputOf(sent, limits)
  const completed = count(sent, ({ record }) => record.outcome === 'completed')
  return {
    runId: run.id,
    startedAt: run.startedAt,
    commit: run.provenance.commit,
    ttftDefinition: run.ttftDefinition,
    loadShape: run.loadShape,
    loadShapeHash: run.loadShapeHash,
    subject: run.subject,
    requests: sent.length,
    completed,
    errors: errorsOf(run.records),
    failed: sent.length - completed,
    failedTogether: clumping(sent.map(({ record }) => record.outcome !== 'completed')),
    series: { ...allSeries(inputs), ...coldStartOf(run), ...serverSeries(run) },
    cost: costOf(run, sent),
    goodput,
    answers: answersOf(run, sent),
    probesDropped: dropped,
    unknowns,
  }
}

/** Goodput is unknown as soon as one of its ceilings is on something unknown. */
function unknownsOf(run: Run, limits: readonly Limit[]): readonly Unknown[] | undefined {
  const { unknowns } = run
  const bound = unknowns?.find(({ family }) => {
    const hasCeiling = limits.some(
      (limit) => limit.family === family && limit.ceiling !== undefined,
    )
    return family === 'error_rate' || (LATENCY_FAMILIES.includes(family) && hasCeiling)
  })
  if (unknowns === undefined || bound === undefined) return unknowns
  return [...unknowns, { family: 'goodput', what: bound.what }]
}

type Entry = {
  readonly record: RequestRecord
  readonly position: number
  readonly group: number
}

type SummaryInputs = {
  readonly entries: readonly Entry[]
  readonly classNames: readonly string[]
  readonly withoutProbes: boolean
  readonly unknowns: readonly Unknown[] | undefined
  readonly answers: ReturnType<typeof answerKind>
}

function count(entries: readonly Entry[], holds: (entry: Entry) => boolean): number {
  let total = 0
  for (const entry of entries) if (holds(entry)) total += 1
  return total
}

function errorsOf(records: readonly RequestRecord[]): Readonly<Partial<Record<ErrorKind, number>>> {
  const errors: Partial<Record<ErrorKind, number>> = {}
  for (const { outcome } of records) {
    if (outcome !== 'completed') errors[outcome] = (errors[outcome] ?? 0) + 1
  }
  return errors
}

function allSeries(inputs: SummaryInputs): Summary['series'] {
  const series: Partial<Record<MetricFamily, Series>> = {}
  const { unknowns = [] } = inputs
  for (const row of METRICS) {
    if (row.statistic === 'rate' || row.from !== 'record') continue
    if (row.of !== undefined && row.of !== inputs.answers) continue
    if (unknownOf({ unknowns }, row.family) !== undefined) continue
    const made = seriesOf(row, inputs)
    if (made.values.length > 0) series[row.family] = made
  }
  return series
}

/** One of a whole run, asked before it. */
function coldStartOf({ conditions: { coldStartMs } }: Run): Summary['series'] {
  if (coldStartMs === undefined) return {}
  const one = { values: [coldStartMs], classes: [0], classNames: ['cold start'] }
  return { cold_start: { ...one, leftOut: 0, of: 1 } }
}

/** One of a whole run each, as far as the server exports it. */
function serverSeries({ serverMetrics }: Run): Summary['series'] {
  if (serverMetrics === undefined) return {}
  const course = courseOf(serverMetrics)
  return Object.fromEntries(
    METRICS.flatMap(({ family, course: member }) => {
      const value = member && course[member]
      if (value === undefined || !Number.isFinite(value)) return []
      return [
        [family, { values: [value], classes: [0], classNames: ['server'], leftOut: 0, of: 1 }],
      ]
    }),
  )
}

function seriesOf(row: MetricRow, inputs: SummaryInputs): Series {
  const values: number[] = []
  const classes: number[] = []
  const requests: number[] = []
  let refused = 0
  let leftOut = 0
  let of = 0
  for (const { record, position, group } of inputs.entries) {
    if (record.kind === 'probe' && (inputs.withoutProbes || row.feeds === 'answers')) continue
    if (!concerns(row, record)) continue
    of += 1
    const read = valuesOf(row, record)
    for (const value of read) {
      values.push(value)
      classes.push(group)
      requests.push(position)
    }
    if (read.length > 0) continue
    leftOut += 1
    if (record.outcome !== 'completed') refused += 1
  }
  return {
    values,
    classes,
    classNames: inputs.classNames,
    leftOut,
    of,
    requests: isPooled(row) ? requests : undefined,
    ...(refused === 0 ? {} : { refused }),
  }
}

/** Several values of one request are not independent: whose each is has to be known. */
function isPooled({ statistic, paired }: MetricRow): boolean {
  return statistic === 'quantile' && !paired
}

function valuesOf(row: MetricRow, record: RequestRecord): readonly number[] {
  const read = row.read(record)
  const sound = read.every((value) => Number.isFinite(value) && value >= 0)
  const values = sound ? read : read.filter((value) => Number.isFinite(value) && value >= 0)
  if (values.length > 0 || !isRightCensored(row, record)) return values
  return [row.better === 'lower' ? Number.POSITIVE_INFINITY : 0]
}

/** Whether the value this record cannot give would have been worse than any that was seen. */
function isRightCensored({ unanswered }: MetricRow, { outcome }: RequestRecord): boolean {
  return unanswered === 'worst' && WAITED_IN_VAIN.has(outcome)
}

/** Cost of answers, failures included: probes are a tool of ours, no part of an answer's price. */
function costOf(run: Run, entries: readonly Entry[]): CostSeries {
  if (run.costUnknown !== undefined) return { known: false, reason: run.costUnknown }
  if (run.costsUsd.length === 0) return { known: false, reason: 'no-prices' }
  const answers = entries.filter(({ record }) => record.kind === 'answer')
  const perRequestUsd = answers.map(({ position }) => run.costsUsd[position] ?? Number.NaN)
  if (perRequestUsd.some((usd) => !Number.isFinite(usd))) {
    return { known: false, reason: 'usage-unknown' }
  }
  return {
    known: true,
    perRequestUsd,
    classes: answers.map(({ group }) => group),
    completed: count(answers, ({ record }) => isCounted(run, record)),
    estimated: answers.some(({ record }) => record.usage?.source === 'estimated'),
  }
}

/** Where only valid answers count, one that could not be checked is not known to be invalid. */
function isCounted({ costPer }: Run, { outcome, validity }: RequestRecord): boolean {
  if (outcome !== 'completed') return false
  return costPer === undefined || validity === undefined || validity === 'valid'
}

function answersOf(run: Run, entries: readonly Entry[]): Summary['answers'] {
  const checked = entries.flatMap(({ record }) => record.validity ?? [])
  if (checked.length === 0) return undefined
  const wrong = checked.map((validity) => validity !== 'valid')
  return {
    events: wrong.filter(Boolean).length,
    trials: checked.length,
    together: clumping(wrong),
    expectation: run.expectation,
  }
}

function goodputOf(
  entries: readonly Entry[],
  limits: readonly Limit[],
): { readonly good: number; readonly of: number } | undefined {
  const ceilings = METRICS.flatMap((row) => {
    if (!LATENCY_FAMILIES.includes(row.family)) return []
    const stated = limits.filter((limit) => limit.family === row.family)
    const values = stated.flatMap((limit) => limit.ceiling ?? [])
    return values.length === 0 ? [] : [{ row, ceiling: Math.min(...values) }]
  })
  const answers = entries.filter(({ record }) => record.kind === 'answer')
  if (ceilings.length === 0 || answers.length === 0) return undefined
  const good = count(answers, ({ record }) => {
    if (record.outcome !== 'completed') return false
    const bounds = ceilings.filter(({ row }) => concerns(row, record))
    return bounds.every(({ row, ceiling }) => row.read(record).every((value) => value <= ceiling))
  })
  return { good, of: answers.length }
}

/** Compares first-token probes with full answers, class by class; undefined where they agree. */
function disagreement(entries: readonly Entry[]): Probes | undefined {
  const logs = (kind: RequestRecord['kind']) => {
    const groups: number[][] = []
    for (const { record, group } of entries) {
      if (record.kind !== kind) continue
      const value = ttftMs(record)
      if (value === undefined || !(value > 0)) continue
      groups[group] ??= []
      groups[group].push(Math.log(value))
    }
    return groups
  }
  const found = agreement(logs('probe'), logs('answer'))
  if (found === undefined) return undefined
  const { value, low, high } = found
  const clear = low > 0 || high < 0
  if (!clear || Math.abs(value) < HARMLESS) return undefined
  return { ratio: Math.exp(value), low: Math.exp(low), high: Math.exp(high) }
}
