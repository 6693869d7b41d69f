// Where the base branch became worse: between the last run that held and the first that did not. What
// was merged in between, or what the endpoint itself did, is what to look at.

import type { BaselineNote, RunPlace } from '../model/history.ts'
import type { Run } from '../model/run.ts'

export type RegressedBetween = Extract<BaselineNote, { kind: 'regressed-between' }>

/** Undefined where no run held before it. */
export function regressedBetween(
  lastGood: Run | undefined,
  firstBad: Run | undefined,
): RegressedBetween | undefined {
  if (lastGood === undefined || firstBad === undefined) return undefined
  return { kind: 'regressed-between', lastGood: placeOf(lastGood), firstBad: placeOf(firstBad) }
}

function placeOf({ id, provenance: { commit } }: Run): RunPlace {
  return { runId: id, commit }
}
