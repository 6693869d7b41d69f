// One bad minute voids nothing: what the client's own check voids, or a closed door at first, is measured
// once more after the pause, within the budget. What the next minute would meet as well is not.

import { describe, expect, it } from '@jest/globals'
import { measureShard, runGate } from '../../src/gate/run-gate.ts'
import type { GateRequest } from '../../src/model/ports.ts'
import { CONFIG, type Law, memoryWorld, requestOf } from './memory-ports.ts'

const PLANNED = 104
const confirming = (more: Partial<GateRequest> = {}) =>
  requestOf(CONFIG, { confirmAfterMs: 60_000, ...more })
const late = (rounds: number): Law => ({
  conditions: (round) => (round < rounds ? { eventLoopDelayP99Ms: 400 } : {}),
})
const down = (rounds: number): Law => ({ isDown: (_arm, round) => round < rounds })

async function gated(law: Law, request = confirming()) {
  const world = memoryWorld()
  world.obey(law)
  return { ...(await runGate(request, world.ports)), ...world }
}

describe('a measurement that one bad minute spoilt', () => {
  it.each([
    ['a client that was late', late(1), 'client'],
    ['an endpoint that answered everything with 503', down(1), 'refused'],
  ] as const)('by %s is made once more, both paid, and says so', async (_, law, because) => {
    const { result, waits, used, steps, runs } = await gated(law)
    expect(waits).toEqual([60_000])
    expect(result.verdict).not.toBe('invalid')
    expect(result.warnings).toContainEqual({ kind: 'measured-again', because, outcome: 'sound' })
    expect(used.requests).toBe(2 * PLANNED)
    expect(runs[0]?.records).toHaveLength(100)
    expect(result.spent.usd).toBeGreaterThan(0.005)
    expect(steps.at(-1)).toContain('measuring once more in 60 s, before it blocks')
  })

  it('is made again where the first wave alone was refused', async () => {
    const { result, waits } = await gated({
      isDown: (_arm, round, index) => round === 0 && index < 8,
    })
    expect(waits).toEqual([60_000])
    expect(result.completed).toBe(100)
  })

  it('is void where the second is void too', async () => {
    const { result, waits, plans } = await gated(late(2))
    expect(result.verdict).toBe('invalid')
    expect(result.warnings).toContainEqual(expect.objectContaining({ outcome: 'void' }))
    expect([waits.length, plans.length]).toEqual([1, 2])
  })

  it('is made again for a shard, too', async () => {
    const world = memoryWorld()
    world.obey(down(1))
    const { invalidities } = await measureShard(confirming(), world.ports)
    expect(invalidities).toEqual([])
  })
})

describe('no second measurement', () => {
  it('is made with confirm: none', async () => {
    const { result, waits } = await gated(down(1), requestOf())
    expect(result.verdict).toBe('invalid')
    expect(waits).toEqual([])
  })

  it('is made past the budget, and the report says so', async () => {
    const allowance = { requests: PLANNED + 20, costUsd: 5, durationMs: 600_000 }
    const { result, waits, plans } = await gated(late(1), confirming({ allowance }))
    expect(result.verdict).toBe('invalid')
    expect(result.warnings).toContainEqual(expect.objectContaining({ outcome: 'no-budget' }))
    expect([waits.length, plans.length]).toEqual([0, 1])
  })

  it('is made for whoever stopped the first', async () => {
    const { waits } = await gated({ stopped: () => ({ what: 'signal' }) })
    expect(waits).toEqual([])
  })
})
