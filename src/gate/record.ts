// Recording a baseline: measure the base branch's own endpoint, judge it by its history, and say where
// the run goes. A run that fails against its history is kept apart until somebody accepts the new
// level, so the baseline cannot drift loose.

import { historyTable, openEpoch, regressedBetween, standingOf } from '../baseline/baseline.ts'
import { summarize } from '../judge/judge.ts'
import { comparableOf, roundsOf } from '../measure/measure.ts'
import type { BaselineNote, Epoch, StoreContents, StoredRun } from '../model/history.ts'
import type { GateRequest, GateRun, Ports } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import type { Addition, Standing } from '../model/store.ts'
import type { GateResult } from '../model/verdict.ts'
import { unmeasured } from './conclude.ts'
import { firstRound } from './first-round.ts'
import { historyOf } from './history.ts'
import { judgeSaved } from './run-gate.ts'

/** Who opens a new epoch with this run, should it fail against the old one. */
export type Opening = Pick<Epoch, 'by' | 'reason' | 'how'>

export type RecordedGate = GateRun & {
  readonly standing: Standing
  /** What the store has to add; absent when the run is not recorded. */
  readonly addition?: Addition
}

export type RecordSetting = {
  readonly ports: Ports
  readonly opening: Opening | undefined
}

export async function recordGate(
  request: GateRequest,
  setting: RecordSetting,
): Promise<RecordedGate> {
  const { ports } = setting
  const contents = await ports.store.read(request.gate.name)
  const stored = { contents, nowIso: ports.nowIso() }
  const history = historyOf(comparableOf(request.gate), request, stored)
  const rounds = roundsOf(request, ports)
  const planned = await firstRound(request, { history, rounds, ports })
  const { used } = rounds.taken()
  if (planned.kind === 'measured') {
    return { ...recorded({ ...setting, request, run: planned.run, contents }), used }
  }
  const gateRun = unmeasured(planned.because, used, { request, history })
  return { ...gateRun, standing: { kind: 'not-recorded', because: gateRun.invalidities } }
}

/** A run that was measured earlier, or could not be stored then. */
export async function recordSaved(
  run: Run,
  request: GateRequest,
  setting: RecordSetting,
): Promise<RecordedGate> {
  const contents = await setting.ports.store.read(request.gate.name)
  const { config = request.provenance.config } = run.provenance
  const named = { ...run, provenance: { ...run.provenance, config } }
  return recorded({ ...setting, request, run: named, contents })
}

type Entry = RecordSetting & {
  readonly request: GateRequest
  readonly run: Run
  readonly contents: StoreContents
}

function recorded(entry: Entry): RecordedGate {
  const { run, request, contents, ports } = entry
  const history = historyOf(run, request, { contents, nowIso: ports.nowIso() })
  const gateRun = judgeSaved(run, request, history)
  const standing = withDispatch(standingOf(gateRun.result), entry)
  const turned = withTurn(gateRun.result, standing, { run, before: history.runs.at(-1) })
  const result = withStep(turned, entry)
  return { ...gateRun, result, standing, addition: additionOf(entry, standing) }
}

/** The first run of the base branch that does not hold: what came before it did. */
function withTurn(
  result: GateResult,
  standing: Standing,
  { run, before }: { readonly run: Run; readonly before: Run | undefined },
): GateResult {
  const isKnown = result.notes.some(({ kind }) => kind === 'regressed-between')
  const between = standing.kind === 'held' && !isKnown ? regressedBetween(before, run) : undefined
  return between === undefined ? result : { ...result, notes: [...result.notes, between] }
}

/** Two runs of another level show it: said once, when the second one is recorded. */
function withStep(result: GateResult, entry: Entry): GateResult {
  const isTold = result.notes.some(({ kind }) => kind === 'regressed-between')
  return isTold ? result : { ...result, notes: [...result.notes, ...steppedNote(entry)] }
}

function steppedNote({ run, request, contents }: Entry): readonly BaselineNote[] {
  if (run.invalidities.length > 0) return []
  const runs = [...contents.runs, { run, standing: 'accepted' as const }]
  const summaries = runs.map((each) => summarize(each.run, request.gate.limits))
  const alike = historyTable({ ...contents, runs }, summaries).filter(
    ({ branch, loadShapeHash }) =>
      branch === run.provenance.branch && loadShapeHash === run.loadShapeHash,
  )
  const first = alike.at(-2)
  if (first?.step === undefined) return []
  const { change, lastBefore } = first.step
  return [
    {
      kind: 'level-stepped',
      ...(first.waits === 'latency' ? { family: first.waits } : {}),
      change,
      since: first.startedAt,
      lastBefore: lastBefore.commit ?? lastBefore.runId,
      first: first.commit ?? first.runId,
    },
  ]
}

/**
 * Somebody who accepts by hand means the level that was kept apart, also where this run by itself
 * shows too little to fail. Gates with nothing kept apart keep their history.
 */
function withDispatch(standing: Standing, { opening, contents, run, request }: Entry): Standing {
  if (standing.kind !== 'accepted' || opening?.how !== 'dispatch') return standing
  const newest = contents.runs.findLast(
    ({ run: { loadShapeHash, provenance } }) =>
      loadShapeHash === run.loadShapeHash && provenance.branch === request.provenance.branch,
  )
  return newest?.standing === 'held' ? { ...standing, opensEpoch: true } : standing
}

function additionOf(entry: Entry, standing: Standing): Addition | undefined {
  const { request, run, opening } = entry
  const gate = request.gate.name
  if (standing.kind === 'not-recorded') return undefined
  if (standing.kind === 'held') return { gate, runs: [{ run, standing: 'held' }], epochs: [] }
  const stored: StoredRun = { run, standing: 'accepted' }
  const isOpening = standing.opensEpoch && opening !== undefined
  const epochs = isOpening ? [epochOpenedBy(entry, opening)] : []
  return { gate, runs: [stored], epochs }
}

function epochOpenedBy({ request, run, contents, ports }: Entry, opening: Opening): Epoch {
  const { commit, branch } = request.provenance
  const withRun = { ...contents, runs: [...contents.runs, { run, standing: 'held' as const }] }
  return openEpoch(withRun, {
    ...opening,
    gate: request.gate.name,
    commit,
    branch,
    runId: run.id,
    nowIso: ports.nowIso(),
    id: ports.newRunId(),
  }).epoch
}
