// What the rest of a budget buys, at the prices and durations seen so far.

import type { Allowance, UnitCosts } from '../../model/plan.ts'
import type { RequestKind } from '../../model/request-record.ts'

/** How many units of `perUnit` requests fit: 2 for a pair. */
export function affordable(plan: {
  readonly allowance: Allowance
  readonly seen: UnitCosts
  readonly request: RequestKind
  readonly perUnit: number
}): number {
  const { allowance, seen, request, perUnit } = plan
  const { usd, ms } = seen[request]
  const byCost = usd === undefined || usd <= 0 ? Infinity : allowance.costUsd / usd
  const byTime = ms <= 0 ? Infinity : (allowance.durationMs * seen.concurrency) / ms
  return Math.max(0, Math.floor(Math.min(allowance.requests, byCost, byTime) / perUnit))
}
