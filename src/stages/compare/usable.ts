// Which runs of a history may be compared with a candidate at all. Numbers of another load shape or
// another definition of TTFT are never compared, wherever they came from.

import type { Summary } from '../../model/summary.ts'
import type { Reason } from '../../model/verdict.ts'

export type Usable = {
  readonly runs: readonly Summary[]
  /** Why none is usable although there are some. */
  readonly problem?: Reason
}

export function usableRuns(candidate: Summary, history: readonly Summary[]): Usable {
  const sameShape = history.filter((run) => run.loadShapeHash === candidate.loadShapeHash)
  const runs = sameShape.filter((run) => run.ttftDefinition === candidate.ttftDefinition)
  if (runs.length > 0 || history.length === 0) return { runs }
  const problem =
    sameShape.length === 0
      ? 'all its runs have another load shape'
      : 'all its runs define TTFT differently'
  return { runs, problem: { kind: 'history-unusable', problem } }
}
