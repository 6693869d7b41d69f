// Why a failed metric became worse: at most one cause for TTFT and one for the cost, the most telling
// first, and none where the numbers do not carry it. It explains a verdict and has no part in it.

import type { Attribution } from '../../model/attribution.ts'
import { type MetricFamily, parseMetricId } from '../../model/metric.ts'
import type { Run } from '../../model/run.ts'
import type { MetricJudgement } from '../../model/verdict.ts'
import { byHeaders } from './by-headers.ts'
import { inServer } from './in-server.ts'
import { lateInRun } from './late-in-run.ts'
import { FEWEST_RUNS } from './level.ts'
import { longerAnswers } from './longer-answers.ts'
import { timedOf } from './timed.ts'
import { longPrompts, oneClass } from './which-prompts.ts'

export function attribute(
  run: Run,
  history: readonly Run[],
  metrics: readonly MetricJudgement[],
): readonly Attribution[] {
  if (history.length < FEWEST_RUNS) return []
  const causes = [
    failed(metrics, OF_TTFT) ? ofTtft(run, history) : undefined,
    failed(metrics, ['cost_per_answer']) ? longerAnswers(run, history) : undefined,
  ]
  return causes.filter((cause) => cause !== undefined)
}

/** Also that of some turns alone: which requests became slower is said of all of them. */
const OF_TTFT: readonly MetricFamily[] = ['ttft', 'first_turn_ttft', 'later_turn_ttft']

function failed(metrics: readonly MetricJudgement[], families: readonly MetricFamily[]): boolean {
  return metrics.some(
    ({ id, verdict, accepted }) =>
      (verdict === 'fail' || accepted !== undefined) &&
      families.some((family) => family === parseMetricId(id)?.family),
  )
}

/** Which requests, then since when, then where in the server: the first that is shown is said. */
function ofTtft(run: Run, history: readonly Run[]): Attribution | undefined {
  const runs = { now: timedOf(run), before: history.map(timedOf) }
  if (runs.now.length === 0 || runs.before.some((timed) => timed.length === 0)) return undefined
  return (
    oneClass(runs) ??
    longPrompts(runs) ??
    lateInRun(runs) ??
    inServer(run, history) ??
    byHeaders(run, history)
  )
}
