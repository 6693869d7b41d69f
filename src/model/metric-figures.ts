// A metric's values and how it changed: what its comparison finds is what its judgement shows.

import type { Limit } from './config.ts'
import type { MetricId, MetricUnit } from './metric.ts'

export type MetricFigures = {
  readonly id: MetricId
  readonly label: string
  readonly unit: MetricUnit
  readonly better: 'lower' | 'higher'
  /** `ratio`: change and interval are ratios minus one; `difference`: plain differences. */
  readonly scale: 'ratio' | 'difference'
  /** In the metric's unit. Absent when there is none. +Infinity when failures reach the quantile. */
  readonly baseline?: number
  readonly candidate?: number
  /** The candidate's value over requests that succeeded only, where failures moved it. */
  readonly survivorsOnly?: number
  readonly change?: number
  /** Two-sided at `INTERVAL_LEVEL`, whatever looks and limits share the allowed error. */
  readonly interval?: readonly [number, number]
  /** Absent when the metric has no limit. */
  readonly limit?: Limit
  /** Requests behind the candidate's value, and runs behind the baseline's. */
  readonly requests: number
  readonly history: number
}
