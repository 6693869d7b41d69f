// A fail that the history shows is measured once more before it blocks: what a hanging minute did is
// taken back, what the change did is not, and the budget holds over both measurements.

import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { recordGate } from '../../src/gate/record.ts'
import { measureShard, runGate } from '../../src/gate/run-gate.ts'
import type { GateRequest } from '../../src/model/ports.ts'
import type { Arm } from '../../src/model/request-record.ts'
import { CONFIG, type MemoryWorld, memoryWorld, requestOf, withReference } from './memory-ports.ts'

let world: MemoryWorld

const recorded = memoryWorld()
beforeAll(async () => {
  const { ports, stored } = recorded
  for (const drift of [1, 1.04, 0.97, 1.02, 0.95, 1.03, 0.99, 1.01]) {
    recorded.obey({ medianMs: () => 100 * drift })
    const { addition } = await recordGate(requestOf(), { ports, opening: undefined })
    if (addition !== undefined) stored.push(...addition.runs)
  }
})
beforeEach(() => {
  world = recorded.copy()
})

const confirming = (more: Partial<GateRequest> = {}, text = CONFIG) =>
  requestOf(text, { confirmAfterMs: 60_000, ...more })
const hanging = (_arm: Arm, round: number) => (round === 0 ? 300 : 100)
const p50 = ({ metrics }: Awaited<ReturnType<typeof runGate>>['result']) =>
  metrics.find(({ id }) => id === 'ttft_p50')

describe('a fail by the history alone', () => {
  it('blocks where a second measurement after the pause shows it again', async () => {
    world.obey({ medianMs: () => 200 })
    const { result, runs, used } = await runGate(confirming(), world.ports)
    expect(world.waits).toEqual([60_000])
    expect(result.verdict).toBe('failed')
    expect(result.effort.confirmation).toBe('confirmed')
    expect(result.requests).toBe(200)
    expect(runs[0]?.records).toHaveLength(200)
    expect(used.requests).toBe(208)
    expect(world.steps.at(-1)).toContain('ttft_p50, ttft_p95 failed; measuring once more in 60 s')
  })

  it('is taken back where only the first minute was slow, and says what both showed', async () => {
    world.obey({ medianMs: hanging })
    const { result } = await runGate(confirming(), world.ports)
    expect(result.verdict).toBe('inconclusive')
    expect(result.effort.confirmation).toBe('not-confirmed')
    const metric = p50(result)
    if (metric?.reason.kind !== 'not-confirmed') throw new Error('it was confirmed')
    expect(metric.verdict).toBe('suspect')
    expect(metric.reason.first).toBeGreaterThan(1.5)
    expect(Math.abs(metric.reason.second ?? 1)).toBeLessThan(0.1)
  })

  it('of errors in one block is taken back as well', async () => {
    world.obey({ isDown: (_arm, round, index) => round === 0 && index >= 40 && index < 70 })
    const { result } = await runGate(confirming(), world.ports)
    expect(result.metrics.find(({ id }) => id === 'error_rate')).toMatchObject({
      verdict: 'suspect',
      reason: { kind: 'not-confirmed' },
    })
    expect(result.verdict).toBe('inconclusive')
  })

  it('of a ceiling is measured once more, too', async () => {
    const text = CONFIG.replace('{increase: 10%, must_detect: 20%}', '{ceiling: 150ms}')
    world.obey({ medianMs: hanging })
    expect((await runGate(confirming({}, text), world.ports)).result.verdict).not.toBe('failed')
    world.obey({ medianMs: () => 300 })
    expect((await runGate(confirming({}, text), world.ports)).result.verdict).toBe('failed')
  })

  it('makes nothing fail that the first measurement did not fail', async () => {
    world.obey({ medianMs: (_arm, round) => (round === 0 ? 100 : 300) })
    const { result } = await runGate(confirming(), world.ports)
    expect(result.verdict).toBe('passed')
    expect(world.waits).toEqual([])
  })
})

describe('a fail beside a run that was measured earlier', () => {
  async function earlierRun() {
    world.obey({ medianMs: () => 100 })
    const [run] = (await measureShard(requestOf(), world.ports)).runs
    if (run === undefined) throw new Error('nothing was measured')
    return run
  }

  it('is measured once more: one of both measurements may have been the provider’s bad minute', async () => {
    const earlier = await earlierRun()
    world.stored.splice(0)
    world.obey({ medianMs: hanging })
    const { result } = await runGate(confirming({ earlier }), world.ports)
    expect(result.effort).toMatchObject({ reference: 'earlier', confirmation: 'not-confirmed' })
    expect(p50(result)?.reason.kind).toBe('not-confirmed')
    world.obey({ medianMs: () => 200 })
    const { result: slow, runs } = await runGate(confirming({ earlier }), world.ports)
    expect(slow.effort).toMatchObject({ reference: 'earlier', confirmation: 'confirmed' })
    expect(slow.verdict).toBe('failed')
    expect(runs.map(({ arm }) => arm)).toEqual(['candidate'])
  })

  it('measures no other reference arm, and judges by the earlier one and not by the history', async () => {
    const earlier = await earlierRun()
    // The base branch was slower than the server of before.
    world.stored.splice(0, world.stored.length)
    for (let run = 0; run < 4; run++) {
      world.obey({ medianMs: () => 180 })
      const { addition } = await recordGate(requestOf(), { ports: world.ports, opening: undefined })
      if (addition !== undefined) world.stored.push(...addition.runs)
    }
    world.obey({ medianMs: () => 180 })
    const before = world.plans.length
    const { result } = await runGate(withReference(confirming({ earlier })), world.ports)
    expect(p50(result)).toMatchObject({ verdict: 'fail', evidence: 'earlier' })
    const arms = world.plans.slice(before).flatMap(({ requests }) => requests.map(({ arm }) => arm))
    expect(new Set(arms)).toEqual(new Set(['candidate']))
  })
})

describe('no second measurement', () => {
  it('is made with confirm: none', async () => {
    world.obey({ medianMs: () => 200 })
    const { result } = await runGate(requestOf(), world.ports)
    expect([result.verdict, result.effort.confirmation]).toEqual(['failed', undefined])
    expect(world.waits).toEqual([])
  })

  it('is made of what the reference arm shows', async () => {
    world.obey({ medianMs: (arm) => (arm === 'candidate' ? 118 : 100) })
    const { result } = await runGate(withReference(confirming()), world.ports)
    expect(result.verdict).toBe('failed')
    expect(p50(result)?.evidence).toBe('reference')
    expect(world.waits).toEqual([])
  })

  it('is made of a fail that a person has accepted', async () => {
    world.obey({ medianMs: () => 200 })
    const { result } = await runGate(confirming({ accept: { label: 'agreed' } }), world.ports)
    expect(result.verdict).toBe('passed')
    expect(world.waits).toEqual([])
  })

  it('is needed where every third of a run that is long beside the pause fails by itself', async () => {
    world.obey({ medianMs: () => 200, conditions: () => ({ durationMs: 180_000 }) })
    const { result } = await runGate(confirming(), world.ports)
    expect([result.verdict, result.effort.confirmation]).toEqual(['failed', 'beyond-doubt'])
    expect(world.waits).toEqual([])
  })

  it('is made beyond the budget: the fail stands, and says so', async () => {
    world.obey({ medianMs: () => 200 })
    const { allowance } = requestOf()
    const request = confirming({ allowance: { ...allowance, requests: 150 } })
    const { result, used } = await runGate(request, world.ports)
    expect([result.verdict, result.effort.confirmation]).toEqual(['failed', 'no-budget'])
    expect(world.waits).toEqual([])
    expect(used.requests).toBe(104)
  })

  it('counts where the client was too slow for it: the fail stands', async () => {
    world.obey({
      medianMs: () => 200,
      conditions: (round) => (round > 0 ? { eventLoopDelayP99Ms: 500 } : {}),
    })
    const { result, used } = await runGate(confirming(), world.ports)
    expect([result.verdict, result.effort.confirmation]).toEqual(['failed', 'void'])
    expect(result.requests).toBe(100)
    expect(used.requests).toBe(208)
  })
})
