// The search for the highest rate, against a queue whose capacity is known: so many places, each busy
// for as long as an answer takes.

import { describe, expect, it } from '@jest/globals'
import { sweep } from '../../src/gate/sweep.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { GateRequest, Ports } from '../../src/model/ports.ts'
import type { Conditions } from '../../src/model/run.ts'
import type { SweepLevel } from '../../src/model/sweep.ts'
import { answer, QUIET } from '../judge/measured.ts'
import { memoryWorld, requestOf } from './memory-ports.ts'

const SERVICE_MS = 100

/** First come, first served; the first token comes when a place is free and half the service done. */
function queue(plan: Plan, places: number, conditions: Partial<Conditions> = {}): Measurement {
  const free = new Array<number>(places).fill(0)
  const records = plan.requests
    .filter(({ warmup }) => !warmup)
    .map(({ index, prompt, promptClass, intendedMs = 0, maxOutputTokens }) => {
      const place = free.indexOf(Math.min(...free))
      const beginMs = Math.max(intendedMs, free[place] ?? 0)
      free[place] = beginMs + SERVICE_MS
      const firstTokenMs = beginMs + SERVICE_MS / 2
      const endMs = beginMs + SERVICE_MS
      const times = { startedMs: intendedMs, sentMs: intendedMs, intendedMs, firstTokenMs, endMs }
      return answer(index, { prompt, promptClass, maxOutputTokens, ...times, lastTokenMs: endMs })
    })
  return {
    records,
    warmup: [],
    aborted: [],
    conditions: { ...QUIET, measuredRequests: records.length, ...conditions },
    reportedModels: { candidate: [], reference: [] },
    totalMs: records.reduce((last, { endMs }) => Math.max(last, endMs), 0),
  }
}

type World = {
  readonly places: number
  /** By the number of the measurement. */
  readonly conditions?: (measurement: number) => Partial<Conditions>
}

function ask(request: GateRequest, world: World, range: Partial<Parameters<typeof sweep>[1]> = {}) {
  let measurement = 0
  const ports: Ports = {
    ...memoryWorld().ports,
    measure: async (plan) => queue(plan, world.places, world.conditions?.(measurement++)),
  }
  const told: SweepLevel[] = []
  const whole = { fromPerSecond: 1, toPerSecond: 256, requests: 200, ...range }
  const found = sweep(request, { ...whole, onLevel: async (level) => void told.push(level) }, ports)
  return found.then((result) => ({ ...result, told }))
}

function withLimits(limits: string): GateRequest {
  const text = `gates:
  chat:
    endpoint: {url: "https://candidate.example/v1", model: m}
    workload: {requests: 100, arrivals: {rate: 1/s, process: poisson, max_in_flight: 64}}
    limits: ${limits}
budget: {cost: $5.00, duration: 10h, requests: 100000}
`
  return requestOf(text)
}

const KEEPING_UP = withLimits('{ttft_p50: off, ttft_p95: off, error_rate: off}')

describe('a sweep', () => {
  it('finds where a queue begins to grow, within the precision it states', async () => {
    // Four places of 100 ms answer 40 requests a second.
    const { holds = 0, breaks = 0, levels, told } = await ask(KEEPING_UP, { places: 4 })
    expect(holds).toBeGreaterThan(25)
    expect(breaks).toBeLessThan(52)
    expect(breaks / holds).toBeLessThanOrEqual(1.15)
    expect(levels.length).toBeLessThanOrEqual(11)
    expect(told).toEqual(levels)
    expect(levels.map(({ ratePerSecond }) => ratePerSecond).slice(0, 6)).toEqual([
      1, 2, 4, 8, 16, 32,
    ])
  })

  it('stops where a ceiling is passed before a queue grows for good', async () => {
    const limits = '{ttft_p95: {ceiling: 80ms}, ttft_p50: off, error_rate: off}'
    const { holds = 0, levels } = await ask(withLimits(limits), { places: 4 })
    const over = levels.filter(({ standing }) => standing.kind === 'over')
    expect(over.length).toBeGreaterThan(0)
    for (const { standing } of over)
      expect(standing).toEqual({ kind: 'over', metrics: ['ttft_p95'] })
    const plain = await ask(KEEPING_UP, { places: 4 })
    expect(holds).toBeLessThan(plain.holds ?? 0)
  })

  it('finds a saturation that comes a fifth earlier', async () => {
    const whole = await ask(KEEPING_UP, { places: 10 }, { requests: 600 })
    const less = await ask(KEEPING_UP, { places: 8 }, { requests: 600 })
    expect(less.holds ?? 0).toBeLessThan(whole.holds ?? 0)
  })

  it('says so where the highest rate holds, and where not even the first does', async () => {
    const all = await ask(KEEPING_UP, { places: 500 }, { toPerSecond: 6 })
    expect([all.holds, all.breaks]).toEqual([6, undefined])
    const none = await ask(KEEPING_UP, { places: 1 }, { fromPerSecond: 200, toPerSecond: 256 })
    expect(none.holds).toBeUndefined()
    expect(none.levels.map(({ ratePerSecond }) => ratePerSecond)).toEqual([200, 100, 50, 25])
  })

  it('looks below the first rate where that is too much', async () => {
    const { holds, breaks } = await ask(KEEPING_UP, { places: 1 }, { fromPerSecond: 30 })
    expect(holds).toBeGreaterThan(5)
    expect(breaks).toBeLessThan(16)
  })

  it('measures a level again that its own client spoiled, once', async () => {
    const late = { eventLoopDelayP99Ms: 500 }
    const once = await ask(
      KEEPING_UP,
      { places: 500, conditions: (measurement) => (measurement === 1 ? late : {}) },
      { toPerSecond: 4 },
    )
    expect(once.levels.map(({ ratePerSecond }) => ratePerSecond)).toEqual([1, 2, 2, 4])
    expect(once.holds).toBe(4)
    const always = await ask(KEEPING_UP, { places: 500, conditions: () => late })
    expect(always.levels.map(({ standing }) => standing.kind)).toEqual(['void', 'void'])
    expect(always.holds).toBeUndefined()
  })

  it('takes connections that a queue made it open for the queue’s doing', async () => {
    const opening = { unwarmedConnections: 60 }
    // Two places of 100 ms answer 20 requests a second.
    const world = { places: 2, conditions: (at: number) => (at > 4 ? opening : {}) }
    const { holds, levels } = await ask(KEEPING_UP, world)
    const tooMuch = levels.find(({ ratePerSecond }) => ratePerSecond === 32)
    expect(tooMuch?.standing.kind).toBe('queues')
    expect(holds).toBe(16)
    // A rate that is kept up with has no such excuse.
    expect(levels.at(-1)?.standing).toMatchObject({ kind: 'void' })
  })

  it('warms up as many connections as each rate wants, unless the config says how many', async () => {
    const warmed: number[] = []
    const text = (more: string) =>
      `gates: {chat: {endpoint: {url: "https://h/v1", model: m}, workload: {concurrency: 1${more}}}}`
    for (const more of ['', ', warmup: 3']) {
      const ports: Ports = {
        ...memoryWorld().ports,
        measure: async (plan) => {
          warmed.push(plan.requests.filter(({ warmup }) => warmup).length)
          return queue(plan, 500)
        },
      }
      const range = { fromPerSecond: 8, toPerSecond: 16, requests: 50 }
      await sweep(requestOf(text(more)), { ...range, onLevel: async () => {} }, ports)
    }
    expect(warmed).toEqual([16, 32, 3, 3])
  })

  it('ends with its budget, and keeps what it knows', async () => {
    const allowance = { requests: 700, costUsd: 5, durationMs: 1e9 }
    const { holds, levels } = await ask({ ...KEEPING_UP, allowance }, { places: 500 })
    expect(holds).toBe(4)
    expect(levels.at(-1)?.standing).toMatchObject({
      kind: 'void',
      invalidities: [{ kind: 'budget' }],
    })
  })
})
