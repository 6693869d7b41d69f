// The recording act of both entrypoints: every gate is measured and judged by its history, then everything
// that is sound goes into the store in one write.

import {
  judgedBetween,
  type Opening,
  type RecordedGate,
  recordGate,
  recordSaved,
} from '../gate/gate.ts'
import type { Asked } from '../model/asked.ts'
import type { Config } from '../model/config.ts'
import { EXIT } from '../model/exit-codes.ts'
import type { BaselineNote } from '../model/history.ts'
import type { GateRequest, GateRun, Ports } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import type { AppendResult } from '../model/store.ts'
import { steppedInShort } from '../report/report.ts'
import { runAll, withTurns } from './run-gates.ts'

/** The part of a gate in the first run of a new load or name. Absent = it is no first run. */
export type FirstRunPart =
  /** The question before it, asked of the same endpoint in the same job. */
  { readonly as: 'before'; readonly of: string; readonly asked: Asked } | { readonly as: 'new' }

export type RecordRequest = GateRequest & { readonly firstRun?: FirstRunPart }

export type Recording = {
  readonly config: Config
  /** A question before stands before the gate that it is of. */
  readonly requests: readonly RecordRequest[]
  readonly ports: Ports
  readonly opening: Opening | undefined
  /** Runs measured earlier, by gate: recorded in place of measuring. */
  readonly saved?: ReadonlyMap<string, Run>
  readonly keep: (gateRun: GateRun) => Promise<void>
}

export async function recordGates(recording: Recording): Promise<readonly RecordedGate[]> {
  const { requests, keep, ports } = recording
  const proven = new Set<string>()
  const inTurns = recording.saved === undefined ? await withTurns(requests, ports) : requests
  const measured = await runAll<RecordedGate, RecordRequest>(
    inTurns,
    async (request) => {
      const { firstRun } = request
      const gate = await recordOne(request, recording)
      if (firstRun?.as === 'before') {
        if (isProof(gate)) proven.add(firstRun.of)
        return asBefore(gate, firstRun)
      }
      const isOpen = firstRun?.as === 'new' && !proven.has(request.gate.name)
      return isOpen && recording.opening === undefined ? heldApart(gate) : gate
    },
    keep,
  )
  const gates = judgedBetween(measured, requests)
  const appended = await append(gates, recording)
  return gates.map((gate) => ({ ...gate, result: withNotes(gate, appended) }))
}

/** Nothing to compare with proves as much as a pass: there is no level that could be washed away. */
function isProof({ result: { verdict } }: RecordedGate): boolean {
  return verdict === 'passed' || verdict === 'no-baseline'
}

/** A name of its own in files and reports: the gate may be called as it was. */
function asBefore(gate: RecordedGate, { asked }: FirstRunPart & { as: 'before' }): RecordedGate {
  const name = `${gate.gate.slice(0, 57)}.before`
  return { ...gate, gate: name, result: { ...gate.result, gate: name, asked } }
}

function heldApart(gate: RecordedGate): RecordedGate {
  const { standing, addition } = gate
  if (standing.kind !== 'accepted') return gate
  const runs = addition?.runs.map(({ run }) => ({ run, standing: 'held' as const })) ?? []
  return {
    ...gate,
    standing: { kind: 'held', failed: [], unproven: true },
    addition: addition && { ...addition, runs, epochs: [] },
  }
}

function recordOne(request: GateRequest, recording: Recording): Promise<RecordedGate> {
  const { ports, opening, saved } = recording
  const run = saved?.get(request.gate.name)
  return run === undefined
    ? recordGate(request, { ports, opening })
    : recordSaved(run, request, { ports, opening })
}

async function append(
  gates: readonly RecordedGate[],
  { ports, config }: Recording,
): Promise<AppendResult | undefined> {
  const additions = gates.flatMap(({ addition }) => addition ?? [])
  if (additions.length === 0) return undefined
  ports.announce(`storing ${additions.length === 1 ? 'a run' : `${additions.length} runs`}`)
  return ports.store.append(additions, { ...config.baseline, nowIso: ports.nowIso() })
}

/** A run that could not be stored is told where its verdict is told. */
function withNotes({ result, addition }: RecordedGate, appended: AppendResult | undefined) {
  if (addition === undefined || appended?.stored !== false) return result
  const { problem, command } = appended
  const note: BaselineNote = { kind: 'not-stored', problem, command }
  return { ...result, notes: [...result.notes, note] }
}

/** Where each gate's run went, one line each, and a warning where the level stepped. */
export function standingLines(gates: readonly RecordedGate[], place: string): readonly string[] {
  return gates.flatMap((gate) => {
    const stepped = gate.result.notes.flatMap((note) =>
      note.kind === 'level-stepped'
        ? [`warning: ${gate.result.gate}: ${steppedInShort(note)}`]
        : [],
    )
    return [`${gate.result.gate}: ${whereItWent(gate, place)}`, ...stepped]
  })
}

function whereItWent({ result, standing }: RecordedGate, place: string): string {
  if (result.notes.some(({ kind }) => kind === 'not-stored')) {
    return `could not be stored in ${place}, see the report`
  }
  switch (standing.kind) {
    case 'accepted':
      return `recorded in ${place}${standing.opensEpoch ? ' as the first run of a new baseline epoch' : ''}`
    case 'held':
      if (standing.unproven === true) {
        return `kept apart in ${place}: it is the first of a new load or name, and the question before it did not pass beside it; the next run tries again, or accept it`
      }
      return `kept apart in ${place}, because ${standing.failed.join(', ')} failed against the baseline`
    case 'not-recorded':
      return 'not recorded, because the measurement is invalid'
  }
}

/** Recording is the remedy for a missing baseline, so that alone never fails it. */
export function exitCodeOfRecord(gates: readonly RecordedGate[], failed: boolean): number {
  const isLost = ({ result }: RecordedGate) =>
    result.notes.some(({ kind }) => kind === 'not-stored')
  if (failed) return EXIT.failed
  if (gates.some(({ result }) => result.verdict === 'invalid')) return EXIT.couldNotMeasure
  return gates.some(isLost) ? EXIT.couldNotMeasure : EXIT.passed
}
