// What would settle an open metric: more requests, more history, a reference arm, or nothing,
// because the noise between runs is larger than what is looked for.

import type { MetricComparison, RelativeTest } from '../../model/comparison.ts'
import { isOfOneNumber } from '../../model/opening.ts'
import type { Reason, Settlement } from '../../model/verdict.ts'
import { ALPHA, MOST_REQUESTS, RECOMMENDED_RUNS } from '../../model/verdict-policy.ts'
import { tQuantileAbove } from '../../stats/t-distribution.ts'

export function settlementsOf(metric: MetricComparison, reason: Reason): readonly Settlement[] {
  const { relative, ceiling } = metric
  if (isOfOneNumber(metric.id)) return [{ kind: 'more-history', runs: RECOMMENDED_RUNS }]
  switch (reason.kind) {
    case 'ceiling-open':
      return moreRequests(ceiling?.settles, metric.requests)
    case 'too-few-requests':
      // A rate is judged by its count alone.
      if (relative?.spread === undefined) return moreRequests(reason.needs, metric.requests)
      return narrowing(metric, relative)
    case 'no-history':
      return [{ kind: 'more-history', runs: RECOMMENDED_RUNS }, { kind: 'reference-arm' }]
    case 'history-unusable':
      return [{ kind: 'more-history', runs: RECOMMENDED_RUNS }]
    case 'interval-too-wide':
    case 'significant-alone':
      return relative === undefined ? [] : narrowing(metric, relative)
    default:
      return []
  }
}

function moreRequests(requests: number | undefined, has: number): readonly Settlement[] {
  return requests !== undefined && requests > has ? [{ kind: 'more-requests', requests }] : []
}

function narrowing(metric: MetricComparison, test: RelativeTest): readonly Settlement[] {
  const requests = requestsToPass(test)
  if (test.evidence === 'earlier') {
    return [...moreRequests(requests, test.has), { kind: 'reference-arm' }]
  }
  if (test.evidence === 'reference') {
    return requests !== undefined && requests > test.has
      ? [{ kind: 'more-pairs', pairs: requests }]
      : []
  }
  const enough = moreRequests(requests, test.has)
  const floor: readonly Settlement[] =
    enough.length === 0 && metric.detectable !== undefined
      ? [{ kind: 'noise-floor', change: metric.detectable.best }]
      : []
  const history: readonly Settlement[] =
    metric.history < RECOMMENDED_RUNS ? [{ kind: 'more-history', runs: RECOMMENDED_RUNS }] : []
  return [...enough, ...floor, ...history, { kind: 'reference-arm' }]
}

/** Who is told to go on is who looked good: by about this many standard errors, better than true. */
const LUCK = 0.4

/**
 * Requests after which this run would pass in half of cases: D + t SE(n) < m, with SE^2 = between +
 * within/n. D is the worsening seen, which more requests of the same run are as likely to raise as
 * to lower, with what luck and its failures add; within is that of the side a pass looks at. Undefined where
 * the variance between runs alone is too large.
 */
export function requestsToPass(test: RelativeTest): number | undefined {
  const { spread, mustDetect, upper, upperWithFailures, has, needsToPass } = test
  if (spread === undefined || mustDetect === undefined) return undefined
  const seen = test.difference + LUCK * Math.sqrt(spread.withinPass / has)
  const left = mustDetect - Math.max(0, seen) - (upperWithFailures - upper)
  if (!(left > 0)) return undefined
  const room = (left / tQuantileAbove(ALPHA, spread.df)) ** 2 - spread.between
  if (!(room > 0)) return undefined
  const requests = Math.max(needsToPass, Math.ceil(spread.withinPass / room))
  return requests <= MOST_REQUESTS ? requests : undefined
}
