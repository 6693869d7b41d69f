// How many pairs or requests would probably settle an open metric, from the noise seen so far.

import type { MetricComparison } from '../../model/comparison.ts'
import type { MetricJudgement } from '../../model/verdict.ts'

/** A metric that is not settled, as numbers and as judged. */
export type Open = { readonly metric: MetricComparison; readonly judgement: MetricJudgement }

/** One-sided 95 % bound, normal: half of the unchanged endpoints pass. And 90 % of them. */
const HALF = 1.645
const MOST = 1.733 + 1.282
/** Variance that alternation leaves between two deployments: 2 (3.3 %)^2. */
const BETWEEN_ARMS = 2 * 0.033 ** 2
/** Pairs share prompt and moment, which is most of what makes single requests differ. */
const LEFT_BY_PAIRING = 0.4
const DEFAULT_MUST_DETECT = 0.2

/** Pairs with which an unchanged endpoint would pass as often as not, and nine times of ten. */
export type PairNeeds = { readonly least: number; readonly enough: number }

/**
 * Two arms' sampling variance against what a pass has to rule out. Undefined where no number of
 * pairs gets there: what two deployments differ by is more than what has to be ruled out.
 */
export function pairsNeeded({ metric, judgement }: Open): PairNeeds | undefined {
  if (judgement.reason.kind === 'no-samples') return undefined
  const least = pairsAtReach(metric, HALF)
  if (!Number.isFinite(least)) return undefined
  const enough = pairsAtReach(metric, MOST)
  return { least, enough: Number.isFinite(enough) ? enough : 4 * least }
}

function pairsAtReach(metric: MetricComparison, reach: number): number {
  const { relative, limit, quantile } = metric
  const stated = limit?.mustDetect ?? DEFAULT_MUST_DETECT
  if (metric.scale === 'difference') {
    return Math.ceil(2 * rateVariance(metric) * (reach / stated) ** 2)
  }
  const wanted = relative?.mustDetect ?? Math.log1p(stated)
  const room = (wanted / reach) ** 2 - BETWEEN_ARMS
  if (!(room > 0)) return Number.POSITIVE_INFINITY
  const perRequest = varianceOf(metric) * (quantile === 0.5 ? LEFT_BY_PAIRING : 1)
  return Math.max(Math.ceil((2 * perRequest) / room), relative?.needsToPass ?? 0)
}

/** Of one request, at the larger of both rates seen, at least half an event. */
function rateVariance({ baseline, candidate, requests }: MetricComparison): number {
  const rate = Math.max(baseline ?? 0, candidate ?? 0, 0.5 / Math.max(1, requests))
  return rate * (1 - rate)
}

/** Of one request. A short run overstates the upper side of its tail without bound: capped. */
function varianceOf({ relative, quantile }: MetricComparison): number {
  const usual = assumedVariance(quantile)
  const { spread } = relative ?? {}
  if (spread === undefined) return usual
  return Math.min(Math.sqrt(spread.withinFail * spread.withinPass), 2 * usual)
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
