// How fast an endpoint was asked and how fast it answered, at the end of an open loop.

import { lastArrivalMs, type RequestRecord } from '../../model/request-record.ts'

export type Pace = { readonly asked: number; readonly answered: number }

/** Requests and answers per second over the second half of the arrivals. Undefined of a single moment. */
export function paceOf(records: readonly RequestRecord[]): Pace | undefined {
  const arrivals = records.map(({ intendedMs, startedMs }) => intendedMs ?? startedMs)
  const lastMs = lastArrivalMs(records)
  if (lastMs <= 0) return undefined
  const isLate = (at: number) => at > lastMs / 2 && at <= lastMs
  const seconds = lastMs / 2000
  const answered = records.filter(
    ({ endMs, outcome }) => outcome === 'completed' && isLate(endMs),
  ).length
  return { asked: arrivals.filter(isLate).length / seconds, answered: answered / seconds }
}
