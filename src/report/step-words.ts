// A step of the level of the recorded runs, in words: how the median moved and between which runs. What
// single pull requests were too small to show is seen from far.

import type { BaselineNote } from '../model/history.ts'
import type { HistoryRow } from '../model/store.ts'
import type { WaitFamily } from '../model/wait.ts'
import * as format from './format.ts'

/** Undefined for a run that does not begin a level. Foreign text in it is unescaped. */
export function stepWords(
  row: Pick<HistoryRow, 'step' | 'waits' | 'runId' | 'commit'>,
): string | undefined {
  const { step } = row
  if (step === undefined) return undefined
  return `${medianOf(row.waits)} became ${stepSize(step.change)}: last run before it at ${place(step.lastBefore)}, first of it at ${place(row)}`
}

/** Plain text of the note while recording; what it names is foreign and unescaped. */
export function steppedInShort(note: Extract<BaselineNote, { kind: 'level-stepped' }>): string {
  return `The base branch itself changed: its ${medianOf(note.family)} became ${stepSize(note.change)} on ${format.day(note.since)}; the last run before it is at ${note.lastBefore}, the first of it at ${note.first}.`
}

/** `TTFT p50`; of an API without a first token `latency p50`. */
export function medianOf(family: WaitFamily = 'ttft'): string {
  return `${family === 'ttft' ? 'TTFT' : 'latency'} p50`
}

/** `22 % slower`. */
export function stepSize(change: number): string {
  return `${Math.abs(100 * change).toFixed(0)} % ${change > 0 ? 'slower' : 'faster'}`
}

/** Undefined for a run that held, or before which none did. */
export function turnWords(
  row: Pick<HistoryRow, 'lastGood' | 'runId' | 'commit'>,
): string | undefined {
  const { lastGood } = row
  if (lastGood === undefined) return undefined
  return `the branch failed against its history: last run that held at ${place(lastGood)}, first that did not at ${place(row)}`
}

function place({ runId, commit }: { readonly runId: string; readonly commit?: string }): string {
  return commit === undefined ? runId : format.shortCommit(commit)
}
