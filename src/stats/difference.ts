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
 * A new run against the level expected of it, as a prediction error.
 *
 *   D = y - f;   w' = within min(1, n_history/n);   l = min(phi lo, usual lo n_history/n)
 *   SE_lo^2 = between + max(c l + (phi lo - l), w')   to fail
 *   SE_up^2 = between + sqrt(w' max(c phi up, w'))    to pass
 *
 * c is the share of the order statistics' variance that the history confirms, l the part of the
 * candidate's that is like the history's: a percentile that fell into a sparse tail, where no
 * recorded run had it, is known as badly as its own order statistics say. The candidate's own
 * sampling error is not believed below what the history shows: a lucky run would look certain. On
 * the side of a pass, where a short run overstates its tail, the geometric mean of both is taken.
 * Source: prediction interval of a random-effects model, e.g. Searle, Variance Components. O(1).
 */
export function differenceFromHistory(
  candidate: RunStatistic,
  history: RunToRun,
  inflation: number,
): Difference {
  const usual = usualWithin(history, candidate.count)
  const up = Math.max(history.confirmed * inflation * candidate.up, usual)
  return {
    value: candidate.value - history.centre,
    low: Math.sqrt(history.between + Math.max(ownLow(candidate, history, inflation), usual)),
    up: Math.sqrt(history.between + Math.sqrt(usual * up)),
    df: history.df,
  }
}

/** Runs that agree confirm what is usual in them. What a tail has beyond that, none of them had. */
function ownLow(candidate: RunStatistic, history: RunToRun, inflation: number): number {
  const own = inflation * candidate.low
  const alike = Math.min(own, (history.usualLow * history.requests) / candidate.count)
  return history.confirmed * alike + (own - alike)
}

/** A shorter run's own error is its own business; a longer one has less than the history's. */
function usualWithin({ within, requests }: RunToRun, count: number): number {
  return within * Math.min(1, requests / count)
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
