// What keeps a metric from a verdict, or a proven change from a fail: the limit, the floor, the noise
// between runs, too few requests, or a comparison that could not have seen a doubling. Sentence and
// advice follow from it.

import type { MetricComparison, RelativeTest } from '../../model/comparison.ts'
import type { HeldBack, MetricVerdict, Reason } from '../../model/verdict.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import { tQuantileAbove } from '../../stats/t-distribution.ts'
import { logWorsening } from '../../stats/threshold.ts'
import { requestsToPass } from './settled-by.ts'

/** On the log scale: what could hide beside the change that was seen. */
const BLIND = Math.log(2)

/** Undefined where the verdict is not held back: it fails, passes for what was seen, or is not gated. */
export function heldBackBy(
  metric: MetricComparison,
  { verdict, reason }: { readonly verdict: MetricVerdict; readonly reason: Reason },
): HeldBack | undefined {
  const { relative: test } = metric
  switch (reason.kind) {
    case 'too-few-requests':
      return { kind: 'requests', has: reason.has, needs: reason.needs }
    case 'ruled-out':
      return verdict === 'pass' && test !== undefined ? floorOf(metric, test) : undefined
    case 'interval-too-wide':
      return test === undefined ? undefined : (floorOf(metric, test) ?? widthOf(test))
    default:
      return undefined
  }
}

/** A change beyond noise and beyond the stated share, that only the floor keeps from failing. */
function floorOf(
  { limit, scale, better, baseline }: MetricComparison,
  { threshold = 0, difference, lower }: RelativeTest,
): HeldBack | undefined {
  if (limit?.worsening === undefined || limit.floor === 0) return undefined
  const { worsening: stated, floor } = limit
  const share = scale === 'ratio' ? logWorsening(stated, better) : stated
  const isFloors = threshold > share && difference > share && difference <= threshold && lower > 0
  if (!isFloors) return undefined
  const asChange = scale === 'difference' || baseline === undefined ? floor : floor / baseline
  return { kind: 'floor', floor, stated, asChange }
}

/** Why the interval reaches what has to be ruled out. */
function widthOf(test: RelativeTest): HeldBack {
  const { spread, difference, lower, upper, has } = test
  const room = Math.max(upper, test.upperWithFailures) - Math.max(difference, 0)
  if (spread !== undefined && room > BLIND) {
    return { kind: 'blind', hides: Number.isFinite(room) ? Math.expm1(room) : undefined }
  }
  if (lower > 0) return { kind: 'limit' }
  if (spread === undefined) return { kind: 'requests', has }
  const needs = requestsToPass(test)
  return needs !== undefined && needs > has
    ? { kind: 'requests', has, needs }
    : { kind: 'noise-between-runs', best: bestOf(spread) }
}

/** The smallest change that any number of requests could rule out for an unchanged endpoint. */
function bestOf({ between, df }: NonNullable<RelativeTest['spread']>): number {
  return Math.expm1(tQuantileAbove(ALPHA, df) * Math.sqrt(between))
}
