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

/** A difference counts as at most so many times what is assumed of one. */
const MOST = 2

/**
 * Standard deviation of each deployment, of n differences d with sampling errors e:
 *
 *   s^2 = (8 s0^2 + sum (min(|d|, 2 sqrt(2) s0)^2 - e^2) / 2) / (8 + n),   at least 0.01^2
 *
 * A difference has twice the variance of a deployment, and its sampling error is no part of it. The
 * mean is known to be 0: which of two equal deployments is the slower one is chance. s0 is what is
 * assumed without any pair. Moment estimate with a prior of 8 pairs, as in DerSimonian & Laird (1986)
 * for the variance between studies. Differences are pulled in (winsorised) at two deviations of what is
 * assumed, so that one of them moves s by a sixth of s0 at most and any number to less than 2 s0,
 * whoever made them up; of a true spread of s0 that loses 4 %. O(n).
 */
export function deploymentSpread(found: readonly TwinDifference[], assumed: number): number {
  const most = MOST * Math.SQRT2 * assumed
  const excess = found.map(
    ({ difference, error }) => (Math.min(Math.abs(difference), most) ** 2 - error ** 2) / 2,
  )
  const sum = excess.reduce((total, one) => total + one, ASSUMED_PAIRS * assumed ** 2)
  return Math.sqrt(Math.max(LEAST ** 2, sum / (ASSUMED_PAIRS + found.length)))
}
