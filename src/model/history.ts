// The runs a candidate is compared with, and everything a reader must be told about how they were
// chosen. Choosing is pure; `baseline/branch/` and `baseline/folder/` read and write.

import type { LoadShape, Subject } from './config.ts'
import type { Run } from './run.ts'
import type { WaitFamily } from './wait.ts'

/** Opens a new level: runs of earlier epochs are no longer the baseline. */
export type Epoch = {
  readonly id: string
  readonly gate: string
  /** ISO 8601 UTC. */
  readonly openedAt: string
  readonly by: string
  readonly reason: string
  readonly how: 'label' | 'dispatch' | 'command'
  readonly commit?: string
  /** The base branch whose level it resets. Absent = every branch. */
  readonly branch?: string
  /** The run that had been kept apart and was accepted with it. Absent when none was. */
  readonly acceptedRunId?: string
  /** The config whose gate it is of, as a run's. Absent = of every config with such a gate. */
  readonly config?: string
  /** The id of the opening that this one takes back. Absent = it opens a level. */
  readonly undoes?: string
}

/** Openings that stand: what was taken back, and the taking back, are left out. */
export function standingEpochs(epochs: readonly Epoch[]): readonly Epoch[] {
  const undone = new Set(epochs.map(({ undoes }) => undoes))
  return epochs.filter(({ id, undoes }) => undoes === undefined && !undone.has(id))
}

/** How a stored run stands: part of the baseline, or kept apart because it failed against it. */
export type StoredRun = {
  readonly run: Run
  readonly standing: 'accepted' | 'held'
}

/** A file of the store that cannot be used. Never silently an empty history. */
export type UnreadableFile = { readonly path: string; readonly problem: string }

export type StoreContents = {
  /** Every readable run of one gate, oldest first. */
  readonly runs: readonly StoredRun[]
  readonly epochs: readonly Epoch[]
  readonly unreadable: readonly UnreadableFile[]
  /** What belongs to gates of this name in other configs and is left out. Absent = nothing does. */
  readonly ofOthers?: { readonly runs: number; readonly configs: readonly string[] }
  /** Where it was read from, for people: `branch inference-gate`, `folder .inference-gate`. */
  readonly place: string
}

/** Something a reader must know about the baseline. */
export type BaselineNote =
  | { readonly kind: 'unreadable'; readonly path: string; readonly problem: string }
  /** No run of the pull request's own base branch: another branch's were taken. */
  | { readonly kind: 'other-branch'; readonly wanted: string; readonly taken: string }
  /** No run at or before the merge base: later ones were taken. */
  /** `runs` = how many of the runs taken are later; absent = all. */
  | { readonly kind: 'after-merge-base'; readonly mergeBase: string; readonly runs?: number }
  | {
      readonly kind: 'load-shape-changed'
      readonly changes: readonly MemberChange[]
      readonly runs: number
    }
  /** Runs of gates of the same name in other configs were left out. */
  | { readonly kind: 'other-config'; readonly runs: number; readonly configs: readonly string[] }
  | { readonly kind: 'too-old'; readonly runs: number; readonly maxAgeMs: number }
  | { readonly kind: 'few-runs'; readonly runs: number; readonly recommended: number }
  /** `counted`: they are part of what the candidate was compared with. */
  | {
      readonly kind: 'held-runs'
      readonly runs: number
      readonly newestRunId: string
      readonly counted?: boolean
    }
  /** The last run of the base branch that held, and the first that did not. */
  | {
      readonly kind: 'regressed-between'
      readonly lastGood: RunPlace
      readonly firstBad: RunPlace
    }
  | {
      readonly kind: 'epoch'
      readonly openedAt: string
      readonly by: string
      readonly reason: string
    }
  | { readonly kind: 'not-stored'; readonly problem: string; readonly command: string }
  /** What kind of endpoint its runs look like: see model/calibration.ts. */
  | { readonly kind: 'likeness'; readonly own: number; readonly spread: number }
  /** No recorded run was made within three hours of this time of day, and hours may matter. */
  | { readonly kind: 'hour-missing'; readonly hour: number }
  /** While recording: with the run before this one a new level began, whatever the runs were judged. */
  | {
      readonly kind: 'level-stepped'
      /** Whose median it is of. Absent = TTFT. */
      readonly family?: WaitFamily
      readonly change: number
      readonly since: string
      /** Commits, or run ids where none are known. */
      readonly lastBefore: string
      readonly first: string
    }

/** A recorded run, and the commit that it measured where that is known. */
export type RunPlace = { readonly runId: string; readonly commit?: string }

export type MemberChange = {
  readonly member: string
  readonly before: string | undefined
  readonly after: string | undefined
}

export type History = {
  /** Runs to compare with, accepted ones and, for a pull request, held ones as well, oldest first, at most `keep`. */
  readonly runs: readonly Run[]
  /** First runs of the epoch: what small steps are summed against. May overlap `runs`. */
  readonly anchor: readonly Run[]
  /** What the newest baseline run asked, to name a changed subject. Absent without runs. */
  readonly subject?: Subject
  readonly notes: readonly BaselineNote[]
  readonly place: string
  /**
   * The base branch's newest runs where they failed against those before and nobody accepted them, for
   * a pull request; `runs` holds them unless what they have shall block. Absent = it is as accepted.
   */
  readonly regressedBase?: { readonly runs: readonly Run[]; readonly blocks: boolean }
}

/** Which runs a gate may be compared with. */
export type WantedBaseline = {
  readonly loadShape: LoadShape
  readonly loadShapeHash: string
  readonly ttftDefinition: string
  /** Absent outside a repository: runs of every branch count. */
  readonly baseBranch?: string
  readonly defaultBranch?: string
  readonly mergeBase?: string
  /** Commits at or before the merge base, as far as they are known. */
  readonly ancestors?: ReadonlySet<string>
  readonly nowIso: string
  readonly maxAgeMs: number
  readonly keep: number
  /**
   * Whether held runs count: a pull request is compared with the base branch as it is now, a run of
   * the base branch with what was accepted. `apart`: a pull request as well. Absent = they do not, and
   * nothing is said of them but a note.
   */
  readonly held?: 'counted' | 'apart'
}
