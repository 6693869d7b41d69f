// A run's failure count against those of the history: failures come in bursts, so their number
// varies more from run to run than coin tosses would.

import { betaBinomialUpperTail } from './beta-binomial.ts'
import type { Rate } from './newcombe.ts'
import { newcombeInterval } from './newcombe.ts'
import { tQuantileAbove } from './t-distribution.ts'

export type RateComparison = {
  /** Candidate's rate minus the pooled one of the history. */
  readonly difference: number
  /** Chance of at least this many failures with no change. */
  readonly p: number
  /** How many times larger than binomial the variance of a count is. */
  readonly overdispersion: number
  readonly bounds: (failLevel: number, passLevel: number) => readonly [number, number]
}

const PRIOR_WEIGHT = 3
const PRIOR_OVERDISPERSION = 1.5

/**
 * Failures of a new run given K earlier ones (beta-binomial prediction).
 *
 *   m   = (sum x + 1/2) / (sum n + 1)
 *   phi = max(1, (3 * 1.5 + chi2) / (3 + K - 1)),  chi2 = sum (x - n m)^2 / (n m (1 - m))
 *   rho = clip((phi - 1)/(nbar - 1), 1e-6, 0.5);   k = (1/rho - 1) K/(K + 1)
 *   p   = P(BetaBinomial(n, m k, (1 - m) k) >= x)
 *
 * Bounds: Newcombe's on counts divided by phi, with t(K + 2) for z. Bursts that fall on single runs
 * can still hide a higher rate: a pass on few requests says little.
 * Source: Williams (1982), Applied Statistics 31:144, for phi; Newcombe (1998). O(K + x).
 */
export function compareFailureRates(candidate: Rate, history: readonly Rate[]): RateComparison {
  const runs = history.length
  const events = history.reduce((sum, run) => sum + run.events, 0)
  const trials = history.reduce((sum, run) => sum + run.trials, 0)
  const m = (events + 0.5) / (trials + 1)
  const chi2 = history.reduce(
    (sum, run) => sum + (run.events - run.trials * m) ** 2 / (run.trials * m * (1 - m)),
    0,
  )
  const phi = Math.max(1, (PRIOR_WEIGHT * PRIOR_OVERDISPERSION + chi2) / (PRIOR_WEIGHT + runs - 1))
  const rho = Math.min(0.5, Math.max(1e-6, (phi - 1) / Math.max(1, trials / runs - 1)))
  const k = ((1 / rho - 1) * runs) / (runs + 1)
  const law = { trials: candidate.trials, a: m * k, b: (1 - m) * k }
  const shrunk = { events: candidate.events / phi, trials: candidate.trials / phi }
  const pooled = { events: events / phi, trials: trials / phi }
  const bound = (level: number) => newcombeInterval(shrunk, pooled, tQuantileAbove(level, runs + 2))
  return {
    difference: candidate.events / candidate.trials - events / trials,
    p: betaBinomialUpperTail(candidate.events, law),
    overdispersion: phi,
    bounds: (failLevel, passLevel) => [bound(failLevel)[0], bound(passLevel)[1]],
  }
}
