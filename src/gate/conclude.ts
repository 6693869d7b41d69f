// What a trial comes to: the result of a gate, measured or not, and of a job of several gates.

import {
  acceptRegression,
  endpointNotes,
  gateResult,
  type Judged,
  overallVerdict,
  twinDifference,
  unmeasuredResult,
} from '../judge/judge.ts'
import { comparableOf, promptChangesOf, subjectOf, type Taken } from '../measure/measure.ts'
import { isCounted } from '../model/asked.ts'
import type { Gate } from '../model/config.ts'
import { sumOfCosts } from '../model/cost.ts'
import type { Effort } from '../model/effort.ts'
import type { History } from '../model/history.ts'
import type { Allowance } from '../model/plan.ts'
import type { GateRun, Judging } from '../model/ports.ts'
import type { PromptChange } from '../model/prompt-change.ts'
import type { Invalidity } from '../model/run.ts'
import type { GateResult, JobResult, ReportContext } from '../model/verdict.ts'
import { chartData } from '../report/report.ts'
import type { Trial } from './trial.ts'

export function concluded(
  trial: Trial,
  { used, spent }: Taken,
  { request, history }: { readonly request: Judging; readonly history: History },
): GateRun {
  const { judged } = trial
  const effort = effortOf(trial, request)
  const { run, paired, summary, decision } = judged
  const { accept, gate } = request
  const changes = promptChanges(judged, request)
  const result = gateResult({
    gate: gate.name,
    reference: paired?.reference,
    promptChanges: changes,
    run,
    summary,
    history: { ...history, notes: [...history.notes, ...endpointNotes(summary, judged.history)] },
    decision: accept === undefined ? decision : acceptRegression(decision, accept),
    spent,
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
  // And a run that was made in pairs is the candidate of them.
  const runs = [run, ...arms.filter((one) => one !== run)]
  const twins = result.verdict === 'passed' ? twinDifference(paired) : undefined
  return { gate: gate.name, result, runs, used, invalidities: run.invalidities, twins }
}

/** As far as both were measured in pairs. */
function promptChanges(
  { paired }: Judged,
  { gate: { workload }, referenceWorkload: before }: Judging,
): readonly PromptChange[] | undefined {
  if (paired === undefined || paired.isEarlier || before === undefined || workload === undefined) {
    return undefined
  }
  return promptChangesOf({ ...paired, workload, before })
}

/** With what the second arm was taken to differ by, and of an earlier one how long before it was. */
function effortOf({ effort, judged }: Trial, { earlier }: Judging): Effort {
  const { run, comparison, differs, learntFrom } = judged
  const taken = { differs, differsLearntFrom: learntFrom }
  if (earlier === undefined) {
    return effort.reference === 'measured' ? { ...effort, ...taken } : effort
  }
  const beforeMs = Date.parse(run.startedAt) - Date.parse(earlier.startedAt)
  const movement = Math.sqrt(comparison.movement ?? 0)
  return { ...effort, reference: 'earlier', earlier: { beforeMs, movement }, ...taken }
}

/** A gate to which nothing could be sent: void, and it says why. */
export function unmeasured(
  because: Invalidity,
  used: Allowance,
  {
    request: { gate },
    history,
  }: { readonly request: { readonly gate: Gate }; readonly history: History },
): GateRun {
  const { loadShape } = comparableOf(gate)
  const subject = subjectOf(gate.endpoint, gate.prices)
  const unsent = unmeasuredResult({ gate, history, subject, loadShape, invalidity: because })
  const spent = { usd: used.costUsd, estimated: used.costUsd > 0 }
  const result = { ...unsent, spent }
  return { gate: gate.name, result, runs: [], used, invalidities: [because] }
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
