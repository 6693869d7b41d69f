// The limits of a gate that states none, and what a pass has to rule out where a limit does not say.
// Documented in the schema; the numbers' reasons are in docs/statistics.md and docs/decisions.

import type { Limit } from '../../model/config.ts'
import type { MetricFamily } from '../../model/metric.ts'
import type { RawPrices } from './raw-config.ts'

/**
 * Fewest requests with which a quantile can pass: with fewer, even no request beyond the limit does
 * not rule out, at 95 %, that more than 1 - q of them lie there.
 *
 *   n = ceil(ln 0.05 / ln q), at least 20          p50 20, p90 29, p95 59, p99 299
 */
export function fewestToPass(quantile: number): number {
  return Math.max(20, Math.ceil(Math.log(0.05) / Math.log(quantile)))
}

/** A p99 is gated only from as many samples on as it needs to pass; below it is shown. */
export function defaultLimits(gate: {
  /** Requests and probes. */
  readonly samples: number
  readonly prices: RawPrices | undefined
}): readonly Limit[] {
  const p99 = gate.samples >= fewestToPass(0.99) ? [TTFT_P99] : []
  return [TTFT_P50, TTFT_P95, ...p99, ERROR_RATE, ...costLimits(gate.prices)]
}

const TTFT_P50: Limit = {
  metric: 'ttft_p50',
  family: 'ttft',
  quantile: 0.5,
  worsening: 0.1,
  floor: 20,
  mustDetect: 0.2,
  stated: false,
}

const TTFT_P95: Limit = {
  metric: 'ttft_p95',
  family: 'ttft',
  quantile: 0.95,
  worsening: 0.15,
  floor: 50,
  mustDetect: 0.3,
  stated: false,
}

const TTFT_P99: Limit = {
  metric: 'ttft_p99',
  family: 'ttft',
  quantile: 0.99,
  worsening: 0.25,
  floor: 100,
  mustDetect: 0.5,
  stated: false,
}

const ERROR_RATE: Limit = {
  metric: 'error_rate',
  family: 'error_rate',
  worsening: 0.01,
  floor: 0,
  ceiling: 0.05,
  mustDetect: 0.02,
  stated: false,
}

/** Tokens are counted, so their cost hardly varies; GPU hours are time, and vary as latency does. */
function costLimits(prices: RawPrices | undefined): readonly Limit[] {
  if (prices === undefined) return []
  const isTime = prices.gpu_hour !== undefined
  return [
    {
      metric: 'cost_per_answer',
      family: 'cost_per_answer',
      worsening: isTime ? 0.1 : 0.05,
      floor: 0,
      mustDetect: isTime ? 0.2 : 0.1,
      stated: false,
    },
  ]
}

/** Quantile and the worsening a pass rules out, from which the others are interpolated. */
const BY_QUANTILE: readonly (readonly [number, number])[] = [
  [0.5, 0.2],
  [0.9, 0.25],
  [0.95, 0.3],
  [0.99, 0.5],
]

/** On the limit's own scale: a ratio minus one, or a difference for rates. */
export function defaultMustDetect(family: MetricFamily, quantile: number | undefined): number {
  switch (family) {
    case 'error_rate':
      return 0.02
    case 'goodput':
      return 0.05
    case 'cost_per_answer':
    case 'output_tokens':
      return 0.1
    default:
      return interpolate(quantile ?? 0.5)
  }
}

/** Linear between the table's quantiles, constant outside them, to a thousandth. */
function interpolate(quantile: number): number {
  let [lowQuantile, low] = [0, 0.2]
  for (const [highQuantile, high] of BY_QUANTILE) {
    if (quantile <= highQuantile) {
      const share = (quantile - lowQuantile) / (highQuantile - lowQuantile)
      return Number((low + share * (high - low)).toFixed(3))
    }
    lowQuantile = highQuantile
    low = high
  }
  return low
}
