// Two failure counts measured in the same minutes.
// By hand: simple-statistics has none.

import { gammaln } from 'simple-statistics'

export type TwoCounts = {
  readonly events: number
  readonly trials: number
  readonly otherEvents: number
  readonly otherTrials: number
}

/**
 * Fisher's exact test, one-sided: the chance of at least `events` among `trials` when both arms
 * share one rate and all margins are as seen.
 *
 *   P = sum_{i >= x} C(n, i) C(m, s - i) / C(n + m, s),   s = x + y
 *
 * Exact and conservative for independent requests; a burst that hits both arms leaves it nearly
 * so. Whole counts. Source: Fisher (1935); Agresti, Categorical Data Analysis, 3.5. O(s).
 */
export function fisherUpperTail(counts: TwoCounts): number {
  const { events, trials, otherEvents, otherTrials } = counts
  const total = events + otherEvents
  const most = Math.min(trials, total)
  const all = logChoose(trials + otherTrials, total)
  let sum = 0
  for (let i = events; i <= most; i += 1) {
    sum += Math.exp(logChoose(trials, i) + logChoose(otherTrials, total - i) - all)
  }
  return Math.min(1, sum)
}

function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
}
