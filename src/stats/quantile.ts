// Percentiles of a sorted sample, where the last values may be +Infinity.

import { quantileSorted } from 'simple-statistics'

/**
 * Quantile by linear interpolation (type 7, the default of R and NumPy).
 *
 *   h = (n - 1) q;   Q = x[floor h] + (h - floor h) (x[ceil h] - x[floor h])
 *
 * This is simple-statistics' `quantileSorted`, which has been type 7 since 7.9, guarded for
 * infinite neighbours (it would subtract infinities). Assumes `sorted` ascends and is not empty.
 * Above q = 1 - 1/n it is little more than the maximum.
 * Source: Hyndman & Fan (1996), "Sample Quantiles in Statistical Packages". O(1).
 */
export function quantile(sorted: readonly number[], q: number): number {
  const above = sorted[Math.ceil((sorted.length - 1) * q)]
  return above === Number.POSITIVE_INFINITY ? above : quantileSorted(sorted, q)
}
