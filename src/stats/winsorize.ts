// One incident run must not widen the baseline's noise so far that nothing is ever found.

import { median } from 'simple-statistics'

/** Log scale: runs that agree to 4 % are not clipped against each other. */
const SMALLEST_SPREAD = 0.04
const WIDTH = 3

/**
 * Pulls outlying runs in to the median plus or minus three robust standard deviations.
 *
 *   clip(y, m - 3 s, m + 3 s);   s = max(1.4826 median |y - m|, 0.04)
 *
 * For values on the log scale, at least eight of them: with fewer the spread is not known well
 * enough to call one an outlier. Source: Tukey (1962); Huber, Robust Statistics, 1.1.
 * O(n), simple-statistics' `median` by selection.
 */
export function winsorize(values: readonly number[]): readonly number[] {
  const middle = median([...values])
  const deviation = median(values.map((value) => Math.abs(value - middle)))
  const reach = WIDTH * Math.max(1.4826 * deviation, SMALLEST_SPREAD)
  return values.map((value) => Math.min(Math.max(value, middle - reach), middle + reach))
}
