// Recording a baseline: measure the base branch's own endpoint, judge it by its history, and say where
// the run goes. A run that fails against its history is kept apart until somebody accepts the new
// level, so the baseline cannot drift loose.

import { openEpoch, standingOf } from '../baseline/baseline.ts'
import { judge, yardstick } from '../judge/judge.ts'
import type { MeasuredRound } from '../measure/measure.ts'
import type { Epoch, StoreContents, StoredRun } from '../model/history.ts'
import type { GateRequest, GateRun, Ports } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import type { Addition, Standing } from '../model/store.ts'
import { begin, finish, firstRound, historyOf, historyOfRun, unmeasured } from './run-gate.ts'

/** Who opens a new level with this run, should it fail against the old one. */
export type Opening = Pick<Epoch, 'by' | 'reason' | 'how'>

export type RecordedGate = GateRun & {
  readonly standing: Standing
  /** What the store has to add; absent when the run is not recorded. */
  readonly addition?: Addition
}

export async function recordGate(
  request: GateRequest,
  ports: Ports,
  opening: Opening | undefined,
): Promise<RecordedGate> {
  const contents = await ports.store.read(request.gate.name)
  const history = historyOf(contents, request, ports)
  const round = await firstRound(request, ports, history)
  if (round.kind === 'refused') {
    const { result, runs, used } = unmeasured(request, history, round)
    return { result, runs, used, standing: { kind: 'not-recorded', because: result.invalidities } }
  }
  return recorded({ request, ports, opening, contents, round })
}

type Recording = {
  readonly request: GateRequest
  readonly ports: Pick<Ports, 'nowIso' | 'newRunId'>
  readonly opening: Opening | undefined
  readonly contents: StoreContents
  readonly round: MeasuredRound
}

/** Also for runs that were measured earlier and could not be stored then. */
export function recorded(recording: Recording): RecordedGate {
  const { request, ports, contents, round } = recording
  const given = { contents, nowIso: ports.nowIso() }
  const history = historyOfRun(round.candidate, request, given)
  const by = yardstick(history, request.gate.limits)
  const judged = judge(round.candidate, by)
  const gateRun = finish(begin(judged, round, request), { request, history, by, round })
  const standing = withDispatch(standingOf(gateRun.result), recording)
  const addition = additionOf(recording, standing)
  return { ...gateRun, standing, addition }
}

/**
 * Somebody who accepts by hand means the level that was kept apart, also where this run by itself
 * shows too little to fail. Gates with nothing kept apart keep their history.
 */
function withDispatch(standing: Standing, recording: Recording): Standing {
  const { opening, contents, round, request } = recording
  if (standing.kind !== 'accepted' || opening?.how !== 'dispatch') return standing
  const { loadShapeHash } = round.candidate
  const newest = contents.runs.findLast(
    ({ run }) =>
      run.loadShapeHash === loadShapeHash && run.provenance.branch === request.provenance.branch,
  )
  return newest?.standing === 'held' ? { ...standing, opensEpoch: true } : standing
}

function additionOf(recording: Recording, standing: Standing): Addition | undefined {
  const { request, round, opening, contents } = recording
  const gate = request.gate.name
  const run = round.candidate
  if (standing.kind === 'not-recorded') return undefined
  if (standing.kind === 'held') return { gate, runs: [{ run, standing: 'held' }], epochs: [] }
  const stored: StoredRun = { run, standing: 'accepted' }
  if (!standing.opensEpoch || opening === undefined) return { gate, runs: [stored], epochs: [] }
  const { epoch } = openedWith(run, contents, { ...recording, opening })
  return { gate, runs: [stored], epochs: [epoch] }
}

function openedWith(
  run: Run,
  contents: StoreContents,
  { request, ports, opening }: Recording & { readonly opening: Opening },
): { readonly epoch: Epoch } {
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
  })
}
