// One metric as the parts of this stage see it, and how its limit reads on the scale of the test,
// where positive is always worse.

import type { Limit } from '../../model/config.ts'
import type { MetricRow, ParsedMetricId } from '../../model/metric.ts'
import type { Series, Summary } from '../../model/summary.ts'
import type { Values } from '../../stats/sample.ts'

export type Metric = ParsedMetricId & {
  readonly row: MetricRow
  readonly limit: Limit | undefined
  /** Level that counts the other limited metrics in, for what can be detected. */
  readonly level: number
}

export type Thresholds = { readonly threshold: number; readonly mustDetect: number }

/**
 * Log scale: an increase of w is log(1 + w), a decrease log(1/(1 - w)); the absolute floor counts
 * as well and both must be exceeded, so the larger one is the threshold. A pass has to rule out at
 * least what would be a fail.
 */
export function ratioThresholds({ row, limit }: Metric, baseline: number): Thresholds | undefined {
  if (limit?.worsening === undefined) return undefined
  const toLog = (share: number) =>
    row.better === 'lower'
      ? Math.log1p(share)
      : share < 1
        ? -Math.log1p(-share)
        : Number.POSITIVE_INFINITY
  const threshold = Math.max(toLog(limit.worsening), toLog(limit.floor / baseline))
  return { threshold, mustDetect: Math.max(threshold, toLog(limit.mustDetect)) }
}

export function rateThresholds({ limit }: Metric): Thresholds | undefined {
  if (limit?.worsening === undefined) return undefined
  const threshold = Math.max(limit.worsening, limit.floor)
  return { threshold, mustDetect: Math.max(threshold, limit.mustDetect) }
}

/** A worsening on the log scale as a change in the metric's own direction. */
export function naturalRatio({ row }: Metric, worsening: number): number {
  return Math.expm1(row.better === 'lower' ? worsening : -worsening)
}

export function naturalDifference({ row }: Metric, worsening: number): number {
  return row.better === 'lower' ? worsening : -worsening
}

/** Best first, whatever the metric. */
export function orderedRatio(metric: Metric, low: number, high: number): [number, number] {
  const ends = [naturalRatio(metric, low), naturalRatio(metric, high)] as const
  return ends[0] <= ends[1] ? [ends[0], ends[1]] : [ends[1], ends[0]]
}

export function orderedDifference(metric: Metric, low: number, high: number): [number, number] {
  return metric.row.better === 'lower' ? [low, high] : [-high, -low]
}

const mirrored = new WeakMap<readonly number[], Values>()

/** The metric's series turned so that larger is worse: tokens a second become ms a token. */
export function valuesOf({ row, family }: Metric, summary: Summary): Values | undefined {
  const series = summary.series[family]
  if (series === undefined) return undefined
  if (row.better === 'lower') return series
  const before = mirrored.get(series.values)
  if (before !== undefined) return before
  const made = { ...series, values: series.values.map(mirror) }
  mirrored.set(series.values, made)
  return made
}

export function seriesOf({ family }: Metric, summary: Summary): Series | undefined {
  return summary.series[family]
}

/** Its own inverse: 25 tokens/s is 40 ms a token. */
export function mirror(value: number): number {
  return 1000 / value
}

/** A turned value in the metric's unit again. */
export function inUnit({ row }: Metric, value: number): number {
  return row.better === 'lower' ? value : mirror(value)
}

/** Smallest sample that can show the percentile is too high: two values expected beyond it. */
export function needsToFail(q: number): number {
  return Math.max(20, Math.ceil(Number((2 / (1 - q)).toFixed(6))))
}

/** Smallest sample whose maximum lies above the percentile with 95 %: q^n <= 0.05. */
export function needsToPass(q: number): number {
  return Math.max(20, Math.ceil(Number((Math.log(0.05) / Math.log(q)).toFixed(6))))
}

/** Requests that means and rates need before anything is said of them. */
export const FEWEST = 20
