// The one table of metrics: what each is called, its unit, which way is better, and how it is read
// from a record. A new metric is one row here. A metric id is a family, with a percentile where the
// family has one: ttft_p95, itl_p99.9, error_rate.

import type { RequestRecord } from './request-record.ts'
import { ttftMs } from './ttft.ts'

export const FAMILIES = [
  'ttft',
  'ttfot',
  'tpot',
  'itl',
  'latency',
  'error_rate',
  'cost_per_answer',
  'output_tokens',
  'output_tokens_per_second',
  'goodput',
] as const
export type MetricFamily = (typeof FAMILIES)[number]

/** Text as in a config: the family, then `_pNN` for a quantile family. */
export type MetricId = string

export type MetricUnit = 'ms' | 'USD' | 'ratio' | 'tokens' | 'tokens/s'

/**
 * quantile: a percentile of one value per request. mean: total over completed answers, compared on
 * the log scale. rate: events over requests, compared as a difference.
 */
export type Statistic = 'quantile' | 'mean' | 'rate'

export type MetricRow = {
  readonly family: MetricFamily
  readonly label: string
  readonly unit: MetricUnit
  readonly better: 'lower' | 'higher'
  readonly statistic: Statistic
  /** The requests that feed it: probes end at the first token and can say nothing of what follows. */
  readonly feeds: 'answers' | 'answers-and-probes'
  readonly definition: string
  /** One value, or several (itl), of a request that got that far; nothing of one that did not. */
  readonly read: (record: RequestRecord) => readonly number[]
}

const none: readonly number[] = []

function sinceSent(record: RequestRecord, at: number | undefined): readonly number[] {
  return at === undefined || record.sentMs === undefined ? none : [at - record.sentMs]
}

function ttft(record: RequestRecord): readonly number[] {
  const ms = ttftMs(record)
  return ms === undefined ? none : [ms]
}

function tokensAfterFirst(record: RequestRecord): number {
  return (record.usage?.outputTokens ?? 0) - 1
}

function timePerOutputToken(record: RequestRecord): readonly number[] {
  const { firstTokenMs, lastTokenMs } = record
  const tokens = tokensAfterFirst(record)
  if (record.kind === 'probe' || tokens < 1) return none
  if (firstTokenMs === undefined || lastTokenMs === undefined) return none
  return [(lastTokenMs - firstTokenMs) / tokens]
}

function answerLatency(record: RequestRecord): readonly number[] {
  if (record.outcome !== 'completed' || record.kind === 'probe') return none
  return sinceSent(record, record.endMs)
}

function outputTokens(record: RequestRecord): readonly number[] {
  if (record.outcome !== 'completed' || record.kind === 'probe') return none
  return record.usage === undefined ? none : [record.usage.outputTokens]
}

function outputTokensPerSecond(record: RequestRecord): readonly number[] {
  const [tokens] = outputTokens(record)
  const [latencyMs] = answerLatency(record)
  if (tokens === undefined || latencyMs === undefined || tokens < 1 || latencyMs <= 0) return none
  return [(tokens * 1000) / latencyMs]
}

export const METRICS: readonly MetricRow[] = [
  {
    family: 'ttft',
    label: 'TTFT',
    unit: 'ms',
    better: 'lower',
    statistic: 'quantile',
    feeds: 'answers-and-probes',
    definition: 'from the request written to the socket to the first token of any kind',
    read: ttft,
  },
  {
    family: 'ttfot',
    label: 'TTFOT',
    unit: 'ms',
    better: 'lower',
    statistic: 'quantile',
    feeds: 'answers',
    definition: 'from the request written to the socket to the first token that is not reasoning',
    read: (record) => sinceSent(record, record.firstOutputTokenMs),
  },
  {
    family: 'tpot',
    label: 'TPOT',
    unit: 'ms',
    better: 'lower',
    statistic: 'quantile',
    feeds: 'answers',
    definition: 'time from first to last token over the output tokens after the first',
    read: timePerOutputToken,
  },
  {
    family: 'itl',
    label: 'ITL',
    unit: 'ms',
    better: 'lower',
    statistic: 'quantile',
    feeds: 'answers',
    definition: 'gaps between socket reads that carried tokens, all answers pooled',
    read: (record) => (record.kind === 'probe' ? none : record.gapsMs),
  },
  {
    family: 'latency',
    label: 'Latency',
    unit: 'ms',
    better: 'lower',
    statistic: 'quantile',
    feeds: 'answers',
    definition: 'from the request written to the socket to the end of a completed answer',
    read: answerLatency,
  },
  {
    family: 'error_rate',
    label: 'Error rate',
    unit: 'ratio',
    better: 'lower',
    statistic: 'rate',
    feeds: 'answers-and-probes',
    definition: 'requests that did not complete over all measured requests',
    read: (record) => [record.outcome === 'completed' ? 0 : 1],
  },
  {
    family: 'cost_per_answer',
    label: 'Cost per answer',
    unit: 'USD',
    better: 'lower',
    statistic: 'mean',
    feeds: 'answers',
    definition: 'everything billed for answers, failures included, over completed answers',
    // Prices are not in the record: summarize joins them in.
    read: () => none,
  },
  {
    family: 'output_tokens',
    label: 'Output tokens',
    unit: 'tokens',
    better: 'lower',
    statistic: 'mean',
    feeds: 'answers',
    definition: 'mean output tokens of a completed answer',
    read: outputTokens,
  },
  {
    family: 'output_tokens_per_second',
    label: 'Output speed',
    unit: 'tokens/s',
    better: 'higher',
    statistic: 'quantile',
    feeds: 'answers',
    definition: 'median over completed answers of output tokens over latency',
    read: outputTokensPerSecond,
  },
  {
    family: 'goodput',
    label: 'Goodput',
    unit: 'ratio',
    better: 'higher',
    statistic: 'rate',
    feeds: 'answers',
    definition: "share of answers that complete within every one of the config's latency ceilings",
    // The ceilings are not in the record: summarize joins them in.
    read: () => none,
  },
]

/** Families whose id carries a percentile. The others name one number. */
export const PERCENTILE_FAMILIES: readonly MetricFamily[] = [
  'ttft',
  'ttfot',
  'tpot',
  'itl',
  'latency',
]

export function metricRow(family: MetricFamily): MetricRow {
  const row = METRICS.find((candidate) => candidate.family === family)
  if (row === undefined) throw new TypeError(`no row for the metric family ${family}`)
  return row
}

/** The families and percentiles a report always shows, limited or not. */
export const ALWAYS_SHOWN: readonly MetricId[] = [
  'ttft_p50',
  'ttft_p95',
  'ttft_p99',
  'error_rate',
  'cost_per_answer',
]

export type ParsedMetricId = {
  readonly id: MetricId
  readonly family: MetricFamily
  /** 0..1, absent for families without a percentile. output_tokens_per_second is a median: 0.5. */
  readonly quantile?: number
}

/**
 * Reads a metric id, or returns undefined for an unknown one.
 *
 *   id ::= percentile-family "_p" number | other-family       0 < number < 100
 */
export function parseMetricId(id: string): ParsedMetricId | undefined {
  const other = FAMILIES.find((family) => family === id && !PERCENTILE_FAMILIES.includes(family))
  if (other === 'output_tokens_per_second') return { id, family: other, quantile: 0.5 }
  if (other !== undefined) return { id, family: other }
  const match = /^([a-z]+)_p(\d{1,2}(?:\.\d{1,3})?)$/.exec(id)
  const family = PERCENTILE_FAMILIES.find((name) => name === match?.[1])
  const percentile = Number(match?.[2])
  if (family === undefined || !(percentile > 0)) return undefined
  return { id, family, quantile: Number((percentile / 100).toFixed(6)) }
}

/**
 * A limit's share of the error that one gate's limits have together, as a weight. What a short run
 * can know well has most of it: the median, then the tail. A percentile beyond the 97th has little
 * to gain from a few hundred requests, and failures come in bursts that no history knows fully; at
 * larger shares they would cost the others more than they find. Fixed by the kind of metric, never
 * by what was measured.
 */
export function errorWeight(metric: Pick<ParsedMetricId, 'family' | 'quantile'>): number {
  const { statistic } = metricRow(metric.family)
  if (statistic === 'rate') return 0.5
  if (statistic === 'mean' || metric.quantile === undefined) return 1
  if (metric.quantile <= 0.75) return 2
  return metric.quantile <= 0.97 ? 1.5 : 0.5
}
