// What would settle an open metric: more requests, more history, a reference arm, or nothing,
// because the noise between runs is larger than what is looked for.

import type { MetricComparison, RelativeTest } from '../../model/comparison.ts'
import type { Reason, Settlement } from '../../model/verdict.ts'
import { tQuantileAbove } from '../../stats/t-distribution.ts'

const ALPHA = 0.05
/** From here on more runs change little. */
const ENOUGH_HISTORY = 8
/** More than this nobody sends for one verdict. */
const MOST_REQUESTS = 100_000

export function settlementsOf(metric: MetricComparison, reason: Reason): readonly Settlement[] {
  switch (reason.kind) {
    case 'too-few-requests':
    case 'ceiling-open':
      return Number.isFinite(reason.needs) && reason.needs > metric.requests
        ? [{ kind: 'more-requests', requests: reason.needs }]
        : []
    case 'no-history':
      return [{ kind: 'more-history', runs: ENOUGH_HISTORY }, { kind: 'reference-arm' }]
    case 'history-unusable':
      return [{ kind: 'more-history', runs: ENOUGH_HISTORY }]
    case 'interval-too-wide':
    case 'significant-alone':
      return metric.relative === undefined ? [] : narrowing(metric, metric.relative)
    default:
      return []
  }
}

function narrowing(metric: MetricComparison, test: RelativeTest): readonly Settlement[] {
  const requests = requestsToPass(test)
  if (test.evidence === 'reference') {
    return requests !== undefined && requests > test.has
      ? [{ kind: 'more-pairs', pairs: requests }]
      : []
  }
  const enough: readonly Settlement[] =
    requests !== undefined && requests > test.has
      ? [{ kind: 'more-requests', requests }]
      : metric.detectable !== undefined
        ? [{ kind: 'noise-floor', change: metric.detectable.best }]
        : []
  const history: readonly Settlement[] =
    metric.history < ENOUGH_HISTORY ? [{ kind: 'more-history', runs: ENOUGH_HISTORY }] : []
  return [...enough, ...history, { kind: 'reference-arm' }]
}

/**
 * Requests after which an unchanged endpoint would pass: t SE(n) < m, with SE^2 = between +
 * within/n, where within is the geometric mean of both sides: a short run overstates a tail's upper
 * side. Undefined when the variance between runs alone is too large.
 */
export function requestsToPass({ spread, mustDetect }: RelativeTest): number | undefined {
  if (spread === undefined || mustDetect === undefined) return undefined
  const room = (mustDetect / tQuantileAbove(ALPHA, spread.df)) ** 2 - spread.between
  if (!(room > 0)) return undefined
  const perRequest = Math.sqrt(spread.withinFail * spread.withinPass)
  const requests = Math.ceil(perRequest / room)
  return requests <= MOST_REQUESTS ? requests : undefined
}
