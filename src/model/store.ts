// What a baseline store can do, shared by its kinds (a git data branch, a folder) and by those who
// use one. A store keeps runs and epochs and judges nothing.

import type { BaselineSettings } from './config.ts'
import type { Epoch, StoreContents, StoredRun } from './history.ts'
import type { MetricId } from './metric.ts'
import type { Invalidity } from './run.ts'
import type { WaitFamily } from './wait.ts'

/** First runs of an epoch that are kept as its anchor, whatever their age. */
export const ANCHOR_RUNS = 5

/** What to add to one gate. Adding the same run or epoch twice is the same as adding it once. */
export type Addition = {
  readonly gate: string
  /** An accepted run replaces the held one of the same id: that is how a run is promoted. */
  readonly runs: readonly StoredRun[]
  readonly epochs: readonly Epoch[]
}

export type AppendSettings = BaselineSettings & {
  /** ISO 8601 UTC; ages are counted from it. */
  readonly nowIso: string
}

export type AppendResult =
  /** Everything is in the store, or was there already. */
  | { readonly stored: true; readonly attempts: number }
  /** Nothing is lost as long as the run files are kept: `command` stores them later. */
  | { readonly stored: false; readonly problem: string; readonly command: string }

export type BaselineStore = {
  /** For people: `branch inference-gate`, `folder .inference-gate`. */
  readonly place: string
  /** Rejects with a GateError when the store cannot be read; a store that is not there is empty. */
  read(gate: string): Promise<StoreContents>
  /** Rejects with a GateError only when the store could never work (git missing, path refused). */
  append(additions: readonly Addition[], settings: AppendSettings): Promise<AppendResult>
}

/** Where a fresh run of the base branch goes, and why. */
export type Standing =
  /** `opensEpoch`: it had failed, and somebody accepted the new level. */
  | { readonly kind: 'accepted'; readonly opensEpoch: boolean }
  /** `unproven`: the first of its load or name, and the question before it did not pass beside it. */
  | { readonly kind: 'held'; readonly failed: readonly MetricId[]; readonly unproven?: true }
  | { readonly kind: 'not-recorded'; readonly because: readonly Invalidity[] }

/** One line of `inference-gate history`. */
export type HistoryRow = {
  readonly runId: string
  /** ISO 8601 UTC. */
  readonly startedAt: string
  readonly commit?: string
  readonly branch?: string
  readonly standing: 'accepted' | 'held'
  /** Ordinal of its epoch in its branch, 1 = the first; runs before any opening belong to 1. */
  readonly epoch: number
  /** True for the run that an acceptance took in. */
  readonly opensEpoch: boolean
  readonly loadShapeHash: string
  readonly requests: number
  /** Of what the milliseconds are. Absent where nothing is known of the run: TTFT. */
  readonly waits?: WaitFamily
  /** In ms; +Infinity when failures reach the quantile; absent without a sample. */
  readonly p50Ms?: number
  readonly p95Ms?: number
  readonly p99Ms?: number
  /** 0..1. Absent for a run without requests. */
  readonly errorRate?: number
  /** USD per completed answer. Absent when not known or nothing completed. */
  readonly costPerAnswerUsd?: number
  /** Set on the first run that was kept apart after one that held: that one. */
  readonly lastGood?: { readonly runId: string; readonly commit?: string }
  /** Set on the first run of a new level: how its median moved, and the last run before it. */
  readonly step?: {
    /** A ratio minus one. */
    readonly change: number
    readonly lastBefore: { readonly runId: string; readonly commit?: string }
  }
}
