// Two kinds of endpoint: a server of one's own, whose runs hardly differ, and a shared service, whose
// level wanders. Which one this is shows in the runs themselves.

import type { SpreadPrior } from './level-forecast.ts'
import { logEvidenceOf } from './level-forecast.ts'

export type EndpointKind = {
  /** Probability that it is a server of one's own. */
  readonly own: number
}

/** Before any run: most endpoints behind a key are shared. */
export const UNKNOWN_KIND: EndpointKind = { own: 0.08 }

/** Median standard deviation of a run's percentile, log scale, and that of its logarithm. */
const OWN = {
  typical: [
    [0.5, 0.023],
    [0.9, 0.021],
    [0.95, 0.024],
    [0.99, 0.035],
  ],
  doubt: 0.45,
} as const
const SHARED = {
  typical: [
    [0.5, 0.095],
    [0.9, 0.1],
    [0.95, 0.11],
    [0.99, 0.18],
  ],
  doubt: 0.3,
} as const
/** Share of one run's sampling variance that comes on top, where runs do not repeat each other. */
const SAMPLING_SHARE = 0.3

/** Sampling variance of one run's percentile, and the part of it that neighbours' correlation makes. */
export type Sampling = { readonly variance: number; readonly inflation: number }

/**
 * How far apart runs may lie, for one percentile of an endpoint of this kind.
 *
 *   own:     log-normal around 2.1 to 3.5 %, the sampling error contained: runs of one seed on one
 *            server share prompts and order, and differ less than order statistics say
 *   shared:  log-normal around sqrt(tau_q^2 + (1 - 0.7/phi) v), tau_q from 9.5 % (p50) to 18 % (p99)
 *
 * v is the variance of one run's percentile, phi the factor that the correlation of neighbours put
 * into it: where they hang together, as in a queue, so do whole runs. Learnt on recorded runs of 29 endpoints.
 */
export function spreadPriors(
  { own }: EndpointKind,
  q: number,
  { variance, inflation }: Sampling,
): readonly SpreadPrior[] {
  const seen = (1 - (1 - SAMPLING_SHARE) / inflation) * variance
  const shared = Math.sqrt(between(SHARED.typical, q) ** 2 + seen)
  return [
    { typical: between(OWN.typical, q), doubt: OWN.doubt, weight: own },
    { typical: shared, doubt: SHARED.doubt, weight: 1 - own },
  ]
}

export type KindEvidence = {
  readonly q: number
  /** The percentile of each run, log scale, oldest first. */
  readonly values: readonly number[]
  readonly steps: readonly number[]
  readonly sampling: Sampling
}

/**
 * Bayes' rule over both kinds, from several percentiles of the same runs taken as independent
 * (they are not quite, but all of them tell the kinds apart, and a single one seldom does with
 * three runs). O(64 K) a percentile.
 */
export function kindOf(evidence: readonly KindEvidence[]): EndpointKind {
  let logOdds = Math.log(UNKNOWN_KIND.own / (1 - UNKNOWN_KIND.own))
  for (const { q, values, steps, sampling } of evidence) {
    const priors = spreadPriors(UNKNOWN_KIND, q, sampling)
    const [own = 0, shared = 0] = logEvidenceOf(values, steps, priors)
    logOdds += own - shared
  }
  return { own: 1 / (1 + Math.exp(-logOdds)) }
}

/** Linear between the known percentiles, constant outside. */
function between(table: readonly (readonly [number, number])[], q: number): number {
  let [lowQ, low] = table[0] ?? [0, 0]
  for (const [highQ, high] of table) {
    if (q <= highQ)
      return highQ === lowQ ? high : low + ((q - lowQ) / (highQ - lowQ)) * (high - low)
    lowQ = highQ
    low = high
  }
  return low
}
