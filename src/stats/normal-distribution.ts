// The standard normal distribution.
// By hand: simple-statistics offers a table of four digits and an error function of seven, and early looks
// need tails of 1e-4 and their inverse.

const ROOT_TWO_PI = Math.sqrt(2 * Math.PI)

/** The height of the bell: phi(z) = exp(-z^2/2) / sqrt(2 pi). O(1). */
export function density(z: number): number {
  return Math.exp(-0.5 * z * z) / ROOT_TWO_PI
}

/**
 * Upper tail of the standard normal, P(Z > z).
 *
 *   |z| < 3:  1/2 - phi(z) (z + z^3/3 + z^5/15 + ...)
 *   z >= 3:   phi(z) / (z + 1/(z + 2/(z + 3/(z + ...))))
 *
 * Relative error below 1e-12 for z in [-8, 35]. Source: Abramowitz & Stegun 26.2.11, 26.2.14.
 * At most 100 terms.
 */
export function normalUpperTail(z: number): number {
  if (z < 0) return 1 - normalUpperTail(-z)
  if (z < 3) {
    let term = z
    let sum = z
    for (let odd = 3; odd < 200 && term > 1e-17 * sum; odd += 2) {
      term *= (z * z) / odd
      sum += term
    }
    return 0.5 - density(z) * sum
  }
  let fraction = z
  for (let k = 100; k >= 1; k -= 1) fraction = z + k / fraction
  return density(z) / fraction
}

/**
 * The z that leaves `p` above it: normalUpperTail(z) = p, for 0 < p < 1.
 *
 * A rational start (absolute error 4.5e-4), then Newton steps on the exact tail until the step is
 * below 1e-13. Source of the start: Abramowitz & Stegun 26.2.23. At most 12 tail evaluations.
 */
export function normalQuantileAbove(p: number): number {
  if (p <= 0) return Number.POSITIVE_INFINITY
  if (p >= 1) return Number.NEGATIVE_INFINITY
  if (p > 0.5) return -normalQuantileAbove(1 - p)
  const t = Math.sqrt(-2 * Math.log(p))
  let z =
    t -
    (2.515517 + t * (0.802853 + t * 0.010328)) /
      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  for (let step = 0; step < 12; step += 1) {
    const move = (normalUpperTail(z) - p) / density(z)
    z += move
    if (Math.abs(move) < 1e-13) break
  }
  return z
}
