// A run as numbers to compare: samples are kept, nothing is averaged away.

import type { LoadShape, Subject } from './config.ts'
import type { MetricFamily } from './metric.ts'
import type { ErrorKind } from './request-record.ts'
import type { Unknown } from './run.ts'

/**
 * One value per request, in plan order. A request that was cut before its first token, or timed out,
 * is +Infinity ("slower than everything"); a fast refusal is left out and counted.
 */
export type Series = {
  readonly values: readonly number[]
  /** Stratum of each value: an index into `classNames`, same length as `values`. */
  readonly classes: readonly number[]
  readonly classNames: readonly string[]
  /**
   * The request each value belongs to, where one request gives several (itl): those resemble each
   * other and are not counted as independent. Absent: one value per request.
   */
  readonly requests?: readonly number[]
  /** Fast refusals among `leftOut`. Absent = none. */
  readonly refused?: number
  /** Requests left out: fast refusals, or nothing to read. */
  readonly leftOut: number
  /** All requests that could have fed it. */
  readonly of: number
}

export type CostSeries =
  | {
      readonly known: true
      /** Cost of each answer request (not probes), failures included, USD, plan order. */
      readonly perRequestUsd: readonly number[]
      readonly classes: readonly number[]
      readonly completed: number
      readonly estimated: boolean
    }
  | { readonly known: false; readonly reason: 'no-prices' | 'usage-unknown' }

export type Summary = {
  readonly runId: string
  readonly startedAt: string
  readonly commit?: string
  readonly ttftDefinition: string
  readonly loadShape: LoadShape
  readonly loadShapeHash: string
  readonly subject: Subject
  readonly requests: number
  readonly completed: number
  readonly errors: Readonly<Partial<Record<ErrorKind, number>>>
  /** Failed over all requests (answers and probes). */
  readonly failed: number
  /** How many of them make one occasion: failures of one bad minute are one. Absent = 1. */
  readonly failedTogether?: number
  /** Quantile and mean families that have at least one value. */
  readonly series: Readonly<Partial<Record<MetricFamily, Series>>>
  readonly cost: CostSeries
  /** Answers that met every latency ceiling, of all answers. Absent without latency ceilings. */
  readonly goodput?: { readonly good: number; readonly of: number }
  /** Completed answers that were checked against what their prompts expect. Absent where none was. */
  readonly answers?: EventCount & {
    /** Digest of what was expected: rates by different ones are different numbers. */
    readonly expectation?: string
  }
  /** Why probes were left out of `series`, when they were. */
  readonly probesDropped?: { readonly ratio: number; readonly low: number; readonly high: number }
  /** What an imported file cannot say. Absent for runs of our own. */
  readonly unknowns?: readonly Unknown[]
}

/** What the file this run was imported from cannot say of a family; undefined where it can. */
export function unknownOf(
  { unknowns }: Pick<Summary, 'unknowns'>,
  family: MetricFamily,
): string | undefined {
  return unknowns?.find((unknown) => unknown.family === family)?.what
}

/** Values whose total over `divisor` is a metric of the `mean` kind; undefined where unknown. */
export type Total = {
  readonly values: readonly number[]
  readonly classes: readonly number[]
  readonly divisor: number
}

export function totalOf(summary: Summary, family: MetricFamily): Total | undefined {
  if (family === 'cost_per_answer') {
    const { cost } = summary
    if (!cost.known || cost.completed === 0) return undefined
    return { values: cost.perRequestUsd, classes: cost.classes, divisor: cost.completed }
  }
  const series = summary.series[family]
  if (series === undefined || series.values.length === 0) return undefined
  return { values: series.values, classes: series.classes, divisor: series.values.length }
}

/** Everything billed over completed answers, USD; undefined where unknown or nothing completed. */
export function costPerAnswerUsd(summary: Summary): number | undefined {
  const total = totalOf(summary, 'cost_per_answer')
  return total && total.values.reduce((sum, usd) => sum + usd, 0) / total.divisor
}

/** Bad events over requests, for metrics of the `rate` kind: goodput counts what was not good,
 * answer validity what was not valid. */
export type EventCount = {
  readonly events: number
  readonly trials: number
  /** How many events make one occasion, where they fall together. Absent = 1. */
  readonly together?: number
}

export function badEventsOf(summary: Summary, family: MetricFamily): EventCount | undefined {
  if (family === 'goodput') {
    const { goodput } = summary
    if (goodput === undefined || goodput.of === 0) return undefined
    return { events: goodput.of - goodput.good, trials: goodput.of }
  }
  if (family === 'answer_validity') return summary.answers
  const { failed, requests, failedTogether } = summary
  if (requests === 0) return undefined
  return { events: failed, trials: requests, together: failedTogether }
}
