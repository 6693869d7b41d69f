// Which metric and which gate a report leads with. It only chooses among what was decided.

import type { GateResult, JobResult, MetricJudgement, MetricVerdict } from '../../model/verdict.ts'

/** Worst first; metrics of the same verdict stay in their order. */
const ORDER: readonly MetricVerdict[] = [
  'fail',
  'suspect',
  'inconclusive',
  'improved',
  'pass',
  'not-gated',
]

export function worstFirst(metrics: readonly MetricJudgement[]): readonly MetricJudgement[] {
  return ORDER.flatMap((verdict) => [
    ...metrics.filter((metric) => metric.verdict === verdict && metric.accepted !== undefined),
    ...metrics.filter((metric) => metric.verdict === verdict && metric.accepted === undefined),
  ])
}

export function withVerdict(
  result: GateResult,
  ...verdicts: readonly MetricVerdict[]
): readonly MetricJudgement[] {
  return result.metrics.filter((metric) => verdicts.includes(metric.verdict))
}

/** The failing metric that is furthest beyond its own limit. Absent when none fails. */
export function worstFailure(result: GateResult): MetricJudgement | undefined {
  return furthest(withVerdict(result, 'fail'))
}

/** Of the metrics that passed, the one with the least room to its limit. */
export function closestToLimit(result: GateResult): MetricJudgement | undefined {
  const limited = withVerdict(result, 'pass', 'improved').filter(
    (metric) => metric.change !== undefined && (metric.limit?.worsening ?? 0) > 0,
  )
  return furthest(limited)
}

/** Worse beyond noise and beyond the stated share, and passed for the sake of a floor alone. */
export function toleratedByFloor(result: GateResult): readonly MetricJudgement[] {
  return withVerdict(result, 'pass').filter(({ heldBack }) => heldBack?.kind === 'floor')
}

/** The gates whose verdict is the whole invocation's, in the config's order, measured ones first. */
export function decidingGates(jobResult: JobResult): readonly GateResult[] {
  const deciding = jobResult.gates.filter((gate) => gate.verdict === jobResult.verdict)
  return deciding.toSorted((a, b) => rank(a) - rank(b))
}

function rank({ notAffected }: GateResult): number {
  return notAffected === undefined ? 0 : 1
}

function furthest(metrics: readonly MetricJudgement[]): MetricJudgement | undefined {
  return metrics.reduce<MetricJudgement | undefined>(
    (worst, metric) => (worst === undefined || distance(metric) > distance(worst) ? metric : worst),
    undefined,
  )
}

/** How many times its limit a metric stands at: of the change, else of the ceiling. */
function distance(metric: MetricJudgement): number {
  const { limit, change, candidate, better } = metric
  const worse = better === 'lower' ? change : change === undefined ? undefined : -change
  const relative =
    worse === undefined || limit?.worsening === undefined || limit.worsening === 0
      ? Number.NEGATIVE_INFINITY
      : worse / limit.worsening
  const absolute =
    candidate === undefined || limit?.ceiling === undefined || limit.ceiling === 0
      ? Number.NEGATIVE_INFINITY
      : better === 'lower'
        ? candidate / limit.ceiling
        : limit.ceiling / candidate
  return metric.reason.kind === 'above-ceiling' ? absolute : relative
}
