// A fail that was measured once more. It can only be taken back: nothing fails that the first measurement
// did not fail, so the second one costs no share of the allowed error.

import type { Run } from '../model/run.ts'
import type { MetricJudgement } from '../model/verdict.ts'
import { type Decision, gateVerdict } from './decide/decide.ts'
import type { Judge, Judged, ToJudge } from './judge-by.ts'

export type MeasuredTwice = {
  readonly first: Judged
  /** The second one by itself. */
  readonly second: Run
  readonly together: ToJudge
}

/**
 * A metric that failed stays failed if the second measurement by itself makes it a fail or a suspect and
 * both together fail it. A slow measurement and a fast one are together a run with a slow tail, so being
 * slow together is not enough.
 */
export function confirmed({ first, second, together }: MeasuredTwice, judge: Judge): Judged {
  const both = judge(together)
  const again = judge({ run: second }).decision
  const metrics = both.decision.metrics.map((metric) => {
    const before = named(first.decision, metric)
    if (before === undefined) return metric
    if (before.verdict !== 'fail') return metric.verdict === 'fail' ? before : metric
    const seen = named(again, metric)
    const shows = seen?.verdict === 'fail' || seen?.verdict === 'suspect'
    return shows && metric.verdict === 'fail' ? metric : notConfirmed(metric, before, seen)
  })
  return { ...both, decision: { verdict: gateVerdict(both.comparison, metrics), metrics } }
}

/** Whether each of so many parts of a run fails by itself in what the whole fails. */
export function failsInEveryPart({ run, decision }: Judged, parts: number, judge: Judge): boolean {
  const ids = failedIds(decision)
  return partsOf(run, parts).every((part) =>
    failedIds(judge({ run: part }).decision).some((id) => ids.includes(id)),
  )
}

export function failedIds({ metrics }: Decision): readonly string[] {
  return metrics.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)
}

function partsOf(run: Run, parts: number): readonly Run[] {
  const size = Math.ceil(run.records.length / parts)
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [part * size, (part + 1) * size]
    return {
      ...run,
      records: run.records.slice(from, to),
      costsUsd: run.costsUsd.slice(from, to),
    }
  })
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
