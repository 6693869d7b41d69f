// A percentile of one run with how far the run's own sampling may have moved it, on the log scale.

import { normalQuantileAbove } from './normal-distribution.ts'
import type { Sample, Values } from './sample.ts'
import { logOf, SHORTEST, sampleOf } from './sample.ts'

export type QuantileStatistic = {
  /** Log of the percentile. +Infinity where failures reach it. */
  readonly value: number
  /** Sampling variance on the side of smaller values: how much lower the truth may be. */
  readonly low: number
  /** The same on the side of larger values; +Infinity where failures reach it. */
  readonly up: number
  readonly count: number
}

/**
 * Before any run: the c of SE = c / sqrt n that a percentile has in a usual, heavy-tailed distribution of
 * latencies. For what is planned: a run's own values say it better. O(1).
 */
export function usualSampling(q: number): number {
  if (q <= 0.75) return 0.7
  if (q <= 0.9) return 1
  return q <= 0.95 ? 1.35 : 5.5
}

/** One-sided 95 %. */
const Z = normalQuantileAbove(0.05)
const FLOOR = 1e-8

export type QuantileOptions = {
  readonly q: number
  /**
   * Times the binomial variance of the count below the percentile: the design factor of the
   * prompt classes, or the clustering of several values per request. 1 for plain samples.
   */
  readonly design: number
}

/**
 * Percentile with one-sided order-statistic variances.
 *
 *   y  = type-7 quantile of the logs;   c = n q + 1/2;   s = sqrt(d n q (1 - q))
 *   lo = ((y - X(c - z s)) / z)^2 + e;  up = ((X(c + z s) - y) / z)^2 + e
 *   e  = 1e-8 + (clock resolution / Q)^2 / 12
 *
 * X(r) is the r-th smallest log, linear between ranks, clamped to the ends. Design factors below 1
 * scale the variances instead of the ranks: with few values the ranks would collapse. The two sides
 * differ by a factor of ten in a heavy tail, which is why one number is not enough. Distribution-free; needs
 * independent values (the caller multiplies by the autocorrelation's inflation). At n (1 - q) < 3
 * the upper side is clamped at the maximum and too small.
 * Source: David & Nagaraja, Order Statistics, 7.1. O(1) on a sorted sample.
 */
export function quantileStatistic(sample: Sample, options: QuantileOptions): QuantileStatistic {
  const { q, design } = options
  const n = sample.sorted.length
  const centre = n * q + 0.5
  const spread = Z * Math.sqrt(Math.max(1, design) * n * q * (1 - q))
  const value = logQuantile(sample.sorted, q)
  const scale = Math.min(1, design)
  const noise = FLOOR + resolution(value)
  const below = logAtRank(sample.sorted, centre - spread)
  const above = logAtRank(sample.sorted, centre + spread)
  return {
    value,
    low: scale * (positive(value - below) / Z) ** 2 + noise,
    up: scale * (positive(above - value) / Z) ** 2 + noise,
    count: n,
  }
}

/** NaN comes of infinity minus infinity: nothing is known, which is no less than infinite. */
function positive(difference: number): number {
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(0, difference)
}

function resolution(logValue: number): number {
  return (SHORTEST / Math.exp(logValue)) ** 2 / 12
}

/**
 * A percentile of a run as every report shows it: what is judged, in the values' own unit. +Infinity
 * where failures reach it. `values` is not empty. Sorts once, then O(1).
 */
export function percentileOf(values: Values, q: number): number {
  return Math.exp(logQuantile(sampleOf(values).sorted, q))
}

/** Type 7 on the log scale: between two ranks it is their weighted geometric mean. */
function logQuantile(sorted: ArrayLike<number>, q: number): number {
  return logAtRank(sorted, 1 + (sorted.length - 1) * q)
}

/** The log of the `rank`-th smallest value, 1-based, linear between ranks, clamped. */
export function logAtRank(sorted: ArrayLike<number>, rank: number): number {
  const clamped = Math.min(Math.max(rank, 1), sorted.length)
  const whole = Math.floor(clamped)
  const low = logOf(sorted[whole - 1] ?? Number.NaN)
  const part = clamped - whole
  if (part === 0) return low
  const high = logOf(sorted[whole] ?? Number.NaN)
  return high === Number.POSITIVE_INFINITY ? high : low + part * (high - low)
}
