// What is said to fit is not refused when it is to be sent, and one more would not have fitted.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { affordable, type Buying } from '../../../src/judge/next-step/afford.ts'
import { added, remaining } from '../../../src/measure/allowance.ts'
import { checkBudget, estimateByUnits } from '../../../src/measure/estimate.ts'
import { planWorkload } from '../../../src/measure/plan/plan.ts'
import type { Allowance } from '../../../src/model/plan.ts'
import { requestOf } from '../../gate/memory-ports.ts'

const { workload } = requestOf().gate

/** What the rounds are refused for, each held against what those before it left. */
function refusal(buying: Buying, count: number) {
  const { allowance, seen, request, arms, rounds, warmup } = buying
  let used: Allowance = { requests: 0, costUsd: 0, durationMs: 0 }
  for (let round = 0; round < rounds; round += 1) {
    const add = Math.floor((count * (round + 1)) / rounds) - Math.floor((count * round) / rounds)
    const plan = planWorkload(workload, {
      arms: arms === 2 ? 'pairs' : 'candidate',
      requests: request === 'answer' ? add : 0,
      probes: request === 'probe' ? add : 0,
      warmup,
      round,
      nonce: 'n',
    })
    const expected = estimateByUnits(plan, seen)
    const refused = checkBudget(expected, remaining(allowance, used))
    if (refused !== undefined) return refused
    const { requests, costUsd = 0, durationMs = 0 } = expected
    used = added(used, { requests, costUsd, durationMs })
  }
  return undefined
}

const OPEN = { kind: 'open', ratePerSecond: 5, process: 'poisson', maxInFlight: 64 } as const

const anyBuying: fc.Arbitrary<Buying> = fc.record({
  allowance: fc.record({
    requests: fc.integer({ min: 100, max: 500 }),
    costUsd: fc.double({ min: 0.02, max: 0.2, noNaN: true }),
    durationMs: fc.double({ min: 20_000, max: 100_000, noNaN: true }),
  }),
  seen: fc.record({
    answer: fc.constant({ usd: 3e-4, ms: 1500 }),
    probe: fc.constantFrom({ usd: 1e-4, ms: 400 }, { ms: 0 }),
    load: fc.constantFrom({ kind: 'closed', concurrency: 4 } as const, OPEN),
  }),
  request: fc.constantFrom('answer', 'probe'),
  arms: fc.constantFrom(1, 2),
  rounds: fc.constantFrom(1, 2),
  warmup: fc.integer({ min: 0, max: 8 }),
})

describe('what the rest of a budget buys', () => {
  it('is never refused, round by round, and is all that fits', () => {
    fc.assert(
      fc.property(anyBuying, (buying) => {
        const most = affordable(buying)
        if (most > buying.rounds) expect(refusal(buying, most)).toBeUndefined()
        expect(refusal(buying, most + 1)).toBeDefined()
      }),
      { numRuns: 200, seed: 3 },
    )
  })
})
