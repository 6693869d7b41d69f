// A run's failure count against those of the history: failures come in bursts, so their number
// varies more from run to run than coin tosses would.

import { betaBinomialUpperTail, logBetaBinomial } from './beta-binomial.ts'
import { binomialLowerTail } from './binomial.ts'
import type { Rate } from './newcombe.ts'
import { newcombeInterval } from './newcombe.ts'
import { tQuantileAbove } from './t-distribution.ts'

/** How failures of a new, unchanged run are distributed, given the history. */
export type FailureLaw = {
  /** Pooled rate of occasions, with half of one added. */
  readonly rate: number
  /** How many times larger than binomial the variance of a count is. */
  readonly overdispersion: number
  /** The rate of a new run is Beta(a, b). */
  readonly a: number
  readonly b: number
  readonly runs: number
  /** Every failure of every run. */
  readonly pooled: Rate
}

export type RateComparison = {
  /** Candidate's rate minus the pooled one of the history. */
  readonly difference: number
  /** Chance of at least this many failures with no change. */
  readonly p: number
  readonly bounds: (failLevel: number, passLevel: number) => readonly [number, number]
}

/** Squared coefficient of variation between runs until a history says otherwise: worth this many runs. */
const PRIOR_CV2 = 1.5
const PRIOR_WEIGHT = 1
/** Expected failures a run from which a count shows the spread as well as counts ever do. */
const TELLING = 2

/**
 * Failure rate of a new, unchanged run, given K earlier ones (predictive beta distribution).
 *
 *   m    = (X + 1/2) / (N + 1),  X = sum x, N = sum n;  L = m N/K;  s = min(1, L/2)
 *   c    = (sum (x - n m)^2 / (n m (1 - m)) - (K - 1)) / L          (K - 1) times cv^2 by moments
 *   cv^2 = max(0, (1.5 min(1, 1/L) + s c) / (1 + s (K - 1)))
 *   a    = 1 / (cv^2 (1 + 1/K) + 1/(X + 1/2));   b = a (1 - m)/m;   phi = 1 + cv^2 L
 *
 * cv is how much the rate itself varies between runs. Failures come in bursts: the prior is wide (a
 * count's variance is up to 2.5 times a coin's), and gives way as soon as counts can tell (s). x counts occasions: failures that fall
 * together within a run are one. The last term of a is how badly X
 * events know the mean: none seen in one run is no proof of none to come. Needs at least one run
 * with a request. Source: Williams (1982), Applied Statistics 31:144, for the moments; the
 * predictive variance is the sum of its parts; prior and weights are simulated. O(K).
 */
export function failureLaw(history: readonly Rate[]): FailureLaw {
  const runs = history.length
  const occasions = history.map(occasionsOf)
  const events = occasions.reduce((sum, each) => sum + each, 0)
  const trials = history.reduce((sum, run) => sum + run.trials, 0)
  const rate = (events + 0.5) / (trials + 1)
  const chi2 = history.reduce(
    (sum, { trials: n }, run) =>
      sum + ((occasions[run] ?? 0) - n * rate) ** 2 / (n * rate * (1 - rate)),
    0,
  )
  const expected = (trials / runs) * rate
  const telling = Math.min(1, expected / TELLING)
  const prior = PRIOR_CV2 * Math.min(1, 1 / expected)
  const seen = (chi2 - (runs - 1)) / expected
  const weight = PRIOR_WEIGHT + telling * (runs - 1)
  const cv2 = Math.max(0, (PRIOR_WEIGHT * prior + telling * seen) / weight)
  const a = 1 / (cv2 * (1 + 1 / runs) + 1 / (events + 0.5))
  return {
    rate,
    overdispersion: 1 + cv2 * expected,
    a,
    b: (a * (1 - rate)) / rate,
    runs,
    pooled: { events: history.reduce((sum, run) => sum + run.events, 0), trials },
  }
}

/** Failures of one bad minute are one occasion. */
function occasionsOf({ events, together = 1 }: Rate): number {
  return events / together
}

/**
 * Failures of a new run given the earlier ones (beta-binomial prediction).
 *
 *   p     = P(BetaBinomial(n, a, b) >= x),  x in occasions, rounded up
 *   lower = Newcombe's on counts divided by phi, with t(K + 2) for z
 *   upper = Clopper and Pearson's upper bound of the run's own rate, minus the history's rate
 *
 * Bursts that fall on single runs can still hide a higher rate: a pass on few requests says little.
 * Source: Newcombe (1998), Statistics in Medicine 17:873; Clopper & Pearson (1934). O(x).
 */
export function compareFailureRates(candidate: Rate, law: FailureLaw): RateComparison {
  const { overdispersion: phi, pooled, runs } = law
  const { trials } = candidate
  const shrunk = { events: candidate.events / phi, trials: trials / phi }
  const base = { events: pooled.events / phi, trials: pooled.trials / phi }
  const before = pooled.events / pooled.trials
  const occasions = Math.ceil(Number(occasionsOf(candidate).toFixed(6)))
  return {
    difference: candidate.events / trials - before,
    p: betaBinomialUpperTail(occasions, { trials, a: law.a, b: law.b }),
    bounds: (failLevel, passLevel) => [
      newcombeInterval(shrunk, base, tQuantileAbove(failLevel, runs + 2))[0],
      largestRate(candidate, passLevel) - before,
    ],
  }
}

/** How often the rate of these minutes is none that the history knows, and what it may be then. */
const NEW_RATE = { share: 0.2, a: 0.5, b: 5 } as const

/**
 * Failures of one arm given those of the other in the same minutes, and what the history says of the
 * rate both share.
 *
 *   p = sum_i w_i P(BetaBinomial(n, a_i + y, b_i + m - y) >= x)
 *   w_1 : w_2 = 0.8 BB(y; m, a, b) : 0.2 BB(y; m, 1/2, 5)
 *
 * x of n is the candidate, y of m the reference. The first part is the history's law (FailureLaw), the
 * second holds it possible that the provider's rate has changed for good: which of them it is, the
 * reference says. The more the history varies, the less it says, and the more this is a comparison
 * of two counts. Source: Bayes' rule, conjugate, e.g. Gelman et al., Bayesian Data Analysis, 2.4.
 * O(x).
 */
export function chanceBesideReference(candidate: Rate, reference: Rate, law: FailureLaw): number {
  const laws = [
    { share: 1 - NEW_RATE.share, a: law.a, b: law.b },
    { share: NEW_RATE.share, a: NEW_RATE.a, b: NEW_RATE.b },
  ]
  const { events, trials } = reference
  const known = laws.map(({ share, a, b }) => ({
    log: Math.log(share) + logBetaBinomial(events, { trials, a, b }),
    law: { trials: candidate.trials, a: a + events, b: b + trials - events },
  }))
  const most = Math.max(...known.map(({ log }) => log))
  const weights = known.map(({ log }) => Math.exp(log - most))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return known.reduce(
    (sum, part, i) =>
      sum + ((weights[i] ?? 0) / total) * betaBinomialUpperTail(candidate.events, part.law),
    0,
  )
}

/** The rate at which so few events have probability `level`: the exact upper bound. */
export function largestRate({ events, trials }: Rate, level: number): number {
  if (events >= trials) return 1
  let low = events / trials
  let high = 1
  while (high - low > 1e-7) {
    const middle = (low + high) / 2
    if (binomialLowerTail(events, trials, middle) > level) low = middle
    else high = middle
  }
  return high
}
