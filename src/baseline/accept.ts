// Accepting a regression: opens an epoch with who, when and why, and promotes the newest run that
// was kept apart, which becomes the first of the new baseline.

import type { Epoch, StoreContents, StoredRun } from '../model/history.ts'

export type OpeningRequest = {
  readonly gate: string
  readonly by: string
  readonly reason: string
  readonly how: Epoch['how']
  readonly commit?: string
  /** The base branch that it is for. Absent = every branch. */
  readonly branch?: string
  /** Run to promote. Absent = the newest held one of the branch since its last opening. */
  readonly runId?: string
  readonly nowIso: string
  /** As a run's id: UTC time, then eight random hex digits. */
  readonly id: string
}

export type OpenedEpoch = {
  readonly epoch: Epoch
  /** To be appended with the epoch. Absent when no run was held: the baseline starts empty. */
  readonly promoted?: StoredRun
}

export function openEpoch(contents: StoreContents, acceptance: OpeningRequest): OpenedEpoch {
  const { gate, by, reason, how, commit, branch, nowIso, id } = acceptance
  const held = heldRun(contents, acceptance)
  const epoch: Epoch = {
    id,
    gate,
    openedAt: nowIso,
    by,
    reason,
    how,
    commit,
    branch,
    acceptedRunId: held === undefined ? undefined : held.run.id,
  }
  if (held === undefined) return { epoch }
  return { epoch, promoted: { run: held.run, standing: 'accepted' } }
}

/** Takes back an opening: its run is kept apart again, and the epoch before it is the baseline. */
export function undoEpoch(
  undone: Epoch,
  by: Pick<Epoch, 'id' | 'by' | 'reason' | 'openedAt'>,
): Epoch {
  const { gate, branch } = undone
  return { ...by, gate, branch, how: 'command', undoes: undone.id }
}

/** Accepted runs of the same load and branch that are newer than a held one: it is stale. */
export function newerThan(contents: StoreContents, { run }: StoredRun): readonly StoredRun[] {
  return contents.runs.filter(
    (other) =>
      other.standing === 'accepted' &&
      other.run.loadShapeHash === run.loadShapeHash &&
      other.run.provenance.branch === run.provenance.branch &&
      Date.parse(other.run.startedAt) > Date.parse(run.startedAt),
  )
}

function heldRun(contents: StoreContents, acceptance: OpeningRequest): StoredRun | undefined {
  const { runId, branch } = acceptance
  const candidates = contents.runs.filter(
    ({ run }) =>
      branch === undefined ||
      run.provenance.branch === undefined ||
      run.provenance.branch === branch,
  )
  if (runId !== undefined) return candidates.find(({ run }) => run.id === runId)
  const openedMs = Math.max(
    0,
    ...contents.epochs
      .filter((epoch) => epoch.branch === undefined || epoch.branch === branch)
      .map((epoch) => Date.parse(epoch.openedAt)),
  )
  return candidates
    .filter(({ standing }) => standing === 'held')
    .filter(({ run }) => Date.parse(run.startedAt) > openedMs)
    .at(-1)
}
