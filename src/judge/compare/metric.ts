// One metric as the parts of this stage see it, between its own unit and direction and the scale of
// the tests, where positive is always worse.

import type { MetricComparison, RelativeTest } from '../../model/comparison.ts'
import type { Limit } from '../../model/config.ts'
import type { MetricRow, ParsedMetricId } from '../../model/metric.ts'
import type { Summary } from '../../model/summary.ts'
import type { RecordedValues } from '../../stats/quantile-baseline.ts'
import { mirror, mirrored, type Values } from '../../stats/sample.ts'
import * as scale from '../../stats/threshold.ts'

export type Metric = ParsedMetricId & {
  readonly row: MetricRow
  readonly limit: Limit | undefined
  /** Level that counts the other limited metrics in, for what can be detected. */
  readonly level: number
  /** A pass may rule out what this look resolves, instead of a stated worsening. */
  readonly auto: boolean
}

/** What must be exceeded to fail and ruled out to pass; `auto`: what the run can rule out will do. */
export type Bounds = scale.Thresholds & { readonly auto: boolean }

/** `baseline` on the turned scale: larger is worse. Undefined without a relative limit. */
export function ratioBounds(metric: Metric, baseline: number): Bounds | undefined {
  const { limit, row } = metric
  if (limit?.worsening === undefined) return undefined
  const { worsening, floor, mustDetect } = limit
  const tolerance = { worsening, floor, mustDetect }
  const thresholds = scale.ratioThresholds(tolerance, inUnit(metric, baseline), row.better)
  return { ...thresholds, auto: metric.auto }
}

export function rateBounds({ limit, auto }: Metric): Bounds | undefined {
  if (limit?.worsening === undefined) return undefined
  const { worsening, floor, mustDetect } = limit
  return { ...scale.rateThresholds({ worsening, floor, mustDetect }), auto }
}

/** A worsening on the log scale as a change in the metric's own direction. */
export function naturalRatio({ row }: Metric, worsening: number): number {
  return Math.expm1(row.better === 'lower' ? worsening : -worsening)
}

export function naturalDifference({ row }: Metric, worsening: number): number {
  return row.better === 'lower' ? worsening : -worsening
}

/** Smaller end first, whatever the metric. */
export function orderedRatio(metric: Metric, low: number, high: number): [number, number] {
  return metric.row.better === 'lower'
    ? [naturalRatio(metric, low), naturalRatio(metric, high)]
    : [naturalRatio(metric, high), naturalRatio(metric, low)]
}

export function orderedDifference(metric: Metric, low: number, high: number): [number, number] {
  return metric.row.better === 'lower' ? [low, high] : [-high, -low]
}

/** A worsening and its ends as they are shown. */
export function ratioChange(
  metric: Metric,
  { difference, interval }: Pick<RelativeTest, 'difference' | 'interval'>,
): Pick<MetricComparison, 'change' | 'interval'> {
  return {
    change: naturalRatio(metric, difference),
    interval: orderedRatio(metric, ...interval),
  }
}

/** The metric's series turned so that larger is worse. */
export function valuesOf({ row, family }: Metric, summary: Summary): Values | undefined {
  const series = summary.series[family]
  if (series === undefined || series.values.length === 0) return undefined
  return row.better === 'lower' ? series : mirrored(series)
}

/** The same with the moment of the run. */
export function recordedValues(metric: Metric, summary: Summary): RecordedValues | undefined {
  const values = valuesOf(metric, summary)
  return values && { ...values, at: Date.parse(summary.startedAt) }
}

/** A turned value in the metric's unit again. */
export function inUnit({ row }: Metric, value: number): number {
  return row.better === 'lower' || row.statistic !== 'quantile' ? value : mirror(value)
}
