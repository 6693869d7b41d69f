// A step of the level of the recorded runs, in words: how TTFT p50 moved and between which runs. What
// single pull requests were too small to show is seen from far.

import type { HistoryRow } from '../model/store.ts'
import * as format from './format.ts'

/** Undefined for a run that does not begin a level. Foreign text in it is unescaped. */
export function stepWords(row: Pick<HistoryRow, 'step' | 'runId' | 'commit'>): string | undefined {
  const { step } = row
  if (step === undefined) return undefined
  const size = `${Math.abs(100 * step.change).toFixed(0)} % ${step.change > 0 ? 'slower' : 'faster'}`
  return `TTFT p50 became ${size}: last run before it at ${place(step.lastBefore)}, first of it at ${place(row)}`
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
