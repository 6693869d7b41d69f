// What the recorded runs say of the endpoint itself, whatever the candidate shows: which kind it looks
// like, and whether they know this hour.

import type { BaselineNote } from '../model/history.ts'
import { MEDIAN } from '../model/metric.ts'
import type { Summary } from '../model/summary.ts'
import { waitSeries } from '../model/wait.ts'
import { quantileBaseline } from '../stats/quantile-baseline.ts'
import { kindOfEndpoint, usableRuns } from './compare/compare.ts'

/** With fewer runs the kind is mostly what was assumed. */
const TELLING_RUNS = 3

export function endpointNotes(
  candidate: Summary,
  recorded: readonly Summary[],
): readonly BaselineNote[] {
  const { runs } = usableRuns(candidate, recorded)
  const kind = kindOfEndpoint(runs)
  const timed = runs.flatMap((run) => {
    const series = waitSeries(run)
    return series === undefined ? [] : { ...series, at: Date.parse(run.startedAt) }
  })
  const at = Date.parse(candidate.startedAt)
  const own = waitSeries(candidate)
  const baseline = quantileBaseline(timed, {
    q: MEDIAN,
    kind,
    candidate: own === undefined ? undefined : { ...own, at },
  })
  if (typeof baseline === 'string') return []
  const { apart, hourMissing, runs: behind } = baseline.runs
  const isMissing = hourMissing && kind.own < 0.5
  return [
    ...(behind < TELLING_RUNS ? [] : [{ kind: 'likeness' as const, own: kind.own, spread: apart }]),
    ...(isMissing ? [{ kind: 'hour-missing' as const, hour: new Date(at).getUTCHours() }] : []),
  ]
}
