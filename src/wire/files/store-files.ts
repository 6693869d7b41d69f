// A store's files as runs and epochs, and the other way round: what both stores share once they
// have the bytes. A file that cannot be used is listed with its problem; the others still count.

import {
  type Epoch,
  type StoreContents,
  type StoredRun,
  standingEpochs,
  type UnreadableFile,
} from '../../model/history.ts'
import type { Addition, AppendSettings } from '../../model/store.ts'
import { decodeEpoch, encodeEpoch } from './epoch-file.ts'
import { pathsToPrune } from './prune-store.ts'
import { decodeRun, encodeRun } from './run-file.ts'
import { entryOf, epochPath, runPath, type StoreEntry } from './store-layout.ts'

/** A file as read. `problem` when its bytes could not even be had: too large, no plain file. */
export type StoreFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly problem: string }

/** What one write changes: files to have, files to be without. */
export type StoreChange = {
  readonly puts: ReadonlyMap<string, string>
  readonly deletes: ReadonlySet<string>
}

export const STORE_README = `# Baselines of Inference Gate

Written by \`inference-gate\`; one JSON file per recorded run. Do not merge this branch.
Deleting it (or one gate's folder) starts the baseline anew.
`

export function contentsOf(
  gate: string,
  files: readonly StoreFile[],
  place: string,
): StoreContents {
  const runs = new Map<string, StoredRun>()
  const epochs: Epoch[] = []
  const unreadable: UnreadableFile[] = []
  for (const file of files) {
    const read = readFile(file, gate)
    if ('problem' in read) unreadable.push({ path: file.path, problem: read.problem })
    else if ('epoch' in read) epochs.push(read.epoch)
    else keepBetter(runs, read.stored)
  }
  return {
    runs: [...runs.values()].sort((a, b) => compareTimes(a.run, b.run)),
    epochs: [...standingEpochs(epochs)].sort((a, b) => compareTimes(timeOf(a), timeOf(b))),
    unreadable,
    place,
  }
}

/** An addition with its files by path, encoded once however often a write is tried. */
export type PreparedAddition = Addition & { readonly files: ReadonlyMap<string, string> }

export function prepare(addition: Addition): PreparedAddition {
  const runs = addition.runs.map((stored) => [runPath(stored), encodeRun(stored.run)] as const)
  const epochs = addition.epochs.map((epoch) => [epochPath(epoch), encodeEpoch(epoch)] as const)
  return { ...addition, files: new Map([...runs, ...epochs]) }
}

/** What an addition changes in a gate that holds `paths`, with what it makes superfluous. */
export function changeOf(
  addition: PreparedAddition,
  before: { readonly paths: readonly string[]; readonly epochs: readonly Epoch[] },
  settings: AppendSettings,
): StoreChange {
  const puts = new Map(addition.files)
  const deletes = new Set(
    addition.runs.map((stored) => {
      const other = stored.standing === 'held' ? 'accepted' : 'held'
      return runPath({ ...stored, standing: other })
    }),
  )
  const entries = [...new Set([...before.paths, ...puts.keys()])]
    .filter((path) => !deletes.has(path))
    .map(entryOf)
    .filter((entry): entry is StoreEntry => entry !== undefined)
  for (const path of pathsToPrune(entries, [...before.epochs, ...addition.epochs], settings)) {
    deletes.add(path)
    puts.delete(path)
  }
  return { puts, deletes: new Set(before.paths.filter((path) => deletes.has(path))) }
}

type ReadStoreFile =
  | { readonly stored: StoredRun }
  | { readonly epoch: Epoch }
  | { readonly problem: string }

function readFile(file: StoreFile, gate: string): ReadStoreFile {
  if ('problem' in file) return file
  const entry = entryOf(file.path)
  if (entry === undefined) return { problem: 'is not a file of a baseline store' }
  if (entry.kind === 'epoch') {
    const decoded = decodeEpoch(file.text, file.path)
    if (!decoded.ok) return decoded
    return namedRight(decoded.epoch, entry.id, gate) ?? { epoch: decoded.epoch }
  }
  const decoded = decodeRun(file.text, file.path)
  if (!decoded.ok) return decoded
  const stored = { run: decoded.run, standing: entry.standing }
  if (runPath(stored) !== file.path && decoded.run.gate === gate && decoded.run.id === entry.id) {
    return { problem: 'is in the folder of another branch, load shape or config' }
  }
  return namedRight(decoded.run, entry.id, gate) ?? { stored }
}

function namedRight(
  found: { readonly id: string; readonly gate: string },
  id: string,
  gate: string,
): { readonly problem: string } | undefined {
  if (found.gate !== gate) return { problem: `is of the gate ${JSON.stringify(found.gate)}` }
  if (found.id !== id)
    return { problem: `holds ${JSON.stringify(found.id)}, not what its name says` }
  return undefined
}

/** A recorder that died between its two steps leaves a run in both places: accepted wins. */
function keepBetter(runs: Map<string, StoredRun>, stored: StoredRun): void {
  const known = runs.get(stored.run.id)
  if (known === undefined || known.standing === 'held') runs.set(stored.run.id, stored)
}

function timeOf(epoch: Epoch): { readonly startedAt: string; readonly id: string } {
  return { startedAt: epoch.openedAt, id: epoch.id }
}

function compareTimes(
  a: { readonly startedAt: string; readonly id: string },
  b: { readonly startedAt: string; readonly id: string },
): number {
  return Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.id < b.id ? -1 : 1)
}
