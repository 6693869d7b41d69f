// One number a run: how far this run's lies from the baseline's, and how sure that is. The spread
// between the baseline's runs is the yardstick, so drift is never taken for a cause.

import { tQuantileAbove } from '../../stats/t-distribution.ts'

/** Each end of an interval is wrong once in a hundred. */
const ONE_SIDED = 0.01
/** With fewer runs their spread is not known. */
export const FEWEST_RUNS = 3

export type Shift = {
  readonly from: number
  readonly to: number
  readonly difference: number
  readonly low: number
  readonly high: number
}

/**
 * `to` against the mean of `before`, as a prediction interval of Student's t.
 *
 *   (to - mean) -+ t(df = n - 1) sqrt(s^2 (1 + 1/n) + own^2)
 *
 * `own` is the standard error of `to` where the runs before it do not show it. `tests` counts what is
 * tried together (Bonferroni). Undefined with fewer than three runs. Assumes that levels of runs are
 * roughly normal and independent. Source: any text on prediction intervals, such as Hahn & Meeker,
 * Statistical Intervals, section 4.
 */
export function shiftOf(
  before: readonly number[],
  to: number,
  { own = 0, tests = 1 }: { readonly own?: number; readonly tests?: number } = {},
): Shift | undefined {
  const n = before.length
  if (n < FEWEST_RUNS) return undefined
  const from = mean(before)
  const variance = before.reduce((sum, value) => sum + (value - from) ** 2, 0) / (n - 1)
  const t = tQuantileAbove(ONE_SIDED / tests, n - 1)
  const half = t * Math.sqrt(variance * (1 + 1 / n) + own ** 2)
  const difference = to - from
  return { from, to, difference, low: difference - half, high: difference + half }
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Standard error of the mean; 0 for fewer than two values. */
export function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0
  const middle = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1) / values.length)
}
