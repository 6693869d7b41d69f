// A fail that was measured once more. It can only be taken back: nothing fails that the first sitting
// did not fail, so the second one costs no share of the allowed error.

import type { Comparison } from '../model/comparison.ts'
import type { MetricJudgement } from '../model/verdict.ts'
import { type Decision, gateVerdict } from './decide/decide.ts'

export type Sittings = {
  readonly first: Decision
  /** The second one by itself. */
  readonly second: Decision
  readonly together: Decision
  /** What `together` was decided from. */
  readonly comparison: Comparison
}

/**
 * A metric that failed stays failed if the second sitting by itself makes it a fail or a suspect and
 * both together fail it. A slow sitting and a fast one are together a run with a slow tail, so being
 * slow together is not enough.
 */
export function confirm(sittings: Sittings): Decision {
  const { first, second, together, comparison } = sittings
  const metrics = together.metrics.map((metric) => {
    const before = named(first, metric)
    const again = named(second, metric)
    if (before === undefined) return metric
    if (before.verdict !== 'fail') return metric.verdict === 'fail' ? before : metric
    const shows = again?.verdict === 'fail' || again?.verdict === 'suspect'
    return shows && metric.verdict === 'fail' ? metric : notConfirmed(metric, before, again)
  })
  return { verdict: gateVerdict(comparison, metrics), metrics }
}

function named({ metrics }: Decision, { id }: MetricJudgement): MetricJudgement | undefined {
  return metrics.find((metric) => metric.id === id)
}

function notConfirmed(
  metric: MetricJudgement,
  before: MetricJudgement,
  again: MetricJudgement | undefined,
): MetricJudgement {
  return {
    ...metric,
    verdict: 'suspect',
    reason: { kind: 'not-confirmed', first: before.change, second: again?.change },
    settles: [{ kind: 'reference-arm' }],
  }
}
