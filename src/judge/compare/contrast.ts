// What every way of comparing gives: a change, the same change were failures ranked worst, and how
// many requests stand behind it. `relativeTest` reads it at the levels of one look.

import type { RelativeTest, Spread } from '../../model/comparison.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import type { Difference } from '../../stats/difference.ts'
import { chanceOf, lowerBound, upperBound } from '../../stats/difference.ts'
import { tQuantileAbove } from '../../stats/t-distribution.ts'
import { COARSEST_RATIO, ratioResolution, ruledOut } from '../../stats/threshold.ts'
import type { ErrorLevels } from './levels.ts'
import type { Bounds } from './metric.ts'

export type Contrast = {
  readonly source: 'history' | 'reference' | 'earlier'
  readonly difference: Difference
  /** The same with the candidate's failed requests ranked as slower than everything. */
  readonly withFailures: Difference
  readonly has: number
  readonly needsToFail: number
  readonly needsToPass: number
  readonly spread: Spread
}

export function relativeTest(
  contrast: Contrast,
  levels: ErrorLevels,
  bounds: Bounds | undefined,
): RelativeTest {
  const { difference, withFailures } = contrast
  const p = chanceOf(difference)
  return {
    evidence: contrast.source,
    difference: difference.value,
    lower: lowerBound(difference, levels.fail),
    interval: [lowerBound(difference, ALPHA), upperBound(difference, ALPHA)],
    upper: upperBound(difference, levels.pass),
    upperWithFailures: upperBound(withFailures, levels.pass),
    p,
    pForLooks: levels.adjust(p),
    ...(bounds === undefined ? {} : ruledOutBy(contrast, levels, bounds)),
    has: contrast.has,
    needsToFail: contrast.needsToFail,
    needsToPass: contrast.needsToPass,
    spread: contrast.spread,
  }
}

/** Anything that is not suspect passes where `must_detect` is left out, down to the coarsest. */
function ruledOutBy(
  { difference }: Contrast,
  levels: ErrorLevels,
  { threshold, mustDetect, auto }: Bounds,
): Pick<RelativeTest, 'threshold' | 'mustDetect' | 'resolution'> {
  const { low, up, df } = difference
  const resolution = ratioResolution(
    threshold,
    tQuantileAbove(ALPHA, df) * low,
    tQuantileAbove(levels.pass, df) * up,
  )
  const coarsest = COARSEST_RATIO
  return {
    threshold,
    mustDetect: auto ? ruledOut(resolution, { mustDetect, coarsest }) : mustDetect,
    resolution,
  }
}
