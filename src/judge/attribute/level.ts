// One number a run: how far this run's lies from the baseline's, and how sure that is. The spread
// between the baseline's runs is the yardstick, so drift is never taken for a cause.

import { CAUSE_ERROR } from '../../model/attribution.ts'
import { tQuantileAbove } from '../../stats/t-distribution.ts'

/** A part is named when at least this much of the whole is shown to be its, */
export const NAMED = 0.5
/** and never when it is larger than the whole, but for what chance does: then it is no part of it. */
export const MOST_OF_WHOLE = 1.15
/** What the rest may have moved, as a share of what moved, to be called unmoved. */
export const STILL = 1 / 3
/** With fewer runs their spread is not known. */
export const FEWEST_RUNS = 3

export type Shift = {
  readonly from: number
  readonly to: number
  readonly difference: number
  readonly low: number
  readonly high: number
}

/** A number estimated from one run alone: its standard error, and on how much that stands. */
export type Sampled = { readonly error: number; readonly df: number }

const KNOWN: Sampled = { error: 0, df: 1 }

/**
 * `to` against the mean of `before`, as a prediction interval of Student's t.
 *
 *   (to - mean) -+ t(df) sqrt(b + o);   b = s^2 (1 + 1/n), o = own^2
 *   df = (b + o)^2 / (b^2 / (n - 1) + o^2 / own.df), rounded down
 *
 * `own` is the error of `to` where the runs before it do not show it: a queue that was always empty
 * has no spread, and what it says is then known as well as this run alone makes it known. `tests`
 * counts what is tried together (Bonferroni). Undefined with fewer than three runs. Assumes that
 * levels of runs are roughly normal and independent. Sources: Hahn & Meeker, Statistical Intervals,
 * section 4; Satterthwaite (1946) for the degrees of freedom.
 */
export function shiftOf(
  before: readonly number[],
  to: number,
  { own = KNOWN, tests = 1 }: { readonly own?: Sampled; readonly tests?: number } = {},
): Shift | undefined {
  const n = before.length
  if (n < FEWEST_RUNS) return undefined
  const from = mean(before)
  const variance = before.reduce((sum, value) => sum + (value - from) ** 2, 0) / (n - 1)
  const total = pooled({ error: Math.sqrt(variance * (1 + 1 / n)), df: n - 1 }, own)
  const half = tQuantileAbove(CAUSE_ERROR / tests, Math.max(1, Math.floor(total.df))) * total.error
  const difference = to - from
  return { from, to, difference, low: difference - half, high: difference + half }
}

/** The error of a sum or difference of two (Satterthwaite). */
export function pooled(a: Sampled, b: Sampled): Sampled {
  const variance = a.error ** 2 + b.error ** 2
  const parts = a.error ** 4 / a.df + b.error ** 4 / b.df
  return { error: Math.sqrt(variance), df: parts > 0 ? variance ** 2 / parts : a.df }
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of a mean of independent values. */
export function sampled(values: readonly number[]): Sampled {
  if (values.length < 2) return KNOWN
  const middle = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  const df = values.length - 1
  return { error: Math.sqrt(squares / df / values.length), df }
}

/**
 * Of a mean of values in the order of time, each of which resembles the one before it.
 *
 *   variance times (1 + r)/(1 - r), df over the same;   r = lag-1 autocorrelation, 0..0.9
 *
 * Source: the variance of a mean of a first-order chain, as in any text on time series.
 */
export function sampledInOrder(values: readonly number[]): Sampled {
  const { error, df } = sampled(values)
  const middle = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  const products = values
    .slice(1)
    .reduce((sum, value, i) => sum + (value - middle) * ((values[i] ?? 0) - middle), 0)
  const r = squares === 0 ? 0 : Math.min(0.9, Math.max(0, products / squares))
  const inflation = (1 + r) / (1 - r)
  return { error: error * Math.sqrt(inflation), df: Math.max(1, df / inflation) }
}
