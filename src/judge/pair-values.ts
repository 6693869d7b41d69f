// The two arms of an alternation, put side by side: one pair of values for each prompt and moment.

import type { Paired, ValuePair } from '../model/comparison.ts'
import { METRICS, type MetricRow } from '../model/metric.ts'
import type { RequestRecord } from '../model/request-record.ts'
import type { Run } from '../model/run.ts'
import { concerns } from '../model/turn-metrics.ts'
import { waitFamilyOf } from '../model/wait.ts'

/**
 * Pairs by `pair` of the records, for every family that gives one value per request. A request that
 * gave no value is +Infinity (0 where higher is better): it counts against its arm. Pairs of which
 * only one half was sent are left out.
 */
export function pairValues(candidate: Run, reference: Run): Paired['pairs'] {
  const others = new Map<number, RequestRecord>()
  for (const record of reference.records) {
    if (record.pair !== undefined && record.outcome !== 'aborted') others.set(record.pair, record)
  }
  const halves = candidate.records.flatMap((own) => {
    const other = own.pair === undefined ? undefined : others.get(own.pair)
    return other === undefined || own.outcome === 'aborted' ? [] : [{ own, other }]
  })
  const pairs: { -readonly [family in keyof Paired['pairs']]: readonly ValuePair[] } = {}
  for (const row of METRICS) {
    if (!row.paired) continue
    const made = halves.flatMap(({ own, other }) => pairOf(row, own, other))
    if (made.length > 0) pairs[row.family] = made
  }
  return pairs
}

/** Nothing where neither half can speak of the metric: probes of what follows the first token. */
function pairOf(row: MetricRow, own: RequestRecord, other: RequestRecord): readonly ValuePair[] {
  if (!concerns(row, own)) return []
  const [candidate] = row.read(own)
  const [reference] = row.read(other)
  if (candidate === undefined && reference === undefined) return []
  const worst = row.better === 'lower' ? Number.POSITIVE_INFINITY : 0
  return [[candidate ?? worst, reference ?? worst]]
}

/** Logs of what was waited for in the one arm over the other, pair by pair; where both have it. */
export function waitRatios(candidate: Run, reference: Run): readonly number[] {
  const pairs = pairValues(candidate, reference)[waitFamilyOf(candidate)] ?? []
  return pairs.map(([own, other]) => Math.log(own / other)).filter(Number.isFinite)
}
