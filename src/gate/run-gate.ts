// The one sentence: plan, measure, summarize, compare, decide, and go on while the verdict is open and
// the budget reaches; the doors describe and publish the outcome. The world comes in through `Ports`.
// Recording a baseline is a second, separate act: pipeline/record.ts.

import { chooseBaseline } from '../baseline/baseline.ts'
import {
  acceptRegression,
  type Decision,
  gateResult,
  type Judged,
  judge,
  looksAhead,
  overallVerdict,
  unmeasuredResult,
  type Yardstick,
  yardstick,
} from '../judge/judge.ts'
import {
  loadShapeOf,
  type MeasuredRound,
  measureRound,
  NOTHING_USED,
  pastOf,
  pricesOf,
  type Round,
  savedRound,
  subjectOf,
} from '../measure/measure.ts'
import type { Gate } from '../model/config.ts'
import { sumOfCosts } from '../model/cost.ts'
import type { History, StoreContents, WantedBaseline } from '../model/history.ts'
import { TTFT_DEFINITION } from '../model/metric.ts'
import type { Allowance } from '../model/plan.ts'
import type { GateRequest, GateRun, Ports } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import type { Effort, GateResult, JobResult, ReportContext } from '../model/verdict.ts'
import { chartData } from '../report/report.ts'
import { type Progressing, settle } from './measure-until-decided.ts'

/** Measures one gate, judges it, and settles what is open. */
export async function runGate(request: GateRequest, ports: Ports): Promise<GateRun> {
  const history = historyOf(await ports.store.read(request.gate.name), request, ports)
  const round = await firstRound(request, ports, history)
  if (round.kind === 'refused') return unmeasured(request, history, round)
  const by = yardstick(history, request.gate.limits)
  const looks = looksAhead(request.reference === undefined ? 'none' : 'available')
  const begun = begin(judge(round.candidate, by, { looks }), round, request)
  const isSound = round.invalidities.length === 0
  const state = isSound ? await settle(begun, { request, ports, by }) : begun
  return finish(state, { request, history, by, round })
}

/** Measures one gate and compares it with nothing: a shard of a larger load. */
export async function measureGate(request: GateRequest, ports: Ports): Promise<GateRun> {
  const history: History = { runs: [], anchor: [], notes: [], place: ports.store.place }
  const round = await firstRound(request, ports, history)
  if (round.kind === 'refused') return unmeasured(request, history, round)
  const by = yardstick(history, request.gate.limits)
  return finish(begin(judge(round.candidate, by), round, request), { request, history, by, round })
}

/** What judging alone needs to know of a gate. */
export type Judging = Pick<GateRequest, 'accept' | 'reference' | 'withoutReference'> & {
  readonly gate: Pick<Gate, 'name' | 'limits'> & Partial<Pick<Gate, 'workload'>>
}

/** Judges a run that was measured earlier or elsewhere, by its history alone. */
export function judgeRun(run: Run, request: Judging, history: History): GateRun {
  const by = yardstick(history, request.gate.limits)
  const round = savedRound(run, request)
  return finish(begin(judge(run, by), round, request), { request, history, by, round })
}

/** The runs that a gate is compared with: those of the load that it plans. */
export function historyOf(
  contents: StoreContents,
  request: GateRequest,
  ports: Pick<Ports, 'nowIso'>,
): History {
  const { shape, hash } = loadShapeOf(request.gate)
  return historyFor(contents, request, {
    loadShape: shape,
    loadShapeHash: hash,
    ttftDefinition: TTFT_DEFINITION,
    nowIso: ports.nowIso(),
  })
}

/** The runs that a saved run is compared with: those of the load that it says it was. */
export function historyOfRun(
  run: Run,
  request: GateRequest,
  given: { readonly contents: StoreContents; readonly nowIso: string },
): History {
  const { loadShape, loadShapeHash, ttftDefinition } = run
  return historyFor(given.contents, request, {
    loadShape,
    loadShapeHash,
    ttftDefinition,
    nowIso: given.nowIso,
  })
}

function historyFor(
  contents: StoreContents,
  request: GateRequest,
  wanted: Pick<WantedBaseline, 'loadShape' | 'loadShapeHash' | 'ttftDefinition' | 'nowIso'>,
): History {
  return chooseBaseline(contents, {
    ...request.context,
    ...wanted,
    maxAgeMs: request.baseline.maxAgeMs,
    keep: request.baseline.keep,
  })
}

/** The planned requests of a gate. */
export function firstRound(request: GateRequest, ports: Ports, history: History): Promise<Round> {
  const { gate, allowance } = request
  const { requests, probes, warmup } = gate.workload
  ports.announce(
    `${gate.name}: ${requests} requests${probes > 0 ? ` and ${probes} probes` : ''} to ${gate.endpoint.model}, ${history.runs.length} runs in the baseline`,
  )
  return measureRound(request, ports, {
    arms: 'candidate',
    requests,
    probes,
    warmup,
    round: 0,
    firstIndex: 0,
    allowance,
    past: pastOf(history.runs.at(-1)?.records ?? []),
  })
}

export function begin(judged: Judged, round: MeasuredRound, request: Judging): Progressing {
  const reference: Effort['reference'] =
    request.reference === undefined ? (request.withoutReference ?? 'none') : 'not-needed'
  return {
    judged,
    pairs: { taken: 0, planned: 0 },
    effort: { pairs: 0, looks: 0, addedRequests: 0, reference },
    spent: [round.spent],
    used: round.used,
    rounds: 1,
    requests: round.used.requests,
  }
}

type Ending = {
  readonly request: Judging
  readonly history: History
  readonly by: Yardstick
  readonly round: MeasuredRound
}

export function finish(state: Progressing, ending: Ending): GateRun {
  const { request, history, by, round } = ending
  const { judged, paired } = state
  const drawn = chartData({ run: judged.run, candidate: judged.summary, history: by.history })
  const result = gateResult({
    gate: request.gate.name,
    run: judged.run,
    summary: judged.summary,
    history,
    decision: accepted(judged.decision, request),
    invalidities: round.invalidities,
    spent: sumOfCosts(state.spent),
    effort: state.effort,
    chartData: drawn,
  })
  const runs =
    paired === undefined ? [judged.run] : [judged.run, paired.candidate, paired.reference]
  return { result, runs, used: state.used }
}

function accepted(decision: Decision, { accept }: Judging): Decision {
  return accept === undefined ? decision : acceptRegression(decision, accept.label, accept.by)
}

/** A gate to which nothing could be sent: void, and it says why. */
export function unmeasured(
  request: GateRequest,
  history: History,
  round: Extract<Round, { kind: 'refused' }>,
): GateRun {
  const { gate } = request
  const result = unmeasuredResult({
    gate,
    history,
    subject: { ...subjectOf(gate.endpoint), ...pricesOf(gate.prices) },
    loadShape: loadShapeOf(gate).shape,
    invalidity: round.invalidity,
  })
  return { result, runs: [], used: NOTHING_USED }
}

/** What several gates come to together. */
export function outcomeOf(results: readonly GateResult[], context: ReportContext): JobResult {
  return {
    verdict: overallVerdict(results.map(({ verdict }) => verdict)),
    gates: results,
    spent: sumOfCosts(results.map(({ spent }) => spent)),
    requests: results.reduce((sum, { requests }) => sum + requests, 0),
    context,
  }
}

/** The part of a budget that one of several gates may use: what is left, less what the gates after
 * it have planned. */
export function shareOf(left: Allowance, later: readonly GateRequest[]): Allowance {
  const planned = later.reduce((sum, { gate: { workload } }) => {
    return sum + workload.warmup + workload.requests + workload.probes
  }, 0)
  return {
    requests: Math.max(0, left.requests - planned),
    costUsd: left.costUsd,
    durationMs: left.durationMs / (later.length + 1),
  }
}
