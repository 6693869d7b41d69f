// Binomial tails, exact, also for the real-valued counts that an effective sample size gives.
// By hand: simple-statistics lists the probabilities of whole counts.

import { incompleteBeta } from './incomplete-beta.ts'

/**
 * Upper tail of a binomial, P(X >= events) for X ~ Bin(trials, p).
 *
 *   I_p(e, n - e + 1)
 *
 * The identity is exact for whole numbers and interpolates smoothly between them. Trials must be
 * independent: scale both counts by the inflation factor where they are not.
 * Source: Abramowitz & Stegun 26.5.24. One incomplete beta function.
 */
export function binomialUpperTail(events: number, trials: number, p: number): number {
  if (events <= 0) return 1
  if (events > trials) return 0
  return incompleteBeta(p, events, trials - events + 1)
}

/**
 * Lower tail of a binomial, P(X <= events) for X ~ Bin(trials, p).
 *
 *   I_{1-p}(n - e, e + 1)
 *
 * Same assumptions, source and cost as the upper tail.
 */
export function binomialLowerTail(events: number, trials: number, p: number): number {
  if (events < 0) return 0
  if (events >= trials) return 1
  return incompleteBeta(1 - p, trials - events, events + 1)
}
