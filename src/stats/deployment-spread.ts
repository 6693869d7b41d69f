// How far deployments of the same thing lie apart, learnt from pairs of them.

export type TwinDifference = {
  /** Log ratio of two deployments of the same thing, measured in the same minutes. */
  readonly difference: number
  /** Its standard error from sampling alone. */
  readonly error: number
}

/** Pairs of deployments that weigh as much as what is assumed of them beforehand. */
const ASSUMED_PAIRS = 8

/** No machine repeats itself to better than this: one per cent. */
const LEAST = 0.01

/**
 * Standard deviation of each deployment, of n differences d with sampling errors e:
 *
 *   s^2 = (8 s0^2 + sum (d^2 - e^2) / 2) / (8 + n),   at least 0.01^2
 *
 * A difference has twice the variance of a deployment, and its sampling error is no part of it. The
 * mean is known to be 0: which of two equal deployments is the slower one is chance. s0 is what is
 * assumed without any pair. Moment estimate with a prior of 8 pairs, as in DerSimonian & Laird (1986)
 * for the variance between studies. O(n).
 */
export function deploymentSpread(found: readonly TwinDifference[], assumed: number): number {
  const excess = found.map(({ difference, error }) => (difference ** 2 - error ** 2) / 2)
  const sum = excess.reduce((total, one) => total + one, ASSUMED_PAIRS * assumed ** 2)
  return Math.sqrt(Math.max(LEAST ** 2, sum / (ASSUMED_PAIRS + found.length)))
}
