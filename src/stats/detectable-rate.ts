// What failure rate a run of a given size can be sure to notice.

import { betaBinomialUpperTail } from './beta-binomial.ts'
import { binomialUpperTail } from './binomial.ts'
import { POWER } from './detectable-change.ts'
import type { FailureLaw } from './failure-rate.ts'
import { incompleteBeta } from './incomplete-beta.ts'
import { smallestCount } from './smallest-count.ts'

/**
 * Smallest rise of the failure rate found with 80 % power by `trials` requests.
 *
 *   x* = smallest x with P(BetaBinomial >= x) <= level and x/n - m > theta
 *   answer = r - m, where P(Bin(n, r) >= x*) = 0.8
 *
 * Both by bisection; the rate itself may be up to 1. O(log n) tails of at most n terms.
 */
export function detectableRate(
  law: FailureLaw,
  plan: { readonly trials: number; readonly threshold: number; readonly level: number },
): number {
  const { trials, threshold, level } = plan
  const significant = (events: number) =>
    events / trials - law.rate > threshold &&
    betaBinomialUpperTail(events, { trials, a: law.a, b: law.b }) <= level
  const fewest = smallestCount(trials, significant)
  if (fewest > trials) return 1 - law.rate
  const found = bisect((rate) => binomialUpperTail(fewest, trials, rate) >= POWER)
  return Math.max(threshold, found - law.rate)
}

/**
 * The same with any number of requests: the rise that is beyond what the rate itself does from run
 * to run, by the predictive Beta(a, b).
 */
export function detectableRateAtBest(
  law: FailureLaw,
  plan: { readonly threshold: number; readonly level: number },
): number {
  const unusual = bisect((rate) => 1 - incompleteBeta(rate, law.a, law.b) <= plan.level)
  return Math.max(plan.threshold, unusual - law.rate)
}

/** Smallest x in (0, 1) from which `holds` is true, to 1e-6. */
function bisect(holds: (x: number) => boolean): number {
  let low = 0
  let high = 1
  while (high - low > 1e-6) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
