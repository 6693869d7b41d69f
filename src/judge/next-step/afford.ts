// What the rest of a budget buys, at the prices and durations seen so far. It counts what the rounds
// themselves will be held against: the warm-up of each is paid for before anything is measured.

import { requestsWithin } from '../../model/arrival-stages.ts'
import type { Allowance, UnitCosts } from '../../model/plan.ts'
import type { RequestKind } from '../../model/request-record.ts'

export type Buying = {
  readonly allowance: Allowance
  readonly seen: UnitCosts
  readonly request: RequestKind
  /** 2 for pairs. */
  readonly arms: number
  /** Rounds that it will take, each with a warm-up of this many requests an arm. */
  readonly rounds: number
  readonly warmup: number
}

/** How many requests an arm fit. */
export function affordable(buying: Buying): number {
  const { allowance, seen, request, arms, rounds, warmup } = buying
  const { usd, ms } = seen[request]
  const warming = rounds * warmup
  const byCost = usd === undefined || usd <= 0 ? Infinity : allowance.costUsd / (arms * usd)
  const fitting = Math.min(allowance.requests / arms, byCost) - warming
  return Math.max(0, Math.floor(Math.min(fitting, byTime(buying, ms))))
}

/** A warm-up lasts as long as one request, since all of it is sent at once. */
function byTime({ allowance, seen, arms, rounds, warmup }: Buying, ms: number): number {
  const { load, requestsEach = 1 } = seen
  const warmingMs = warmup > 0 ? rounds * ms : 0
  if (load.kind === 'closed') {
    return ms <= 0 ? Infinity : ((allowance.durationMs - warmingMs) * load.concurrency) / ms / arms
  }
  // Both arms are sent at the configured rate; the last request of a round ends after its arrivals.
  const sendingMs = Math.max(0, allowance.durationMs - warmingMs - rounds * ms * requestsEach)
  return requestsEach * requestsWithin(load, sendingMs)
}
