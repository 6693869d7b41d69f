// How many pairs or requests would probably settle an open metric, from the noise seen so far.

import type { MetricComparison } from '../../model/comparison.ts'
import type { Prospect } from './afford.ts'

type Open = Omit<Prospect, 'needs'>

/** One-sided 95 % bound plus 80 % power, normal. */
const REACH = 1.645 + 0.842
/** Variance that alternation leaves between two deployments: 2 (3 %)^2. */
const BETWEEN_ARMS = 2 * 0.03 ** 2
const DEFAULT_MUST_DETECT = 0.2

/**
 * Pairs with which an unchanged endpoint passes with 80 %: two arms' sampling variance against what
 * a pass has to rule out. Undefined where no number of pairs does.
 */
export function pairsNeeded({ metric, judgement }: Open): number | undefined {
  if (judgement.reason.kind === 'no-samples') return undefined
  const wanted =
    metric.relative?.mustDetect ?? Math.log1p(metric.limit?.mustDetect ?? DEFAULT_MUST_DETECT)
  if (metric.scale === 'difference') return pairsForRate(metric)
  const room = (wanted / REACH) ** 2 - BETWEEN_ARMS
  if (!(room > 0)) return undefined
  const perRequest = metric.relative?.spread?.withinPass ?? assumedVariance(metric.quantile)
  const pairs = Math.ceil((2 * perRequest) / room)
  if (!Number.isFinite(pairs)) return undefined
  return Math.max(pairs, metric.relative?.needsToPass ?? 0)
}

/** Normal approximation at the larger of both rates seen, at least half an event. */
function pairsForRate({ limit, baseline, candidate, requests }: MetricComparison): number {
  const rate = Math.max(baseline ?? 0, candidate ?? 0, 0.5 / Math.max(1, requests))
  const wanted = limit?.mustDetect ?? DEFAULT_MUST_DETECT
  return Math.ceil((2 * rate * (1 - rate) * REACH * REACH) / (wanted * wanted))
}

/** Without a history: the square of c in SE = c/sqrt n for a usual latency distribution. */
function assumedVariance(quantile = 0.5): number {
  if (quantile <= 0.75) return 0.7 ** 2
  if (quantile <= 0.9) return 1
  return quantile <= 0.95 ? 1.35 ** 2 : 5.5 ** 2
}

/** Undefined where more requests cannot help: the noise between runs is the floor. */
export function requestsNeeded({ metric, judgement }: Open): number | undefined {
  const settlement = judgement.settles.find(({ kind }) => kind === 'more-requests')
  if (settlement?.kind === 'more-requests') {
    const missing = settlement.requests - metric.requests
    return missing > 0 ? missing : undefined
  }
  return judgement.verdict === 'suspect' ? requestsForSuspect(metric) : undefined
}

/** As many again, where sampling is at least half of what makes the change uncertain. */
function requestsForSuspect({ relative, requests }: MetricComparison): number | undefined {
  if (relative?.spread === undefined) return undefined
  const { between, withinFail } = relative.spread
  return withinFail / requests > between ? requests : undefined
}
