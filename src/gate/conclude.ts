// The beginning and the end of a trial: what is known of a gate while it is measured and judged, and
// what it comes to.

import {
  acceptRegression,
  gateResult,
  type Judged,
  overallVerdict,
  type PairCount,
  type PairedRuns,
  unmeasuredResult,
} from '../judge/judge.ts'
import { comparableOf, NOTHING_USED, subjectOf } from '../measure/measure.ts'
import { isCounted } from '../model/asked.ts'
import { sumOfCosts } from '../model/cost.ts'
import type { Effort } from '../model/effort.ts'
import type { History } from '../model/history.ts'
import type { Allowance } from '../model/plan.ts'
import type { GateRequest, GateRun, Judging } from '../model/ports.ts'
import type { Cost, Invalidity } from '../model/run.ts'
import type { GateResult, JobResult, ReportContext } from '../model/verdict.ts'
import { chartData } from '../report/report.ts'

export type Trial = {
  readonly judged: Judged
  readonly paired?: PairedRuns
  readonly pairs: PairCount
  readonly effort: Effort
  readonly spent: readonly Cost[]
  readonly used: Allowance
  /** Rounds measured so far: the next one has this number. */
  readonly rounds: number
}

/** `used` left out: nothing was measured here. */
export function trialOf(judged: Judged, request: Judging, used = NOTHING_USED): Trial {
  const reference: Effort['reference'] =
    request.reference === undefined ? (request.withoutReference ?? 'none') : 'not-needed'
  return {
    judged,
    pairs: { taken: 0, planned: 0 },
    effort: { pairs: 0, looks: 0, addedRequests: 0, reference },
    spent: [judged.run.spent],
    used,
    rounds: 1,
  }
}

export function concluded(trial: Trial, request: Judging, history: History): GateRun {
  const { judged, paired, used, effort, spent } = trial
  const { run, summary, decision } = judged
  const { accept, gate } = request
  const result = gateResult({
    gate: gate.name,
    run,
    summary,
    history,
    decision: accept === undefined ? decision : acceptRegression(decision, accept),
    spent: sumOfCosts(spent),
    effort,
    chartData: chartData({
      run,
      candidate: summary,
      history: judged.history,
      metrics: decision.metrics,
    }),
  })
  const runs = paired === undefined ? [run] : [run, paired.candidate, paired.reference]
  return { gate: gate.name, result, runs, used, invalidities: run.invalidities }
}

/** A gate to which nothing could be sent: void, and it says why. */
export function unmeasured({ gate }: GateRequest, history: History, because: Invalidity): GateRun {
  const { loadShape } = comparableOf(gate)
  const subject = subjectOf(gate.endpoint, gate.prices)
  const result = unmeasuredResult({ gate, history, subject, loadShape, invalidity: because })
  return { gate: gate.name, result, runs: [], used: NOTHING_USED, invalidities: [because] }
}

/** What several gates come to together. */
export function jobResultOf(results: readonly GateResult[], context: ReportContext): JobResult {
  return {
    verdict: overallVerdict(results.filter(isCounted).map(({ verdict }) => verdict)),
    gates: results,
    spent: sumOfCosts(results.map(({ spent }) => spent)),
    requests: results.reduce((sum, { requests }) => sum + requests, 0),
    context,
  }
}
