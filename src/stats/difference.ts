// A change with how far it may be off on either side, what it takes to call it real, and how two
// measurements of the same change are put together.

import type { RunStatistic, RunToRun } from './run-to-run.ts'
import { tQuantileAbove, tUpperTail } from './t-distribution.ts'

export type Difference = {
  /** Log ratio, positive = worse. */
  readonly value: number
  /** Standard error for the claim "worse": how much smaller the truth may be. */
  readonly low: number
  /** Standard error for the claim "not worse". */
  readonly up: number
  readonly df: number
}

/**
 * A new run against the baseline, as a prediction error.
 *
 *   D = y - centre
 *   SE_lo^2 = tau^2 + max(phi lo, v/2) + max(S, v)/K      to fail
 *   SE_up^2 = tau^2 + max(phi up, v)   + max(S, v)/K      to pass
 *
 * The candidate's own sampling error is not believed below what the history shows (all of it for a
 * pass, half of it for a fail): a lucky run would look certain.
 * Source: prediction interval of a random-effects model, e.g. Searle, Variance Components. O(1).
 */
export function differenceFromHistory(
  candidate: RunStatistic,
  history: RunToRun,
  inflation: number,
): Difference {
  const shared = history.between + Math.max(history.total, history.within) / history.runs
  return {
    value: candidate.value - history.centre,
    low: Math.sqrt(shared + Math.max(inflation * candidate.low, history.within / 2)),
    up: Math.sqrt(shared + Math.max(inflation * candidate.up, history.within)),
    df: history.df,
  }
}

/** Chance of a difference at least this large with no change. Student's t. */
export function chanceOf({ value, low, df }: Difference): number {
  if (value === Number.POSITIVE_INFINITY) return 0
  return Number.isFinite(low) ? tUpperTail(value / low, df) : 1
}

export function lowerBound({ value, low, df }: Difference, level: number): number {
  return value - tQuantileAbove(level, df) * low
}

export function upperBound({ value, up, df }: Difference, level: number): number {
  return value + tQuantileAbove(level, df) * up
}

/**
 * Two independent measurements of one change, weighted by their precision.
 *
 *   w_i = 1/(SE_lo_i SE_up_i);  D = sum w D / sum w;  SE^2 = sum w^2 SE^2 / (sum w)^2
 *   df  = (sum w^2 SE^2)^2 / sum ((w^2 SE^2)^2 / df)
 *
 * The weights come from the errors alone, never from the values. One that says nothing on a side
 * (an infinite error or value) leaves the other alone. Source: Welch (1947), Satterthwaite (1946).
 * O(1).
 */
export function combine(first: Difference, second: Difference): Difference {
  if (!isWhole(second)) return first
  if (!isWhole(first)) return second
  const weights = [1 / (first.low * first.up), 1 / (second.low * second.up)] as const
  const share = weights[0] / (weights[0] + weights[1])
  const rest = 1 - share
  const low = [(share * first.low) ** 2, (rest * second.low) ** 2] as const
  const sum = low[0] + low[1]
  return {
    value: share * first.value + rest * second.value,
    low: Math.sqrt(sum),
    up: Math.hypot(share * first.up, rest * second.up),
    df: sum ** 2 / (low[0] ** 2 / first.df + low[1] ** 2 / second.df),
  }
}

function isWhole({ value, low, up }: Difference): boolean {
  return Number.isFinite(value) && Number.isFinite(low) && Number.isFinite(up)
}
