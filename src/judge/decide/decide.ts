// The one place where a verdict is made, from a comparison's numbers alone. Any metric that fails
// makes the gate fail; silence is never a pass; every judgement carries what decided it.

import type { Comparison, MetricComparison, RelativeTest } from '../../model/comparison.ts'
import type {
  Acceptance,
  GateVerdict,
  HeldBack,
  MetricJudgement,
  MetricVerdict,
  Reason,
  Settlement,
} from '../../model/verdict.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import { holm } from '../../stats/holm.ts'
import { errorWeight } from '../error-weight.ts'
import { heldBackBy } from './held-back.ts'
import { settlementsOf } from './settled-by.ts'
import { verdictOf } from './verdict-of.ts'

export { decideShare, withShareVerdicts } from './decide-share.ts'
export { type GateRules, judgedByFigures } from './from-figures.ts'

export type Decision = {
  readonly verdict: Exclude<GateVerdict, 'invalid'>
  readonly metrics: readonly MetricJudgement[]
}

/**
 * Judges every metric, then the gate:
 *
 *   fail          significant after Holm over the judged relative limits, and beyond the limit;
 *                 or beyond a ceiling; or failures alone reach the percentile
 *   suspect       significant alone, and beyond the limit
 *   pass          what a pass has to rule out is ruled out, also with failures ranked worst
 *   gate          any fail, else no-baseline, else any open metric, else passed
 *
 * A gate is `no-baseline` when there is neither history nor reference arm and a limit needs one. A
 * gate none of whose limits could be judged is inconclusive.
 */
export function decide(comparison: Comparison): Decision {
  const family = comparison.metrics.filter(inFamily)
  const adjusted = holm(
    family.map(({ beyond, relative }) => beyond?.p ?? relative?.pForLooks ?? 1),
    family.map(errorWeight),
  )
  const pOf = new Map(family.map((metric, index) => [metric.id, adjusted[index] ?? 1]))
  const metrics = comparison.metrics.map((metric) => judgedMetric(metric, pOf.get(metric.id)))
  return { verdict: gateVerdict(comparison, metrics), metrics }
}

/** Turns every fail into a pass that says who accepted it, and how; nothing else changes. */
export function acceptRegression(decision: Decision, accepted: Acceptance): Decision {
  if (decision.verdict !== 'failed') return decision
  const metrics = decision.metrics.map((metric) =>
    metric.verdict === 'fail' ? { ...metric, verdict: 'pass' as const, accepted } : metric,
  )
  return { verdict: verdictOf(metrics), metrics }
}

/** The tests that share the error of one gate: a limit, a comparison, and enough requests. */
function inFamily({ limit, relative, beyond }: MetricComparison): boolean {
  if (limit?.worsening === undefined) return false
  if (beyond !== undefined) return true
  return relative !== undefined && relative.has >= relative.needsToFail
}

type Part = {
  readonly verdict: MetricVerdict
  readonly reason: Reason
  readonly evidence: MetricJudgement['evidence']
}

function judgedMetric(metric: MetricComparison, pAdjusted: number | undefined): MetricJudgement {
  const parts = partsOf(metric, pAdjusted)
  const part = worstOf(parts) ?? notGated(metric)
  const ceiling = parts.find(({ evidence }) => evidence === 'ceiling')
  const heldBack = heldBackBy(metric, part)
  return {
    ...shown(metric),
    ceilingHolds: ceiling && ceiling.verdict === 'pass',
    resolution: resolutionOf(metric, part),
    ...part,
    heldBack,
    settles: settlementsFor(metric, part, heldBack),
  }
}

function partsOf(metric: MetricComparison, pAdjusted: number | undefined): readonly Part[] {
  const { limit } = metric
  if (limit === undefined || cannotBeKnown(metric)) return []
  const relative = limit.worsening === undefined ? [] : [relativePart(metric, pAdjusted)]
  const ceiling = limit.ceiling === undefined ? [] : [ceilingPart(metric, relative[0])]
  const drifted = driftPart(metric)
  return [...relative, ...ceiling, ...(drifted === undefined ? [] : [drifted])]
}

/** No request and no run could settle it, or it cannot change: shown and not gated. */
function cannotBeKnown({ missing }: MetricComparison): boolean {
  switch (missing?.kind) {
    case 'no-prices':
    case 'usage-unknown':
    case 'free':
    case 'unknown-in-import':
      return true
    default:
      return false
  }
}

function notGated({ missing, limit, relative }: MetricComparison): Part {
  const reason: Reason =
    missing !== undefined && (limit !== undefined || missing.kind !== 'no-history')
      ? missing
      : { kind: 'no-limit' }
  return { verdict: 'not-gated', reason, evidence: relative?.evidence ?? 'history' }
}

const SEVERITY: readonly MetricVerdict[] = ['fail', 'suspect', 'inconclusive', 'pass', 'improved']

/** Both the relative limit and the ceiling have to pass; the worse of them speaks. */
function worstOf(parts: readonly Part[]): Part | undefined {
  return [...parts].sort((a, b) => SEVERITY.indexOf(a.verdict) - SEVERITY.indexOf(b.verdict))[0]
}

function relativePart(metric: MetricComparison, pAdjusted: number | undefined): Part {
  const { relative, beyond, missing, requests } = metric
  const evidence = relative?.evidence ?? 'history'
  const open = (reason: Reason): Part => ({ verdict: 'inconclusive', reason, evidence })
  if (beyond !== undefined && requests > 0 && missing?.kind !== 'no-history') {
    const { failed, of, p } = beyond
    return (pAdjusted ?? p) <= ALPHA
      ? { verdict: 'fail', reason: { kind: 'failures-beyond-quantile', failed, of, p }, evidence }
      : open({ kind: 'failures-hide-quantile', failed, of })
  }
  if (relative === undefined) return open(missing ?? { kind: 'no-samples' })
  if (pAdjusted === undefined) {
    return open({ kind: 'too-few-requests', has: relative.has, needs: relative.needsToFail })
  }
  return { ...tested(relative, pAdjusted), evidence }
}

function tested(test: RelativeTest, pAdjusted: number): Pick<Part, 'verdict' | 'reason'> {
  const threshold = test.threshold ?? 0
  const mustDetect = test.mustDetect ?? threshold
  const beyondLimit = test.difference > threshold
  if (beyondLimit && pAdjusted <= ALPHA) {
    return { verdict: 'fail', reason: { kind: 'worse-than-limit', pAdjusted } }
  }
  if (beyondLimit && test.p <= ALPHA) {
    return { verdict: 'suspect', reason: { kind: 'significant-alone', p: test.p, pAdjusted } }
  }
  if (test.has < test.needsToPass) {
    const { has, needsToPass: needs } = test
    return { verdict: 'inconclusive', reason: { kind: 'too-few-requests', has, needs } }
  }
  if (Math.max(test.upper, test.upperWithFailures) <= mustDetect) {
    return test.upper < 0 && test.difference < -threshold
      ? { verdict: 'improved', reason: { kind: 'better' } }
      : { verdict: 'pass', reason: { kind: 'ruled-out', mustDetect: asStated(test, mustDetect) } }
  }
  return {
    verdict: 'inconclusive',
    reason: { kind: 'interval-too-wide', mustDetect: asStated(test, mustDetect) },
  }
}

/** Rates are tested as differences, everything else as log ratios; reasons speak in ratios. */
function asStated({ spread }: RelativeTest, mustDetect: number): number {
  return spread === undefined ? mustDetect : Math.expm1(mustDetect)
}

/**
 * What this run alone cannot show of a rate's ceiling, its history may: a run that is no worse than
 * runs which together lie within it lies within it.
 */
function ceilingPart({ ceiling, missing }: MetricComparison, relative?: Part): Part {
  const evidence = 'ceiling'
  if (ceiling === undefined) {
    const reason: Reason =
      missing?.kind === 'no-history' ? { kind: 'no-samples' } : (missing ?? { kind: 'no-samples' })
    return { verdict: 'inconclusive', reason, evidence }
  }
  const { over, of, pAbove, pWithin, needs, withHistory } = ceiling
  if (pAbove <= ALPHA) {
    return { verdict: 'fail', reason: { kind: 'above-ceiling', p: pAbove, over, of }, evidence }
  }
  if (pWithin <= ALPHA) {
    return { verdict: 'pass', reason: { kind: 'within-ceiling', over, of }, evidence }
  }
  const noWorse = relative?.verdict === 'pass' || relative?.verdict === 'improved'
  if (noWorse && withHistory !== undefined && withHistory.pWithin <= ALPHA) {
    const all = { over: withHistory.over, of: withHistory.of, withHistory: true }
    return { verdict: 'pass', reason: { kind: 'within-ceiling', ...all }, evidence }
  }
  return { verdict: 'inconclusive', reason: { kind: 'ceiling-open', over, of, needs }, evidence }
}

/** Fails only where the limit tolerates no such sum; otherwise the judgement carries a warning. */
function driftPart({ drift }: MetricComparison): Part | undefined {
  if (drift?.tolerated === undefined) return undefined
  if (drift.difference <= drift.tolerated || drift.p > ALPHA) return undefined
  const reason: Reason = { kind: 'drifted', total: drift.total, since: drift.since }
  return { verdict: 'fail', reason, evidence: 'history' }
}

/** The sum of steps is worth a warning when it is twice the limit and surely more than one. */
const CREEP_FACTOR = 2

function driftWarning({ drift }: MetricComparison): Pick<MetricJudgement, 'drift'> {
  if (drift === undefined) return {}
  const { difference, threshold, lower, tolerated, total, interval, since, runs } = drift
  const warns = difference > CREEP_FACTOR * threshold && lower > threshold
  const fails = tolerated !== undefined && difference > tolerated && drift.p <= ALPHA
  if (!warns && !fails) return {}
  return {
    drift: { total, interval, since, runs, tolerated },
  }
}

function shown(
  metric: MetricComparison,
): Omit<MetricJudgement, keyof Part | 'settles' | 'heldBack' | 'ceilingHolds' | 'resolution'> {
  const { baseline, candidate, survivorsOnly, change, interval, limit, detectable } = metric
  return {
    id: metric.id,
    label: metric.label,
    unit: metric.unit,
    better: metric.better,
    scale: metric.scale,
    baseline,
    candidate,
    survivorsOnly,
    change,
    interval,
    limit,
    detectable,
    requests: metric.requests,
    history: metric.history,
    step: metric.step,
    ...driftWarning(metric),
  }
}

/** What a pass rules out; otherwise what this run would have shown. */
function resolutionOf({ relative }: MetricComparison, part: Part): number | undefined {
  if (relative?.resolution === undefined || relative.mustDetect === undefined) return undefined
  const passes = part.verdict === 'pass' || part.verdict === 'improved'
  return asStated(relative, passes ? relative.mustDetect : relative.resolution)
}

/** Nothing that can be measured moves a floor. */
function settlementsFor(
  metric: MetricComparison,
  part: Part,
  heldBack: HeldBack | undefined,
): readonly Settlement[] {
  const open = part.verdict === 'inconclusive' || part.verdict === 'suspect'
  return open && heldBack?.kind !== 'floor' ? settlementsOf(metric, part.reason) : []
}

export function gateVerdict(
  comparison: Comparison,
  metrics: readonly MetricJudgement[],
): Decision['verdict'] {
  const verdict = verdictOf(metrics)
  return verdict !== 'failed' && needsBaseline(comparison) ? 'no-baseline' : verdict
}

function needsBaseline({ metrics, historyRuns, paired }: Comparison): boolean {
  if (historyRuns > 0 || paired) return false
  return metrics.some(
    ({ limit, missing }) => limit?.worsening !== undefined && missing?.kind === 'no-history',
  )
}
