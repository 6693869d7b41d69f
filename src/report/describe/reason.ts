// Why a metric was judged as it was, in one sentence. The numbers are those of the reason.

import { isOfOneNumber } from '../../model/opening.ts'
import type { HeldBack, MetricJudgement, Reason } from '../../model/verdict.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import * as format from '../format.ts'
import { ceilingOf, changeInWords, floorInWords, relativeLimit, worseWord } from './metric-words.ts'

type Of<Kind extends Reason['kind']> = Extract<Reason, { kind: Kind }>

export function reasonText(metric: MetricJudgement): string {
  const { reason } = metric
  const text = reasonOf(metric, reason)
  if (metric.accepted === undefined) return text
  const { label, reason: why, by } = metric.accepted
  return `accepted${by === undefined ? '' : ` by ${by}`} (${label ?? why}); otherwise: ${text}`
}

function reasonOf(metric: MetricJudgement, reason: Reason): string {
  switch (reason.kind) {
    case 'worse-than-limit':
      return worseThanLimit(metric, reason)
    case 'above-ceiling':
    case 'within-ceiling':
    case 'ceiling-open':
      return ceilingReason(metric, reason)
    case 'failures-beyond-quantile':
    case 'failures-hide-quantile':
      return failuresReason(metric, reason)
    case 'drifted':
      return `small accepted steps add up: ${changeInWords(metric, reason.total)} than the first runs of this baseline epoch, since ${format.day(reason.since)}`
    case 'significant-alone':
      return `looks ${worseWord(metric)}, but several metrics are judged at once and the evidence does not hold for all (${format.probability(reason.p)} alone, ${format.probability(reason.pAdjusted)} together)`
    case 'not-confirmed':
      return notConfirmed(metric, reason)
    case 'ruled-out':
      return metric.heldBack?.kind === 'floor'
        ? withinFloor(metric, metric.heldBack)
        : `no regression: ${ruledOutSize(metric, reason.mustDetect)} or worse would have been seen with ${format.percent(1 - ALPHA)} probability`
    case 'better':
      return 'better beyond noise'
    case 'interval-too-wide':
      return tooWide(metric, ruledOutSize(metric, reason.mustDetect))
    case 'too-few-requests':
      return `has ${format.count(reason.has, 'request')}, needs at least ${reason.needs}`
    default:
      return plainReason(reason)
  }
}

/** What is in the way, which is not always noise. `size` is what a pass has to rule out. */
function tooWide(metric: MetricJudgement, size: string): string {
  const { heldBack } = metric
  switch (heldBack?.kind) {
    case 'floor':
      return withinFloor(metric, heldBack)
    case 'limit':
      return `${worseWord(metric)} beyond noise, within the limit as far as can be seen; not yet shown to be less than ${size}`
    case 'noise-between-runs':
      return `the baseline's own runs differ so much that no number of requests can rule out less than ${signed(metric, heldBack.best)}, and ${size} has to be ruled out`
    case 'requests': {
      const enough = heldBack.needs === undefined ? '' : `, about ${heldBack.needs} would do`
      return `${format.count(heldBack.has, sample(metric))} ${heldBack.has === 1 ? 'is' : 'are'} too few to rule out a change of ${size}${enough}`
    }
    case 'blind':
      return heldBack.hides === undefined
        ? 'so uncertain that any change could have gone unseen'
        : `so uncertain that ${signed(metric, heldBack.hides)} could have gone unseen`
    case undefined:
      return `too noisy to rule out a change of ${size}`
  }
}

function withinFloor(
  metric: MetricJudgement,
  { floor, asChange }: Extract<HeldBack, { kind: 'floor' }>,
): string {
  const change = changeInWords(metric, metric.change ?? 0)
  return `${change} beyond noise, and within the ${floorInWords(metric, floor, asChange)}, which has to be exceeded as well`
}

function sample({ evidence }: MetricJudgement): string {
  return evidence === 'reference' ? 'pair' : 'request'
}

function signed({ better, scale }: MetricJudgement, size: number): string {
  return format.roughly(better === 'lower' ? size : -size, scale)
}

function plainReason(
  reason: Of<
    | 'no-history'
    | 'history-unusable'
    | 'no-samples'
    | 'not-shown'
    | 'not-exported'
    | 'no-limit'
    | 'no-prices'
    | 'usage-unknown'
    | 'free'
    | 'unknown-in-import'
    | 'invalid-run'
  >,
): string {
  switch (reason.kind) {
    case 'no-history':
      return 'no baseline to compare with'
    case 'history-unusable':
      return `the baseline cannot be used: ${reason.problem}`
    case 'no-samples':
      return 'no request got far enough to measure it'
    case 'not-exported':
      return 'the server’s metrics do not include it'
    case 'not-shown':
      return 'the reported figures do not show that its limit holds'
    case 'no-limit':
      return 'shown only: it has no limit'
    case 'no-prices':
      return 'no prices are configured'
    case 'usage-unknown':
      return 'the server reports no token usage, so the cost is not known'
    case 'free':
      return 'every request is billed at $0: it cannot change'
    case 'unknown-in-import':
      return `the imported file says nothing of ${reason.what}`
    case 'invalid-run':
      return 'shown only: the run is void'
  }
}

function notConfirmed(metric: MetricJudgement, { first, second }: Of<'not-confirmed'>): string {
  const seen =
    first === undefined || second === undefined
      ? 'failed in the first measurement'
      : `${format.change(first, metric.scale)} in the first measurement, ${format.change(second, metric.scale)} in the second`
  return `${seen}: measured once more, it did not show again`
}

function worseThanLimit(metric: MetricJudgement, reason: Of<'worse-than-limit'>): string {
  const limit = relativeLimit(metric)
  const than = limit === '' ? 'than the baseline' : `than the limit of ${limit} allows`
  return `${worseWord(metric)} ${than}, beyond noise${odds(reason)}`
}

/** Empty where no p is known. */
export function odds({ pAdjusted }: Of<'worse-than-limit'>): string {
  return pAdjusted === undefined ? '' : ` (${format.probability(pAdjusted)}, all metrics counted)`
}

function ceilingReason(
  metric: MetricJudgement,
  reason: Of<'above-ceiling' | 'within-ceiling' | 'ceiling-open'>,
): string {
  if (isOfOneNumber(metric.id)) {
    const side = reason.kind === 'within-ceiling' ? 'within' : 'beyond'
    return `${format.value(metric.candidate, metric.unit)} in this run, ${side} the ${ceilingOf(metric)}`
  }
  const beyond = `${reason.over} of ${format.count(reason.of, 'request')} beyond the ${ceilingOf(metric)}`
  switch (reason.kind) {
    case 'above-ceiling':
      return `${beyond}: more than chance explains (${format.probability(reason.p)})`
    case 'within-ceiling':
      return reason.withHistory
        ? `${beyond}, the history's counted in: within what it allows`
        : `${beyond}: within what it allows`
    case 'ceiling-open':
      return reason.of < reason.needs
        ? `${beyond}: too few requests to tell, needs at least ${reason.needs}`
        : `${beyond}: too close to what it allows to tell with so many`
  }
}

function failuresReason(
  metric: MetricJudgement,
  reason: Of<'failures-beyond-quantile' | 'failures-hide-quantile'>,
): string {
  const failed = `${reason.failed} of ${format.count(reason.of, 'request')} failed before answering`
  return reason.kind === 'failures-beyond-quantile'
    ? `${failed}: ${metric.label} is among the failures (${format.probability(reason.p)})`
    : `${failed}: too many to tell what ${metric.label} would be`
}

/** With the sign of worse, and no digits that nobody wrote. */
export function ruledOutSize(metric: MetricJudgement, size: number): string {
  const { better, scale, limit } = metric
  // A ratio of 1.25 the wrong way is a fall by a fifth.
  const fall = scale === 'ratio' ? size / (1 + size) : size
  const own = better === 'lower' ? size : fall
  const isStated = Math.abs(own - (limit?.mustDetect ?? Number.NaN)) < 1e-9
  const signedSize = better === 'lower' ? own : -own
  return isStated ? format.threshold(signedSize, scale) : format.roughly(signedSize, scale)
}
