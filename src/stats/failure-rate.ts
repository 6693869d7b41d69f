// A run's failure count against those of the history: failures come in bursts, so their number
// varies more from run to run than coin tosses would.

import { betaBinomialUpperTail } from './beta-binomial.ts'
import type { Rate } from './newcombe.ts'
import { newcombeInterval } from './newcombe.ts'
import { tQuantileAbove } from './t-distribution.ts'

/** How failures of a new, unchanged run are distributed, given the history. */
export type FailureLaw = {
  /** Pooled rate, with half an event added. */
  readonly rate: number
  /** How many times larger than binomial the variance of a count is. */
  readonly overdispersion: number
  /** The rate of a new run is Beta(a, b). */
  readonly a: number
  readonly b: number
  readonly runs: number
  readonly pooled: Rate
}

export type RateComparison = {
  /** Candidate's rate minus the pooled one of the history. */
  readonly difference: number
  /** Chance of at least this many failures with no change. */
  readonly p: number
  readonly bounds: (failLevel: number, passLevel: number) => readonly [number, number]
}

const PRIOR_WEIGHT = 3
const PRIOR_OVERDISPERSION = 1.5

/**
 * Failure rate of an endpoint with its spread between runs (method of moments with a prior).
 *
 *   m   = (sum x + 1/2) / (sum n + 1)
 *   phi = max(1, (3 * 1.5 + chi2) / (3 + K - 1)),  chi2 = sum (x - n m)^2 / (n m (1 - m))
 *   rho = clip((phi - 1)/(nbar - 1), 1e-6, 0.5);   k = (1/rho - 1) K/(K + 1)
 *   a   = m k,  b = (1 - m) k
 *
 * Needs at least one run with a request. Source: Williams (1982), Applied Statistics 31:144. O(K).
 */
export function failureLaw(history: readonly Rate[]): FailureLaw {
  const runs = history.length
  const events = history.reduce((sum, run) => sum + run.events, 0)
  const trials = history.reduce((sum, run) => sum + run.trials, 0)
  const rate = (events + 0.5) / (trials + 1)
  const chi2 = history.reduce(
    (sum, run) => sum + (run.events - run.trials * rate) ** 2 / (run.trials * rate * (1 - rate)),
    0,
  )
  const prior = PRIOR_WEIGHT * PRIOR_OVERDISPERSION
  const overdispersion = Math.max(1, (prior + chi2) / (PRIOR_WEIGHT + runs - 1))
  const perRun = Math.max(1, trials / runs - 1)
  const rho = Math.min(0.5, Math.max(1e-6, (overdispersion - 1) / perRun))
  const k = ((1 / rho - 1) * runs) / (runs + 1)
  return {
    rate,
    overdispersion,
    a: rate * k,
    b: (1 - rate) * k,
    runs,
    pooled: { events, trials },
  }
}

/**
 * Failures of a new run given the earlier ones (beta-binomial prediction).
 *
 *   p = P(BetaBinomial(n, a, b) >= x)
 *
 * Bounds: Newcombe's on counts divided by phi, with t(K + 2) for z. Bursts that fall on single runs
 * can still hide a higher rate: a pass on few requests says little. Whole counts.
 * Source: Newcombe (1998), Statistics in Medicine 17:873, for the bounds. O(x).
 */
export function compareFailureRates(candidate: Rate, law: FailureLaw): RateComparison {
  const { overdispersion: phi, pooled, runs } = law
  const shrunk = { events: candidate.events / phi, trials: candidate.trials / phi }
  const base = { events: pooled.events / phi, trials: pooled.trials / phi }
  const bound = (level: number) => newcombeInterval(shrunk, base, tQuantileAbove(level, runs + 2))
  return {
    difference: candidate.events / candidate.trials - pooled.events / pooled.trials,
    p: betaBinomialUpperTail(candidate.events, { trials: candidate.trials, a: law.a, b: law.b }),
    bounds: (failLevel, passLevel) => [bound(failLevel)[0], bound(passLevel)[1]],
  }
}
