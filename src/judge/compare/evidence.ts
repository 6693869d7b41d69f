// What every way of comparing gives: a change, the same change were failures ranked worst, and how
// many requests stand behind it. `relativeTest` reads it at the levels of one look.

import type { RelativeTest, Spread } from '../../model/comparison.ts'
import type { Difference } from '../../stats/difference.ts'
import { chanceOf, lowerBound, upperBound } from '../../stats/difference.ts'
import type { Thresholds } from '../../stats/threshold.ts'
import type { Levels } from './levels.ts'

export type Evidence = {
  readonly source: 'history' | 'reference'
  readonly difference: Difference
  /** The same with the candidate's failed requests ranked as slower than everything. */
  readonly withFailures: Difference
  readonly has: number
  readonly needsToFail: number
  readonly needsToPass: number
  readonly spread: Spread
}

export function relativeTest(
  evidence: Evidence,
  levels: Levels,
  thresholds: Thresholds | undefined,
): RelativeTest {
  const { difference, withFailures } = evidence
  const p = chanceOf(difference)
  return {
    evidence: evidence.source,
    difference: difference.value,
    lower: lowerBound(difference, levels.fail),
    upper: upperBound(difference, levels.pass),
    upperWithFailures: upperBound(withFailures, levels.pass),
    p,
    pForLooks: levels.adjust(p),
    ...(thresholds ?? {}),
    has: evidence.has,
    needsToFail: evidence.needsToFail,
    needsToPass: evidence.needsToPass,
    spread: evidence.spread,
  }
}
