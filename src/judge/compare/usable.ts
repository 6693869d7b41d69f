// Which runs of a history may be compared with a candidate at all. Numbers of another load shape or
// another definition of TTFT are never compared, wherever they came from.

import type { MetricFamily } from '../../model/metric.ts'
import { type Summary, unknownOf } from '../../model/summary.ts'
import type { Reason } from '../../model/verdict.ts'

export type Usable = {
  readonly runs: readonly Summary[]
  /** Why none is usable although there are some. */
  readonly problem?: Reason
}

export function usableRuns(candidate: Summary, stored: readonly Summary[]): Usable {
  const history = inOrder(stored)
  const sameShape = history.filter((run) => run.loadShapeHash === candidate.loadShapeHash)
  const runs = sameShape.filter((run) => run.ttftDefinition === candidate.ttftDefinition)
  if (runs.length > 0 || history.length === 0) return { runs }
  const problem =
    sameShape.length === 0
      ? 'all its runs have another load shape'
      : 'all its runs define TTFT differently'
  return { runs, problem: { kind: 'history-unusable', problem } }
}

/** Oldest first, whatever the order they were given in; runs of one moment keep theirs. */
function inOrder(runs: readonly Summary[]): readonly Summary[] {
  const moment = ({ startedAt }: Summary) => Date.parse(startedAt) || 0
  return [...runs].sort((one, other) => moment(one) - moment(other))
}

/** Without the runs whose imported files cannot say this metric: their numbers would be guesses. */
export function runsThatKnow(family: MetricFamily, usable: Usable): Usable {
  const runs = usable.runs.filter((run) => unknownOf(run, family) === undefined)
  if (runs.length === usable.runs.length) return usable
  if (runs.length > 0) return { runs }
  const problem = 'the imported files of all its runs say nothing of it'
  return { runs, problem: { kind: 'history-unusable', problem } }
}
