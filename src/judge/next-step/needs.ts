// How many pairs or requests would probably settle an open metric, from the noise seen so far.

import type { MetricComparison } from '../../model/comparison.ts'
import type { Limit } from '../../model/config.ts'
import { MEDIAN } from '../../model/metric.ts'
import type { MetricJudgement } from '../../model/verdict.ts'
import { ALPHA, LOOKS_AT_PAIRS, MOST_REQUESTS } from '../../model/verdict-policy.ts'
import { levelAtLook } from '../../stats/alpha-spending.ts'
import { newcombeInterval } from '../../stats/newcombe.ts'
import { normalQuantileAbove } from '../../stats/normal-distribution.ts'
import { usualSampling } from '../../stats/quantile-statistic.ts'
import { smallestCount } from '../../stats/smallest-count.ts'
import { COARSEST_RATIO } from '../../stats/threshold.ts'

/** A metric that is not settled, as numbers and as judged. */
export type Open = { readonly metric: MetricComparison; readonly judgement: MetricJudgement }

/** How far nine of ten unchanged differences reach. */
const NINE_OF_TEN = bound(0.1)
/** The bound of one look, with which half of the unchanged endpoints pass. */
const HALF = bound(ALPHA)
/** With which 90 % of them do. As if there were four looks: more pairs than two of them need. */
const MOST = boundAtLast(4) + NINE_OF_TEN
const LAST_LOOK = boundAtLast(LOOKS_AT_PAIRS)

function boundAtLast(looks: number): number {
  return bound(levelAtLook(ALPHA, { taken: looks, planned: looks }))
}

/** To three digits behind the point: what is planned with them is an estimate. */
function bound(level: number): number {
  return Number(normalQuantileAbove(level).toFixed(3))
}

/** Pairs share prompt and moment, which is most of what makes single requests differ. */
const LEFT_BY_PAIRING = 0.4

/**
 * Pairs below which no outcome settles it, with which an unchanged endpoint would pass as often as
 * not, and nine times of ten.
 */
export type PairNeeds = { readonly fewest: number; readonly least: number; readonly enough: number }

/**
 * Two arms' sampling variance against what a pass has to rule out. Undefined where no number of
 * pairs gets there: what two deployments differ by is more than what has to be ruled out.
 */
export function pairsNeeded({ metric, judgement }: Open, differs: number): PairNeeds | undefined {
  const { limit } = metric
  if (limit === undefined || judgement.reason.kind === 'no-samples') return undefined
  if (metric.scale === 'difference') return ratePairs(metric, limit)
  const least = pairsAtReach(metric, { limit, reach: HALF, differs })
  if (!Number.isFinite(least)) return undefined
  const enough = pairsAtReach(metric, { limit, reach: MOST, differs })
  const { needsToFail = 0, needsToPass = 0 } = metric.relative ?? {}
  return {
    // More pairs can also turn a suspicion into a fail, which takes fewer than a pass.
    fewest: judgement.verdict === 'suspect' ? needsToFail : needsToPass,
    least,
    enough: Number.isFinite(enough) ? enough : 4 * least,
  }
}

type PairReach = { readonly limit: Limit; readonly reach: number; readonly differs: number }

function pairsAtReach(metric: MetricComparison, { limit, reach, differs }: PairReach): number {
  const { relative, quantile } = metric
  // What alternation leaves between two deployments.
  const between = 2 * differs ** 2
  const wanted = Math.max(
    relative?.mustDetect ?? Math.log1p(limit.mustDetect),
    reachableOf(metric, reach * Math.sqrt(between)),
  )
  const room = (wanted / reach) ** 2 - between
  if (!(room > 0)) return Number.POSITIVE_INFINITY
  const perRequest = varianceOf(metric) * (quantile === MEDIAN ? LEFT_BY_PAIRING : 1)
  return Math.max(Math.ceil((2 * perRequest) / room), relative?.needsToPass ?? 0)
}

/** How much of the uncertainty may be left to sampling: as much again as half of the rest. */
const SAMPLING = Math.sqrt(1.5)

/**
 * Where it was left open what a pass rules out, deployments that differ by more leave a coarser pass
 * possible: pairs are worth as many as bring it near to what they allow.
 */
function reachableOf({ limit, scale }: MetricComparison, left: number): number {
  const isOpen = limit?.autoDetect === true && scale === 'ratio'
  return isOpen ? Math.min(COARSEST_RATIO, SAMPLING * left) : 0
}

/**
 * The bound on the difference of two rates, as the pairs will be judged: without a failure in
 * either arm, at the rate seen, and with as much bad luck as one in ten has.
 */
function ratePairs(metric: MetricComparison, { mustDetect: stated }: Limit): PairNeeds | undefined {
  const rate = Math.max(metric.baseline ?? 0, metric.candidate ?? 0)
  const least = fewestPairs(stated, { rate, luck: 0 })
  if (least === undefined) return undefined
  return {
    fewest: fewestPairs(stated, { rate: 0, luck: 0 }) ?? least,
    least,
    enough: fewestPairs(stated, { rate, luck: NINE_OF_TEN }) ?? 4 * least,
  }
}

function fewestPairs(
  stated: number,
  as: { readonly rate: number; readonly luck: number },
): number | undefined {
  const passes = (pairs: number) => {
    const apart = as.luck * Math.sqrt((2 * as.rate * (1 - as.rate)) / pairs)
    const worse = Math.min(1, as.rate + apart)
    const of = (rate: number) => ({ events: rate * pairs, trials: pairs })
    return newcombeInterval(of(worse), of(as.rate), LAST_LOOK)[1] < stated
  }
  const enough = smallestCount(MOST_REQUESTS, passes)
  return enough > MOST_REQUESTS ? undefined : enough
}

/** Of one request. A short run overstates the upper side of its tail without bound: capped. */
function varianceOf({ relative, quantile = MEDIAN }: MetricComparison): number {
  const usual = usualSampling(quantile) ** 2
  const { spread } = relative ?? {}
  if (spread === undefined) return usual
  return Math.min(Math.sqrt(spread.withinFail * spread.withinPass), 2 * usual)
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
