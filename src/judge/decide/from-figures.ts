// A verdict made again from the figures of a report that somebody else wrote: what they carry is its
// verdict, whatever the report says it is. It may be more careful than its figures, never less.

import type {
  GateResult,
  GateVerdict,
  MetricJudgement,
  MetricVerdict,
} from '../../model/verdict.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import { verdictOf } from './verdict-of.ts'

/** Nothing is accepted in it, and nothing was left out for being unaffected: both are for us to say. */
export function judgedByFigures(gate: GateResult): GateResult {
  const { notAffected: _, ...rest } = gate
  // The figures of a void run judge nothing.
  const isVoid = gate.invalidities.length > 0
  const metrics = isVoid ? gate.metrics : gate.metrics.map(judgeAgain)
  return { ...rest, metrics, verdict: gateVerdict(gate, metrics) }
}

function gateVerdict(gate: GateResult, metrics: readonly MetricJudgement[]): GateVerdict {
  if (gate.invalidities.length > 0) return 'invalid'
  const verdict = verdictOf(metrics)
  const hasBaseline = metrics.some(({ change }) => change !== undefined)
  return verdict !== 'failed' && gate.verdict === 'no-baseline' && !hasBaseline
    ? 'no-baseline'
    : verdict
}

function judgeAgain({ accepted: _, ...metric }: MetricJudgement): MetricJudgement {
  if (metric.limit === undefined)
    return { ...metric, verdict: 'not-gated', reason: { kind: 'no-limit' } }
  if (hasNoFigure(metric)) return metric
  const verdict = moreCareful(metric.verdict, carriedBy(metric))
  return verdict === metric.verdict
    ? metric
    : { ...metric, verdict, reason: reasonFor(verdict, metric) }
}

/** What is billed may not be known, or be nothing; times are. */
function hasNoFigure({ verdict, unit, candidate }: MetricJudgement): boolean {
  return verdict === 'not-gated' && unit !== 'ms' && (candidate ?? 0) === 0
}

/** What the figures alone would be called. */
function carriedBy(metric: MetricJudgement): MetricVerdict {
  const { limit, change, interval, candidate, better } = metric
  const beyond = isBeyondCeiling(candidate, limit?.ceiling, better)
  const isFailing = metric.reason.kind === 'above-ceiling' || metric.reason.kind === 'drifted'
  if (beyond) return isFailing ? 'fail' : 'inconclusive'
  if (limit?.worsening === undefined) return limit?.ceiling === undefined ? 'not-gated' : 'pass'
  if (candidate === Number.POSITIVE_INFINITY) {
    return metric.reason.kind === 'failures-beyond-quantile' ? 'fail' : 'inconclusive'
  }
  if (change === undefined || interval === undefined) return 'inconclusive'
  const [worse, low, high] =
    better === 'lower' ? [change, ...interval] : [-change, -interval[1], -interval[0]]
  const threshold = Math.max(limit.worsening, floorAsChange(metric))
  if (worse > threshold && low > 0) return isShownAlone(metric) ? 'suspect' : 'fail'
  if (high >= Math.max(threshold, limit.mustDetect)) return 'inconclusive'
  return high < 0 && worse < -threshold ? 'improved' : 'pass'
}

/** Significant by itself, and not beside the other metrics or in a second sitting. */
function isShownAlone({ reason }: MetricJudgement): boolean {
  return (
    reason.kind === 'not-confirmed' ||
    (reason.kind === 'significant-alone' && reason.pAdjusted > ALPHA)
  )
}

function isBeyondCeiling(
  candidate: number | undefined,
  ceiling: number | undefined,
  better: 'lower' | 'higher',
): boolean {
  if (ceiling === undefined) return false
  // Nothing that was seen lies within it.
  if (candidate === undefined) return true
  return better === 'lower' ? candidate > ceiling : candidate < ceiling
}

function floorAsChange({ limit, baseline, scale }: MetricJudgement): number {
  const floor = limit?.floor ?? 0
  if (scale === 'difference') return floor
  return baseline === undefined || baseline <= 0 ? 0 : floor / baseline
}

const CARE: readonly MetricVerdict[] = ['fail', 'suspect', 'inconclusive', 'pass', 'improved']

/** A fail has to be carried; anything else may be more careful than what its figures carry. */
function moreCareful(said: MetricVerdict, carried: MetricVerdict): MetricVerdict {
  if (said === 'fail' || said === 'improved' || said === 'not-gated') return carried
  return CARE.indexOf(said) < CARE.indexOf(carried) ? said : carried
}

function reasonFor(verdict: MetricVerdict, metric: MetricJudgement): MetricJudgement['reason'] {
  const mustDetect = metric.limit?.mustDetect ?? 0
  switch (verdict) {
    case 'fail':
    case 'suspect':
      return { kind: 'worse-than-limit' }
    case 'improved':
      return { kind: 'better' }
    case 'pass':
      return { kind: 'ruled-out', mustDetect }
    case 'not-gated':
      return { kind: 'no-limit' }
    case 'inconclusive':
      return { kind: 'interval-too-wide', mustDetect }
  }
}
