// Sums of what a budget allows and of what is gone from it.

import type { Allowance } from '../model/plan.ts'

export const NOTHING_USED: Allowance = { requests: 0, costUsd: 0, durationMs: 0 }

export function remaining(allowance: Allowance, used: Allowance): Allowance {
  return {
    requests: Math.max(0, allowance.requests - used.requests),
    costUsd: Math.max(0, allowance.costUsd - used.costUsd),
    durationMs: Math.max(0, allowance.durationMs - used.durationMs),
  }
}

export function added(a: Allowance, b: Allowance): Allowance {
  return {
    requests: a.requests + b.requests,
    costUsd: a.costUsd + b.costUsd,
    durationMs: a.durationMs + b.durationMs,
  }
}

/** A budget that several rounds draw on, one after the other. */
export type Account = {
  readonly left: () => Allowance
  readonly charge: (used: Allowance) => void
}

export function accountOf(allowance: Allowance): Account {
  let used = NOTHING_USED
  return {
    left: () => remaining(allowance, used),
    charge: (more) => {
      used = added(used, more)
    },
  }
}
