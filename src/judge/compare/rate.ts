// Failure rates (error rate; goodput as the share that was not good) against the history.

import type { RelativeTest } from '../../model/comparison.ts'
import type { FailureLaw } from '../../stats/failure-rate.ts'
import { compareFailureRates } from '../../stats/failure-rate.ts'
import { fisherUpperTail } from '../../stats/fisher-exact.ts'
import type { Rate } from '../../stats/newcombe.ts'
import { newcombeInterval } from '../../stats/newcombe.ts'
import { normalQuantileAbove } from '../../stats/normal-distribution.ts'
import { FEWEST } from '../../stats/quantile-baseline.ts'
import type { Levels } from './levels.ts'
import { type Metric, rateThresholds } from './metric.ts'

export function rateAgainstHistory(
  metric: Metric,
  arms: { readonly own: Rate; readonly law: FailureLaw },
  levels: Levels,
): RelativeTest {
  const found = compareFailureRates(arms.own, arms.law)
  const [lower, upper] = found.bounds(levels.fail, levels.pass)
  return testOf(metric, levels, {
    evidence: 'history',
    difference: found.difference,
    lower,
    upper,
    p: found.p,
    has: arms.own.trials,
  })
}

/** Both arms in the same minutes: a burst hits both, so plain counts are compared. */
export function rateAgainstReference(
  metric: Metric,
  arms: { readonly own: Rate; readonly reference: Rate },
  levels: Levels,
): RelativeTest {
  const { own, reference } = arms
  const bound = (level: number) => newcombeInterval(own, reference, normalQuantileAbove(level))
  return testOf(metric, levels, {
    evidence: 'reference',
    difference: own.events / own.trials - reference.events / reference.trials,
    lower: bound(levels.fail)[0],
    upper: bound(levels.pass)[1],
    p: fisherUpperTail({
      events: own.events,
      trials: own.trials,
      otherEvents: reference.events,
      otherTrials: reference.trials,
    }),
    has: own.trials,
  })
}

type Found = Pick<RelativeTest, 'evidence' | 'difference' | 'lower' | 'upper' | 'p' | 'has'>

function testOf(metric: Metric, levels: Levels, found: Found): RelativeTest {
  return {
    ...found,
    upperWithFailures: found.upper,
    pForLooks: levels.adjust(found.p),
    ...(rateThresholds(metric) ?? {}),
    needsToFail: FEWEST,
    needsToPass: FEWEST,
  }
}
