// One metric of two gates that were measured in the same minutes, as the log of one over the other.

import { MEDIAN, metricRow } from '../../model/metric.ts'
import type { ShareLimit } from '../../model/share.ts'
import type { Summary } from '../../model/summary.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import type { Difference } from '../../stats/difference.ts'
import { lowerBound, upperBound } from '../../stats/difference.ts'
import { designOf, inflationOf, statisticOf } from '../../stats/quantile-baseline.ts'
import { sampleOf } from '../../stats/sample.ts'
import { FEWEST, fewestToFail, fewestToPass } from '../../stats/threshold.ts'
import { meanOf } from './mean.ts'
import { inUnit, type Metric, valuesOf } from './metric.ts'

export type ShareTest = {
  readonly own: number
  readonly other: number
  /** Log ratio beyond the limit, positive = worse, with its one-sided bounds. */
  readonly beyond: number
  readonly lower: number
  readonly upper: number
  /** Of the share itself, two-sided at `INTERVAL_LEVEL`. */
  readonly interval: readonly [number, number]
  readonly has: number
  readonly needsToFail: number
  readonly needsToPass: number
}

/**
 *   D = y_own - y_other - log(limit);   SE^2 = phi (lo_own + up_other)  to fail, the other sides to pass
 *
 * Nothing is added for what two runs differ by: both gates are of one run. On the turned scale, where
 * positive is worse. `level` is the one-sided error of either claim. Undefined where one of the two
 * has no value, or failures reach it.
 */
export function compareShare(
  limit: ShareLimit,
  gates: { readonly own: Summary; readonly other: Summary },
  level: number,
): ShareTest | undefined {
  const { family, quantile } = limit
  const row = metricRow(family)
  const metric: Metric = {
    id: limit.metric,
    family,
    quantile,
    row,
    limit: undefined,
    level,
    auto: false,
  }
  const found = row.statistic === 'mean' ? ofMeans(metric, gates) : ofQuantiles(metric, gates)
  if (found === undefined) return undefined
  const { difference, own, other, ...counts } = found
  const bound = row.better === 'lower' ? Math.log(limit.share) : -Math.log(limit.share)
  const [low, high] = [lowerBound(difference, level), upperBound(difference, level)]
  const share = (log: number) => Math.exp(row.better === 'lower' ? log : -log)
  const shown = [lowerBound(difference, ALPHA), upperBound(difference, ALPHA)].map(share)
  const ends = shown.sort((a, b) => a - b)
  return {
    own,
    other,
    ...counts,
    beyond: difference.value - bound,
    lower: low - bound,
    upper: high - bound,
    interval: [ends[0] ?? 0, ends[1] ?? 0],
  }
}

type Found = Pick<ShareTest, 'own' | 'other' | 'has' | 'needsToFail' | 'needsToPass'> & {
  readonly difference: Difference
}

type Gates = { readonly own: Summary; readonly other: Summary }

function ofQuantiles(metric: Metric, gates: Gates): Found | undefined {
  const q = metric.quantile ?? MEDIAN
  const values = { own: valuesOf(metric, gates.own), other: valuesOf(metric, gates.other) }
  if (values.own === undefined || values.other === undefined) return undefined
  const samples = { own: sampleOf(values.own), other: sampleOf(values.other) }
  // Two gates ask different prompts: each has the classes of its own design.
  const own = statisticOf(samples.own, q, designOf([values.own]))
  const other = statisticOf(samples.other, q, designOf([values.other]))
  if (!Number.isFinite(own.value) || !Number.isFinite(other.value)) return undefined
  const inflation = inflationOf([samples.own, samples.other], q)
  const has = Math.min(samples.own.finite, samples.other.finite)
  return {
    own: inUnit(metric, Math.exp(own.value)),
    other: inUnit(metric, Math.exp(other.value)),
    difference: {
      value: own.value - other.value,
      low: Math.sqrt(inflation * (own.low + other.up)),
      up: Math.sqrt(inflation * (own.up + other.low)),
      df: Math.max(1, has - 1),
    },
    has,
    needsToFail: fewestToFail(q),
    needsToPass: fewestToPass(q, ALPHA),
  }
}

function ofMeans(metric: Metric, gates: Gates): Found | undefined {
  const own = meanOf(metric, gates.own)
  const other = meanOf(metric, gates.other)
  if (own === undefined || other === undefined) return undefined
  const error = Math.sqrt(own.variance + other.variance)
  const has = Math.min(own.count, other.count)
  return {
    own: Math.exp(own.value),
    other: Math.exp(other.value),
    difference: { value: own.value - other.value, low: error, up: error, df: Math.max(1, has - 1) },
    has,
    needsToFail: FEWEST,
    needsToPass: FEWEST,
  }
}
