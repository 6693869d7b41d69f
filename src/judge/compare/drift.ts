// Many small steps, each within its limit, that add up: the candidate against the first runs of the
// epoch instead of the latest ones.

import type { DriftTest } from '../../model/comparison.ts'
import type { Summary } from '../../model/summary.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import { chanceOf, type Difference, lowerBound, upperBound } from '../../stats/difference.ts'
import { logWorsening } from '../../stats/threshold.ts'
import type { Context } from './context.ts'
import { type Metric, naturalRatio, orderedRatio, ratioBounds } from './metric.ts'

/**
 * Undefined without a relative limit, and while the epoch is young: as long as every baseline run
 * is one of its first, the two comparisons are the same.
 */
export function driftOf(
  metric: Metric,
  context: Context,
  compareWith: (
    anchor: readonly Summary[],
  ) => { difference: Difference; centre: number } | undefined,
): DriftTest | undefined {
  const { anchor, history } = context
  const first = anchor[0]
  const ids = new Set(anchor.map((run) => run.runId))
  if (first === undefined || history.runs.every((run) => ids.has(run.runId))) return undefined
  const found = compareWith(anchor)
  if (found === undefined) return undefined
  const bounds = ratioBounds(metric, Math.exp(found.centre))
  if (bounds === undefined) return undefined
  const { difference } = found
  const lower = lowerBound(difference, ALPHA)
  const tolerated = metric.limit?.drift
  return {
    total: naturalRatio(metric, difference.value),
    interval: orderedRatio(metric, lower, upperBound(difference, ALPHA)),
    since: first.startedAt,
    runs: anchor.length,
    difference: difference.value,
    lower,
    p: chanceOf(difference),
    threshold: bounds.threshold,
    tolerated: tolerated === undefined ? undefined : logWorsening(tolerated, metric.row.better),
  }
}
