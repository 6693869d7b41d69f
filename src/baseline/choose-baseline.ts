// Chooses the runs a candidate is compared with: same load shape, same base branch, since the
// newest accepted level, at or before the merge base first, young enough, the newest `keep`. Every
// step that leaves something out or falls back says so in a note; nothing is silently empty.

import type {
  BaselineNote,
  Epoch,
  History,
  StoreContents,
  StoredRun,
  WantedBaseline,
} from '../model/history.ts'
import { changesBetween } from '../model/member-changes.ts'
import type { Run } from '../model/run.ts'
import { ANCHOR_RUNS } from '../model/store.ts'
import { RECOMMENDED_RUNS } from '../model/verdict-policy.ts'
import { regressedBetween } from './regressed-between.ts'

/** Runs after the merge base are taken only to reach this many. */
export const FEWEST_RUNS = 5

export function chooseBaseline(contents: StoreContents, wanted: WantedBaseline): History {
  const own = pick(contents, wanted, wanted.baseBranch)
  const fallback = wanted.defaultBranch
  const picked =
    own.runs.length === 0 && fallback !== undefined && fallback !== wanted.baseBranch
      ? betterOf(own, pick(contents, wanted, fallback))
      : own
  const subject = picked.runs.at(-1)?.subject
  return {
    runs: picked.runs,
    anchor: picked.anchor,
    subject,
    notes: [
      ...unreadableNotes(contents),
      ...otherConfigNotes(contents),
      ...branchNotes(picked, wanted),
      ...picked.notes,
    ],
    place: contents.place,
    regressedBase: picked.regressedBase,
  }
}

type Picked = {
  readonly branch: string | undefined
  readonly runs: readonly Run[]
  readonly anchor: readonly Run[]
  readonly notes: readonly BaselineNote[]
  readonly regressedBase: History['regressedBase']
}

/** What one branch has to offer. */
function pick(contents: StoreContents, wanted: WantedBaseline, branch: string | undefined): Picked {
  const ofBranch = contents.runs.filter(({ run }) => isOfBranch(run, branch))
  const sameShape = ofBranch.filter(({ run }) => isComparable(run, wanted))
  const oldestMs = Date.parse(wanted.nowIso) - wanted.maxAgeMs
  const isYoung = (run: Run) => Date.parse(run.startedAt) >= oldestMs
  const accepted = new Set(acceptedRuns(sameShape))
  const { epoch, level } = chooseLevel(
    runsToCount(sameShape, wanted),
    epochsOf(contents.epochs, branch),
    {
      wanted,
      isYoung,
    },
  )
  const young = level.filter(isYoung)
  const { runs: taken, later } = preferEarlier(young, wanted)
  const newestAccepted = taken.findLast((run) => accepted.has(run))
  const since = heldSince(sameShape, { newestAccepted, epoch })
  const counted = since.filter((run) => taken.includes(run))
  const runs = wanted.held === 'apart' ? taken.filter((run) => accepted.has(run)) : taken
  const few = runs.length < RECOMMENDED_RUNS
  return {
    branch,
    runs,
    regressedBase:
      counted.length === 0 ? undefined : { runs: counted, blocks: wanted.held === 'apart' },
    anchor: level.filter((run) => accepted.has(run)).slice(0, ANCHOR_RUNS),
    notes: [
      ...(later > 0 && wanted.mergeBase !== undefined
        ? [{ kind: 'after-merge-base', mergeBase: wanted.mergeBase, runs: later } as const]
        : []),
      ...(few ? shapeNotes(ofBranch, wanted) : []),
      ...(few && young.length < level.length
        ? [
            {
              kind: 'too-old',
              runs: level.length - young.length,
              maxAgeMs: wanted.maxAgeMs,
            } as const,
          ]
        : []),
      ...(few && runs.length > 0
        ? [{ kind: 'few-runs', runs: runs.length, recommended: RECOMMENDED_RUNS } as const]
        : []),
      ...heldNotes(since, { taken: new Set(runs), lastGood: lastBefore(sameShape, since[0]) }),
      ...epochNotes(epoch),
    ],
  }
}

/** A run without a branch speaks for any, as does every run when no branch is asked for. */
function isOfBranch(run: Run, branch: string | undefined): boolean {
  const own = run.provenance.branch
  return branch === undefined || own === undefined || own === branch
}

function isComparable(run: Run, wanted: WantedBaseline): boolean {
  return (
    run.arm === 'candidate' &&
    run.loadShapeHash === wanted.loadShapeHash &&
    run.ttftDefinition === wanted.ttftDefinition
  )
}

function acceptedRuns(stored: readonly StoredRun[]): readonly Run[] {
  return stored.filter(({ standing }) => standing === 'accepted').map(({ run }) => run)
}

/** Held runs alone are no level: something has to have been accepted. */
function runsToCount(stored: readonly StoredRun[], { held }: WantedBaseline): readonly Run[] {
  const accepted = acceptedRuns(stored)
  return held !== undefined && accepted.length > 0 ? stored.map(({ run }) => run) : accepted
}

/** Openings that hold for the branch, oldest first. */
function epochsOf(epochs: readonly Epoch[], branch: string | undefined): readonly Epoch[] {
  return epochs
    .filter(
      (epoch) => epoch.branch === undefined || branch === undefined || epoch.branch === branch,
    )
    .sort((a, b) => Date.parse(a.openedAt) - Date.parse(b.openedAt))
}

type Level = { readonly epoch: Epoch | undefined; readonly level: readonly Run[] }

/**
 * The runs since the newest opening. One that came with a merged pull request is a change of the
 * code, which a pull request with an older merge base does not contain: it is compared with the
 * level before, as long as that still has young runs.
 */
function chooseLevel(
  accepted: readonly Run[],
  epochs: readonly Epoch[],
  by: { readonly wanted: WantedBaseline; readonly isYoung: (run: Run) => boolean },
): Level {
  const newest = levelSince(accepted, epochs, epochs.length - 1)
  const known = epochs.findLastIndex((epoch) => !isAfterMergeBase(epoch, by.wanted))
  if (known === epochs.length - 1) return newest
  const before = levelSince(accepted, epochs, known)
  return before.level.some(by.isYoung) ? before : newest
}

/** Runs from the opening of that number (-1 = the beginning) up to the next one. */
function levelSince(accepted: readonly Run[], epochs: readonly Epoch[], number: number): Level {
  const epoch = epochs[number]
  const next = epochs[number + 1]
  const level = accepted.filter(
    (run) => isSince(run, epoch) && (next === undefined || !isSince(run, next)),
  )
  return { epoch, level }
}

function isAfterMergeBase(epoch: Epoch, { ancestors }: WantedBaseline): boolean {
  if (epoch.how !== 'label' || epoch.commit === undefined || ancestors === undefined) return false
  return !ancestors.has(epoch.commit)
}

function isSince(run: Run, epoch: Epoch | undefined): boolean {
  if (epoch === undefined || run.id === epoch.acceptedRunId) return true
  return Date.parse(run.startedAt) >= Date.parse(epoch.openedAt)
}

/**
 * At most `keep` runs, oldest first. Runs up to the merge base come first; later ones fill up to
 * FEWEST_RUNS, nearest first. `later` counts them.
 */
function preferEarlier(
  young: readonly Run[],
  wanted: WantedBaseline,
): { readonly runs: readonly Run[]; readonly later: number } {
  const border = borderOf(young, wanted.ancestors)
  const earlier = newest(young.slice(0, border), wanted.keep)
  const missing = Math.max(0, Math.min(FEWEST_RUNS, wanted.keep) - earlier.length)
  const later = young.slice(border, border + missing)
  return { runs: [...earlier, ...later], later: later.length }
}

/**
 * How many runs, oldest first, belong to commits at or before the merge base. Only some ancestors
 * may be known, so everything older than a run of a known one counts as well.
 */
function borderOf(runs: readonly Run[], ancestors: ReadonlySet<string> | undefined): number {
  if (ancestors === undefined) return runs.length
  return (
    1 +
    runs.findLastIndex(({ provenance: { commit } }) => {
      return commit === undefined || ancestors.has(commit)
    })
  )
}

function newest(runs: readonly Run[], count: number): readonly Run[] {
  return count > 0 ? runs.slice(-count) : []
}

function betterOf(own: Picked, other: Picked): Picked {
  return other.runs.length > 0 ? other : own
}

function unreadableNotes(contents: StoreContents): readonly BaselineNote[] {
  return contents.unreadable.map(({ path, problem }) => ({ kind: 'unreadable', path, problem }))
}

function otherConfigNotes({ ofOthers }: StoreContents): readonly BaselineNote[] {
  return ofOthers === undefined ? [] : [{ kind: 'other-config', ...ofOthers }]
}

function branchNotes(picked: Picked, wanted: WantedBaseline): readonly BaselineNote[] {
  const { baseBranch } = wanted
  if (baseBranch === undefined || picked.branch === undefined) return []
  if (picked.branch === baseBranch) return []
  return [{ kind: 'other-branch', wanted: baseBranch, taken: picked.branch }]
}

/** Runs of another shape are told only while the own ones are few: later they are no news. */
function shapeNotes(
  ofBranch: readonly StoredRun[],
  wanted: WantedBaseline,
): readonly BaselineNote[] {
  const others = acceptedRuns(ofBranch).filter((run) => !isComparable(run, wanted))
  const newestOther = others.at(-1)
  if (newestOther === undefined) return []
  const changes = changesBetween(newestOther.loadShape, wanted.loadShape)
  return [{ kind: 'load-shape-changed', changes, runs: others.length }]
}

/** Held runs that came after everything accepted and chosen: the base branch waits for a decision. */
function heldSince(
  sameShape: readonly StoredRun[],
  { newestAccepted, epoch }: { readonly newestAccepted?: Run; readonly epoch?: Epoch },
): readonly Run[] {
  const newestMs = newestAccepted === undefined ? 0 : Date.parse(newestAccepted.startedAt)
  const sinceMs = Math.max(newestMs, epoch === undefined ? 0 : Date.parse(epoch.openedAt))
  return sameShape
    .filter(({ run, standing }) => standing === 'held' && Date.parse(run.startedAt) > sinceMs)
    .map(({ run }) => run)
}

/** The newest accepted run that is older. */
function lastBefore(stored: readonly StoredRun[], held: Run | undefined): Run | undefined {
  if (held === undefined) return undefined
  return acceptedRuns(stored).findLast(({ startedAt }) => startedAt < held.startedAt)
}

function heldNotes(
  held: readonly Run[],
  { taken, lastGood }: { readonly taken: ReadonlySet<Run>; readonly lastGood: Run | undefined },
): readonly BaselineNote[] {
  const newestHeld = held.at(-1)
  if (newestHeld === undefined) return []
  const counted = held.some((run) => taken.has(run)) ? true : undefined
  const between = regressedBetween(lastGood, held[0])
  return [
    { kind: 'held-runs', runs: held.length, newestRunId: newestHeld.id, counted },
    ...(between === undefined ? [] : [between]),
  ]
}

function epochNotes(epoch: Epoch | undefined): readonly BaselineNote[] {
  if (epoch === undefined) return []
  const { openedAt, by, reason } = epoch
  return [{ kind: 'epoch', openedAt, by, reason }]
}
