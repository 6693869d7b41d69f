// Whether an endpoint answers as fast as it is asked, or a queue grows.

import { lastArrivalMs, type RequestRecord } from '../model/request-record.ts'

/** Requests in flight in the middle of the arrivals and at their end, and how many came between. */
export type Backlog = {
  readonly atHalf: number
  readonly atEnd: number
  readonly cameBetween: number
}

/** A queue takes at least this share of what comes. */
const LEAST_GROWTH = 0.1

/** Of an open loop's records; an endless queue has nothing but the first half to be told from. */
export function backlogOf(records: readonly RequestRecord[]): Backlog {
  const arrivals = records.map(({ intendedMs, startedMs }) => intendedMs ?? startedMs)
  const lastMs = lastArrivalMs(records)
  const inFlightAt = (atMs: number) =>
    records.filter(({ endMs }, index) => (arrivals[index] ?? 0) <= atMs && endMs > atMs).length
  return {
    atHalf: inFlightAt(lastMs / 2),
    atEnd: inFlightAt(lastMs),
    cameBetween: arrivals.filter((at) => at > lastMs / 2 && at <= lastMs).length,
  }
}

/**
 * Whether the backlog grew by a tenth of what came, and by more than chance moves it. Where nobody
 * waits, the number in flight is Poisson with its mean L at either moment, so the difference of two has
 * a deviation of sqrt(2 L); two of them are allowed. Source: M/G/infinity queue, Cox and Smith, Queues
 * (1961).
 */
export function isQueueing({ atHalf, atEnd, cameBetween }: Backlog): boolean {
  const growth = atEnd - atHalf
  return growth > LEAST_GROWTH * cameBetween && growth > 2 * Math.sqrt(2 * Math.max(1, atHalf))
}
