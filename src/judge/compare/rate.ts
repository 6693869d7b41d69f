// Failure rates (error rate; goodput as the share that was not good) against the history.

import type { RelativeTest } from '../../model/comparison.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import type { FailureLaw } from '../../stats/failure-rate.ts'
import { chanceBesideReference, compareFailureRates } from '../../stats/failure-rate.ts'
import { fisherUpperTail } from '../../stats/fisher-exact.ts'
import type { Rate } from '../../stats/newcombe.ts'
import { newcombeInterval } from '../../stats/newcombe.ts'
import { normalQuantileAbove } from '../../stats/normal-distribution.ts'
import { smallestCount } from '../../stats/smallest-count.ts'
import { coarsestRate, FEWEST, ruledOut } from '../../stats/threshold.ts'
import type { ErrorLevels } from './levels.ts'
import { type Metric, rateBounds } from './metric.ts'

/** Also of one run that was measured earlier: failures come in bursts, and one of them hits one of both. */
export function rateAgainstHistory(
  metric: Metric,
  arms: { readonly own: Rate; readonly law: FailureLaw },
  as: { readonly levels: ErrorLevels; readonly evidence: RelativeTest['evidence'] },
): RelativeTest {
  const { own, law } = arms
  const { levels, evidence } = as
  const before = law.pooled.events / law.pooled.trials
  const against = (events: number) => {
    const found = compareFailureRates({ ...own, events }, law)
    const [lower, upper] = found.bounds(levels.fail, levels.pass)
    const interval = found.bounds(ALPHA, ALPHA)
    return { difference: found.difference, lower, upper, interval, p: found.p }
  }
  return testOf(metric, levels, { evidence, own, before, against })
}

/** Both arms in the same minutes: a burst hits both, so plain counts are compared. */
export function rateAgainstReference(
  metric: Metric,
  arms: { readonly own: Rate; readonly reference: Rate; readonly law: FailureLaw | undefined },
  levels: ErrorLevels,
): RelativeTest {
  const { reference, law } = arms
  const before = reference.events / reference.trials
  const against = (events: number) => {
    const own = { ...arms.own, events }
    const bounds = (level: number) => newcombeInterval(own, reference, normalQuantileAbove(level))
    return {
      difference: events / own.trials - before,
      interval: bounds(ALPHA),
      lower: bounds(levels.fail)[0],
      upper: bounds(levels.pass)[1],
      p: law === undefined ? fisher(own, reference) : chanceBesideReference(own, reference, law),
    }
  }
  return testOf(metric, levels, { evidence: 'reference', own: arms.own, before, against })
}

function fisher(own: Rate, { events, trials }: Rate): number {
  return fisherUpperTail({ ...own, otherEvents: events, otherTrials: trials })
}

type Found = Pick<RelativeTest, 'difference' | 'interval' | 'lower' | 'upper' | 'p'>

type Test = {
  readonly evidence: RelativeTest['evidence']
  readonly own: Rate
  /** The rate that the candidate's is compared with. */
  readonly before: number
  /** What so many events would have shown. */
  readonly against: (events: number) => Found
}

function testOf(metric: Metric, levels: ErrorLevels, test: Test): RelativeTest {
  const { own, against, evidence } = test
  const found = against(own.events)
  return {
    evidence,
    ...found,
    upperWithFailures: found.upper,
    pForLooks: levels.adjust(found.p),
    ...ruledOutBy(metric, test),
    has: own.trials,
    needsToFail: FEWEST,
    needsToPass: FEWEST,
  }
}

/** The largest number of events that is not suspect, and what rate it leaves possible. */
function ruledOutBy(
  metric: Metric,
  { own, before, against }: Test,
): Pick<RelativeTest, 'threshold' | 'mustDetect' | 'resolution'> {
  const bounds = rateBounds(metric)
  if (bounds === undefined) return {}
  const { threshold, mustDetect, auto } = bounds
  const isSuspect = (events: number) => {
    const { difference, p } = against(events)
    return difference > threshold && p <= ALPHA
  }
  const resolution = against(smallestCount(own.trials, isSuspect) - 1).upper
  const ceiling = metric.limit?.ceiling
  const room = ceiling === undefined ? undefined : roomTo(metric, ceiling, before)
  const coarsest = coarsestRate(mustDetect, room)
  return {
    threshold,
    mustDetect: auto ? ruledOut(resolution, { mustDetect, coarsest }) : mustDetect,
    resolution,
  }
}

function roomTo({ row }: Metric, ceiling: number, before: number): number {
  return (row.better === 'lower' ? ceiling : 1 - ceiling) - before
}
