// Absolute objectives: exact, distribution-free, without a baseline. They speak of the minutes in
// which the run was made, and of nothing else.

import type { CeilingTest } from '../../model/comparison.ts'
import { MEDIAN } from '../../model/metric.ts'
import type { Summary } from '../../model/summary.ts'
import { ALPHA, MOST_REQUESTS } from '../../model/verdict-policy.ts'
import { binomialLowerTail, binomialUpperTail } from '../../stats/binomial.ts'
import { clusterFactor } from '../../stats/design-factor.ts'
import type { RunMean } from '../../stats/mean-baseline.ts'
import type { Rate } from '../../stats/newcombe.ts'
import { normalQuantileAbove, normalUpperTail } from '../../stats/normal-distribution.ts'
import { inflationOf } from '../../stats/quantile-baseline.ts'
import { mirror, sampleOf } from '../../stats/sample.ts'
import { smallestCount } from '../../stats/smallest-count.ts'
import { FEWEST, fewestToPass } from '../../stats/threshold.ts'
import type { Metric } from './metric.ts'
import type { OwnValues } from './quantile.ts'

/**
 * Requests beyond the ceiling against the share a percentile allows. Counts are divided by the
 * inflation of dependent requests. Refused requests count against a pass, not for a fail: they are
 * the error rate's business.
 */
export function quantileCeiling(
  metric: Metric,
  candidate: OwnValues,
  ceiling: number,
): CeilingTest {
  const q = metric.quantile ?? MEDIAN
  const sample = sampleOf(candidate.values)
  const worst = metric.row.better === 'lower' ? ceiling : mirror(ceiling)
  let over = 0
  for (const value of sample.values) if (value > worst) over += 1
  const of = sample.values.length
  const { refused } = candidate
  const share = (over + refused) / (of + refused)
  const shrink = inflationOf([sample], q) * clusterFactor(sample, q)
  return {
    over,
    of,
    pAbove: binomialUpperTail(over / shrink, of / shrink, 1 - q),
    pWithin: binomialLowerTail((over + refused) / shrink, (of + refused) / shrink, 1 - q),
    needs: Math.ceil(shrink * fewestToPass(q, ALPHA)),
    settles: requestsWithin({ share, allowed: 1 - q, shrink }),
  }
}

/**
 * The fewest requests that show at 95 % that no more than `allowed` are beyond the ceiling, when as
 * many are as were seen: half of the runs of this size have no more. Undefined where none do.
 */
function requestsWithin(seen: {
  readonly share: number
  readonly allowed: number
  readonly shrink: number
}): number | undefined {
  const { share, allowed, shrink } = seen
  if (share >= allowed) return undefined
  const passes = (requests: number) =>
    binomialLowerTail((share * requests) / shrink, requests / shrink, allowed) <= ALPHA
  const enough = smallestCount(MOST_REQUESTS, passes)
  return enough > MOST_REQUESTS ? undefined : enough
}

/** A ceiling of zero asks for no event at all: none seen is all that can be shown. */
export function rateCeiling(
  own: Rate,
  before: Rate | undefined,
  { metric, ceiling }: { readonly metric: Metric; readonly ceiling: number },
): CeilingTest {
  const most = metric.row.better === 'lower' ? ceiling : 1 - ceiling
  const { events: over, trials: of, together = 1 } = own
  if (most <= 0) {
    return {
      over,
      of,
      pAbove: over > 0 ? 0 : 1,
      pWithin: over > 0 ? 1 : 0,
      needs: FEWEST,
      settles: FEWEST,
    }
  }
  return {
    over,
    of,
    pAbove: binomialUpperTail(over / together, of / together, most),
    pWithin: binomialLowerTail(over / together, of / together, most),
    needs: Math.ceil(Math.log(ALPHA) / Math.log1p(-Math.min(most, 0.99))),
    settles: requestsWithin({ share: over / of, allowed: most, shrink: 1 }),
    withHistory: before && together === 1 ? allRuns(own, before, most) : undefined,
  }
}

/** One run seldom has the requests to show that a rate is within its ceiling; all runs have. */
function allRuns(own: Rate, before: Rate, most: number): CeilingTest['withHistory'] {
  const over = own.events + before.events
  const of = own.trials + before.trials
  return { over, of, pWithin: binomialLowerTail(over, of, most) }
}

/** The mean against its ceiling, normal on the log scale; `over` counts requests more expensive than it. */
export function meanCeiling(
  metric: Metric,
  run: { readonly summary: Summary; readonly mean: RunMean },
  ceiling: number,
): CeilingTest {
  const { value, count } = run.mean
  const room = Math.log(ceiling) - value
  const error = Math.max(Math.sqrt(run.mean.variance), 1e-6)
  const reach = (normalQuantileAbove(ALPHA) * error) / Math.max(Math.abs(room), 1e-6)
  const needs = Math.max(FEWEST, Math.ceil(count * reach * reach))
  const { cost } = run.summary
  const values =
    metric.family === 'cost_per_answer' && cost.known
      ? cost.perRequestUsd
      : (run.summary.series[metric.family]?.values ?? [])
  let over = 0
  for (const each of values) if (each > ceiling) over += 1
  return {
    over,
    of: count,
    pAbove: normalUpperTail(-room / error),
    pWithin: normalUpperTail(room / error),
    needs,
    settles: room > 0 ? needs : undefined,
  }
}
