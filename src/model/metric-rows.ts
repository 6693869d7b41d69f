// The one table of metrics: what each is called, its unit, which way is better, and how it is read
// from a record. A new metric is one row here.

import {
  answerLatency,
  itemsPerSecond,
  none,
  outputTokens,
  outputTokensPerSecond,
  sinceSent,
  timePerOutputToken,
  ttft,
} from './metric-values.ts'
import type { RequestRecord } from './request-record.ts'
import { SERVER_ROWS } from './server-metric-rows.ts'
import type { ServerCourse } from './server-metrics.ts'

export type MetricUnit = 'ms' | 'USD' | 'ratio' | 'tokens' | 'tokens/s' | 'items/s' | 'count'

/**
 * quantile: a percentile of one value per request. mean: total over completed answers, compared on
 * the log scale. rate: events over requests, compared as a difference.
 * single: one number of the whole run, compared with those of other runs.
 */
export type Statistic = 'quantile' | 'mean' | 'rate' | 'single'

/** Everything that is particular to one metric. Schemas and sentences follow from it. */
export type MetricRowOf<Family extends string> = {
  readonly family: Family
  readonly label: string
  /** How a change is spoken of: `21 % slower`. */
  readonly words: { readonly more: string; readonly less: string; readonly verb: 'is' | 'are' }
  readonly unit: MetricUnit
  readonly better: 'lower' | 'higher'
  readonly statistic: Statistic
  /** Whether the id says which percentile (`ttft_p95`). A quantile that does not is the median. */
  readonly percentiles: boolean
  /** The requests that feed it: probes end at the first token and can say nothing of what follows. */
  readonly feeds: 'answers' | 'answers-and-probes' | 'cold-start' | 'server'
  /** The turns of a conversation that it is about. Absent = every request. */
  readonly turns?: 'first' | 'later'
  /** Whose answers have it: of tokens, or of items (vectors, rankings). Absent = both. */
  readonly of?: 'tokens' | 'items'
  /** What a request is to it that was waited for and never answered: slower than everything (right-
   * censored), or nothing. */
  readonly unanswered: 'worst' | 'nothing'
  /** Whether two arms' requests of one pair are compared one by one; else as two samples. */
  readonly paired: boolean
  /** Where its values are: in the record, or joined in by `summarize`. */
  readonly from: 'record' | 'prices' | 'ceilings' | 'conditions' | 'server'
  /** Of `from: server`: which number of its course. */
  readonly course?: keyof ServerCourse
  /** The worsening that a pass has to rule out where the config says nothing, on the metric's own
   * scale. Absent for quantiles: it follows from the percentile. */
  readonly mustDetect?: number
  readonly definition: string
  /** One value, or several (itl), of a request that got that far; nothing of one that did not. */
  readonly read: (record: RequestRecord) => readonly number[]
}

const SLOWNESS = {
  words: { more: 'slower', less: 'faster', verb: 'is' },
  unit: 'ms',
  better: 'lower',
  statistic: 'quantile',
  percentiles: true,
} as const

/** A time that somebody waits for: an answer that never came ranks as slower than everything. */
const AWAITED = { ...SLOWNESS, unanswered: 'worst', paired: true, from: 'record' } as const

export const ROWS = [
  {
    family: 'ttft',
    label: 'TTFT',
    ...AWAITED,
    feeds: 'answers-and-probes',
    of: 'tokens',
    definition: 'from the request written to the socket to the first token of any kind',
    read: ttft,
  },
  {
    family: 'first_turn_ttft',
    label: 'First-turn TTFT',
    ...AWAITED,
    feeds: 'answers',
    turns: 'first',
    of: 'tokens',
    definition: 'TTFT of the first turns of conversations',
    read: ttft,
  },
  {
    family: 'later_turn_ttft',
    label: 'Later-turn TTFT',
    ...AWAITED,
    feeds: 'answers',
    turns: 'later',
    of: 'tokens',
    definition: 'TTFT of the turns after the first of conversations',
    read: ttft,
  },
  {
    family: 'ttfot',
    label: 'TTFOT',
    ...AWAITED,
    feeds: 'answers',
    of: 'tokens',
    definition: 'from the request written to the socket to the first token that is not reasoning',
    read: (record) => sinceSent(record, record.firstOutputTokenMs),
  },
  {
    family: 'tpot',
    label: 'TPOT',
    ...SLOWNESS,
    feeds: 'answers',
    of: 'tokens',
    unanswered: 'nothing',
    paired: true,
    from: 'record',
    definition: 'time from first to last token over the output tokens after the first',
    read: timePerOutputToken,
  },
  {
    family: 'itl',
    label: 'ITL',
    ...SLOWNESS,
    feeds: 'answers',
    of: 'tokens',
    unanswered: 'nothing',
    paired: false,
    from: 'record',
    definition: 'gaps between socket reads that carried tokens, all answers pooled',
    read: (record) => (record.kind === 'probe' ? none : record.gapsMs),
  },
  {
    family: 'latency',
    label: 'Latency',
    ...AWAITED,
    feeds: 'answers',
    definition: 'from the request written to the socket to the end of a completed answer',
    read: answerLatency,
  },
  {
    family: 'error_rate',
    label: 'Error rate',
    words: { more: 'higher', less: 'lower', verb: 'is' },
    unit: 'ratio',
    better: 'lower',
    statistic: 'rate',
    percentiles: false,
    feeds: 'answers-and-probes',
    unanswered: 'nothing',
    paired: false,
    from: 'record',
    mustDetect: 0.02,
    definition: 'requests that did not complete over all measured requests',
    read: (record) => [record.outcome === 'completed' ? 0 : 1],
  },
  {
    family: 'answer_validity',
    label: 'Answer validity',
    words: { more: 'higher', less: 'lower', verb: 'is' },
    unit: 'ratio',
    better: 'higher',
    statistic: 'rate',
    percentiles: false,
    feeds: 'answers',
    of: 'tokens',
    unanswered: 'nothing',
    paired: false,
    from: 'record',
    mustDetect: 0.05,
    definition: 'share of completed answers that are what their prompts expect',
    read: ({ validity }) => (validity === undefined ? none : [validity === 'valid' ? 0 : 1]),
  },
  {
    family: 'cost_per_answer',
    label: 'Cost per answer',
    words: { more: 'more expensive', less: 'cheaper', verb: 'is' },
    unit: 'USD',
    better: 'lower',
    statistic: 'mean',
    percentiles: false,
    feeds: 'answers',
    unanswered: 'nothing',
    paired: false,
    from: 'prices',
    mustDetect: 0.1,
    definition: 'everything billed for answers, failures included, over completed answers',
    // Prices are not in the record: summarize joins them in.
    read: () => none,
  },
  {
    family: 'output_tokens',
    label: 'Output tokens',
    words: { more: 'higher', less: 'lower', verb: 'are' },
    unit: 'tokens',
    better: 'lower',
    statistic: 'mean',
    percentiles: false,
    feeds: 'answers',
    of: 'tokens',
    unanswered: 'nothing',
    paired: false,
    from: 'record',
    mustDetect: 0.1,
    definition: 'mean output tokens of a completed answer',
    read: outputTokens,
  },
  {
    family: 'output_tokens_per_second',
    label: 'Output speed',
    words: { more: 'faster', less: 'slower', verb: 'is' },
    unit: 'tokens/s',
    better: 'higher',
    statistic: 'quantile',
    percentiles: false,
    feeds: 'answers',
    of: 'tokens',
    unanswered: 'worst',
    paired: true,
    from: 'record',
    definition: 'median over completed answers of output tokens over latency',
    read: outputTokensPerSecond,
  },
  {
    family: 'items_per_second',
    label: 'Item speed',
    words: { more: 'faster', less: 'slower', verb: 'is' },
    unit: 'items/s',
    better: 'higher',
    statistic: 'quantile',
    percentiles: false,
    feeds: 'answers',
    of: 'items',
    unanswered: 'worst',
    paired: true,
    from: 'record',
    definition: 'median over completed answers of vectors or rankings over latency',
    read: itemsPerSecond,
  },
  {
    family: 'goodput',
    label: 'Goodput',
    words: { more: 'higher', less: 'lower', verb: 'is' },
    unit: 'ratio',
    better: 'higher',
    statistic: 'rate',
    percentiles: false,
    feeds: 'answers',
    unanswered: 'nothing',
    paired: false,
    from: 'ceilings',
    mustDetect: 0.05,
    definition: "share of answers that complete within every one of the config's latency ceilings",
    // The ceilings are not in the record: summarize joins them in.
    read: () => none,
  },
  {
    family: 'cold_start',
    label: 'Cold start',
    ...SLOWNESS,
    statistic: 'single',
    percentiles: false,
    feeds: 'cold-start',
    unanswered: 'nothing',
    paired: false,
    from: 'conditions',
    mustDetect: 1,
    definition: 'first token of the first answer after readiness, or after an idle time',
    read: () => none,
  },
  ...SERVER_ROWS,
] as const satisfies readonly MetricRowOf<string>[]
