// What the judgements of its metrics make of a gate.

import type { MetricJudgement } from '../../model/verdict.ts'

export function verdictOf(
  metrics: readonly MetricJudgement[],
): 'passed' | 'failed' | 'inconclusive' {
  const gated = metrics.filter(({ limit, verdict }) => limit && verdict !== 'not-gated')
  if (gated.some(({ verdict }) => verdict === 'fail')) return 'failed'
  const open = gated.some(({ verdict }) => verdict === 'inconclusive' || verdict === 'suspect')
  return open || gated.length === 0 ? 'inconclusive' : 'passed'
}
