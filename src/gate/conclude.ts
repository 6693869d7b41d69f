// The beginning and the end of a trial: what is known of a gate while it is measured and judged, and
// what it comes to.

import {
  acceptRegression,
  gateResult,
  type Judged,
  judge,
  overallVerdict,
  type PairCount,
  type PairedRuns,
  unmeasuredResult,
  type Yardstick,
} from '../judge/judge.ts'
import { comparableOf, NOTHING_USED, subjectOf } from '../measure/measure.ts'
import { isCounted } from '../model/asked.ts'
import { sumOfCosts } from '../model/cost.ts'
import type { Effort } from '../model/effort.ts'
import type { History } from '../model/history.ts'
import type { Allowance } from '../model/plan.ts'
import type { GateRequest, GateRun, Judging } from '../model/ports.ts'
import type { Cost, Invalidity, Run } from '../model/run.ts'
import type { GateResult, JobResult, ReportContext } from '../model/verdict.ts'
import { DEPLOYMENT_SPREAD, ONE_LOOK_AT_EARLIER } from '../model/verdict-policy.ts'
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
  return {
    judged,
    paired: pairedWithEarlier(judged.run, request),
    pairs: { taken: 0, planned: 0 },
    effort: { pairs: 0, looks: 0, addedRequests: 0, ...referenceOf(judged, request) },
    spent: [judged.run.spent],
    used,
    rounds: 1,
  }
}

/** An earlier run stands for the reference arm of whatever of the candidate is judged. */
export function pairedWithEarlier(run: Run, { earlier }: Judging): PairedRuns | undefined {
  return earlier && { candidate: run, reference: earlier, isEarlier: true }
}

export function judgeBesideEarlier(run: Run, request: Judging, by: Yardstick): Judged {
  return judge(run, by, ONE_LOOK_AT_EARLIER, pairedWithEarlier(run, request))
}

function referenceOf(
  { run, comparison }: Judged,
  request: Judging,
): Pick<Effort, 'reference' | 'differs' | 'earlier'> {
  const { earlier, reference, withoutReference = 'none', differs = DEPLOYMENT_SPREAD } = request
  if (earlier !== undefined) {
    const beforeMs = Date.parse(run.startedAt) - Date.parse(earlier.startedAt)
    const movement = Math.sqrt(comparison.movement ?? 0)
    return { reference: 'earlier', earlier: { beforeMs, movement }, differs }
  }
  return { reference: reference === undefined ? withoutReference : 'not-needed' }
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
  // An earlier run has a file already, and its candidate is the run itself.
  const arms = paired === undefined || paired.isEarlier ? [] : [paired.candidate, paired.reference]
  const runs = [run, ...arms]
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
