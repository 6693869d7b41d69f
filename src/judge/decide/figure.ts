// One metric of a report that somebody else wrote, judged again: what its figures carry under a limit
// that is not theirs. Names, units and directions are the metric table's, whatever the report calls them.

import type { Limit } from '../../model/config.ts'
import { metricRow, parseMetricId } from '../../model/metric.ts'
import type { MetricJudgement, MetricVerdict, Reason } from '../../model/verdict.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import {
  COARSEST_RATIO,
  coarsestRate,
  rateThresholds,
  ratioResolution,
  ratioThresholds,
  ruledOut,
} from '../../stats/threshold.ts'
import { headingOf } from '../compare/compare.ts'

/** Undefined for a metric that is not in the table: it could not be spoken of. */
export function judgedFigure(
  figure: MetricJudgement,
  limit: Limit | undefined,
): MetricJudgement | undefined {
  const shown = inOurTerms(figure, limit)
  if (shown === undefined) return undefined
  if (limit === undefined) return { ...shown, verdict: 'not-gated', reason: { kind: 'no-limit' } }
  const parts = [relativePart(shown), ceilingPart(shown, figure), driftPart(shown, figure)]
  const worst = worstOf(parts.flatMap((part) => part ?? []))
  const part = moreCareful(figure, worst)
  const isOpen = part.verdict === 'inconclusive' || part.verdict === 'suspect'
  return {
    ...shown,
    ...part,
    ...(limit.ceiling === undefined ? {} : { ceilingHolds: parts[1]?.verdict === 'pass' }),
    ...(part.verdict === 'pass' && limit.worsening !== undefined
      ? { resolution: asShare(shown, barOf(shown)?.bar ?? 0) }
      : {}),
    settles: isOpen && part.verdict === figure.verdict ? figure.settles : [],
  }
}

/** A limit of which the report says nothing. */
export function missingFigure(limit: Limit): MetricJudgement {
  return {
    ...headingOf({ ...limit, id: limit.metric, row: metricRow(limit.family), limit }),
    verdict: 'inconclusive',
    reason: { kind: 'not-shown' },
    evidence: 'history',
    requests: 0,
    history: 0,
    settles: [],
  }
}

type Reread = Omit<MetricJudgement, 'verdict' | 'reason'>

/** What a stranger says of the base branch, of steps and of what a run could find is not taken. */
function inOurTerms(figure: MetricJudgement, limit: Limit | undefined): Reread | undefined {
  const parsed = parseMetricId(figure.id)
  if (parsed === undefined) return undefined
  const { baseline, candidate, survivorsOnly, change, interval } = figure
  const { evidence, requests, history } = figure
  const heading = headingOf({ ...parsed, row: metricRow(parsed.family), limit })
  const numbers = { baseline, candidate, survivorsOnly, change, interval }
  return { ...heading, ...numbers, evidence, requests, history, settles: [] }
}

type Part = Pick<MetricJudgement, 'verdict' | 'reason'>

const OPEN: Part = { verdict: 'inconclusive', reason: { kind: 'not-shown' } }

function relativePart(shown: Reread): Part | undefined {
  if (shown.limit?.worsening === undefined) return undefined
  const { change, interval } = shown
  const bars = barOf(shown)
  if (change === undefined || interval === undefined || bars === undefined) return OPEN
  const worse = worsening(shown, change)
  const [low, high] = boundsOf(shown, interval)
  if (!(low <= worse && worse <= high)) return OPEN
  const { threshold, bar } = bars
  if (worse > threshold && low > 0) {
    return { verdict: 'fail', reason: { kind: 'worse-than-limit' } }
  }
  if (high >= bar || beside(shown) >= bar) return OPEN
  return high < 0 && worse < -threshold
    ? { verdict: 'improved', reason: { kind: 'better' } }
    : { verdict: 'pass', reason: { kind: 'ruled-out', mustDetect: asShare(shown, bar) } }
}

/** What the two values say by themselves: an interval that leaves them out carries no pass. */
function beside(shown: Reread): number {
  const { scale, baseline = Number.NaN, candidate = Number.NaN } = shown
  return worsening(shown, scale === 'ratio' ? candidate / baseline - 1 : candidate - baseline)
}

/** What must be exceeded to fail, and ruled out to pass, on the scale of the test. */
function barOf(shown: Reread): { readonly threshold: number; readonly bar: number } | undefined {
  const { limit, baseline, better, scale, interval, change } = shown
  if (limit?.worsening === undefined || interval === undefined || change === undefined) {
    return undefined
  }
  const { worsening: share, floor, mustDetect: detect, autoDetect } = limit
  const tolerance = { worsening: share, floor, mustDetect: detect }
  if (scale === 'difference') {
    const { threshold, mustDetect } = rateThresholds(tolerance)
    const bar = autoDetect === true ? coarsestRate(mustDetect, roomOf(shown)) : mustDetect
    return { threshold, bar: Math.max(bar, mustDetect) }
  }
  if (baseline === undefined || !Number.isFinite(baseline) || baseline <= 0) return undefined
  const { threshold, mustDetect } = ratioThresholds(tolerance, baseline, better)
  if (autoDetect !== true) return { threshold, bar: mustDetect }
  const worse = worsening(shown, change)
  const [low, high] = boundsOf(shown, interval)
  const resolution = ratioResolution(threshold, worse - low, high - worse)
  return { threshold, bar: ruledOut(resolution, { mustDetect, coarsest: COARSEST_RATIO }) }
}

/** From the baseline of a rate to its ceiling, where it has both. */
function roomOf({ limit, baseline, better }: Reread): number | undefined {
  if (limit?.ceiling === undefined || baseline === undefined) return undefined
  return better === 'lower' ? limit.ceiling - baseline : baseline - limit.ceiling
}

/** On the scale of the test, where positive is always worse. */
function worsening({ scale, better }: Reread, change: number): number {
  const own = scale === 'ratio' ? Math.log1p(Math.max(change, -1)) : change
  return better === 'lower' ? own : -own
}

function boundsOf(shown: Reread, [one, other]: readonly [number, number]) {
  const ends = [worsening(shown, one), worsening(shown, other)] as const
  return shown.better === 'lower' ? ends : ([ends[1], ends[0]] as const)
}

function asShare({ scale }: Reread, size: number): number {
  return scale === 'ratio' ? Math.expm1(size) : size
}

/**
 * How many requests were beyond a ceiling is counted where they are: the report's own test speaks for
 * this ceiling where its own was as strict (to hold), or as lax (to be breached).
 */
function ceilingPart(
  shown: Reread,
  { reason, ceilingHolds, limit }: MetricJudgement,
): Part | undefined {
  const ceiling = shown.limit?.ceiling
  if (ceiling === undefined) return undefined
  const { candidate, better } = shown
  const turn = (value: number) => (better === 'lower' ? value : -value)
  const tested = limit?.ceiling === undefined ? undefined : turn(limit.ceiling)
  const isBeyond = candidate === undefined || turn(candidate) > turn(ceiling)
  if (isBeyond) {
    const isBreach = reason.kind === 'above-ceiling' && tested !== undefined
    return isBreach && tested >= turn(ceiling) ? { verdict: 'fail', reason } : OPEN
  }
  if (tested === undefined || tested > turn(ceiling)) return OPEN
  if (reason.kind === 'within-ceiling') return { verdict: 'pass', reason }
  // Beside a limit on change, that one's reason speaks.
  return ceilingHolds === true && shown.limit?.worsening !== undefined ? PASS : OPEN
}

const PASS: Part = { verdict: 'pass', reason: { kind: 'better' } }

/** Only where the limit bounds the sum of small steps, and on a day that is one. */
function driftPart(shown: Reread, { reason }: MetricJudgement): Part | undefined {
  const drift = shown.limit?.drift
  if (drift === undefined || reason.kind !== 'drifted') return undefined
  const since = Date.parse(reason.since)
  const isBeyond = worsening(shown, reason.total) > worsening(shown, turned(shown, drift))
  if (!isBeyond || Number.isNaN(since)) return OPEN
  const { total } = reason
  return {
    verdict: 'fail',
    reason: { kind: 'drifted', total, since: new Date(since).toISOString() },
  }
}

function turned({ better }: Reread, share: number): number {
  return better === 'lower' ? share : -share
}

const CARE: readonly MetricVerdict[] = ['fail', 'suspect', 'inconclusive', 'pass', 'improved']

/** Every part of a limit has to pass; the first of the worst speaks. */
function worstOf(parts: readonly Part[]): Part {
  const [first = OPEN] = [...parts].sort(
    (one, other) => CARE.indexOf(one.verdict) - CARE.indexOf(other.verdict),
  )
  return first
}

/**
 * A report may be more careful than its figures, with a reason of a closed kind and numbers; a fail has
 * to be carried, but for one that no change shows.
 */
function moreCareful({ verdict, reason }: MetricJudgement, carried: Part): Part {
  if (isShownAlone(reason)) return { verdict: 'suspect', reason }
  if (carried.verdict === 'fail') return carried
  if (verdict === 'fail' && reason.kind === 'failures-beyond-quantile') return { verdict, reason }
  return verdict === 'inconclusive' || carried.verdict === 'inconclusive'
    ? { verdict: 'inconclusive', reason: openReason(reason) }
    : carried
}

/** Significant by itself, and not beside the other metrics or in a second measurement. */
function isShownAlone(reason: Reason): boolean {
  return (
    reason.kind === 'not-confirmed' ||
    (reason.kind === 'significant-alone' && reason.pAdjusted > ALPHA)
  )
}

/** Those that are numbers alone. */
function openReason(reason: Reason): Reason {
  switch (reason.kind) {
    case 'too-few-requests':
    case 'no-history':
    case 'ceiling-open':
    case 'failures-hide-quantile':
    case 'no-samples':
      return reason
    default:
      return { kind: 'not-shown' }
  }
}
