import { describe, expect, it } from '@jest/globals'
import { unitCostsOf } from '../../src/measure/unit-cost.ts'
import type { Prices } from '../../src/model/config.ts'
import type { RequestRecord } from '../../src/model/request-record.ts'
import type { Run } from '../../src/model/run.ts'
import { sampleRun } from '../baseline-samples.ts'
import { answer, failure } from '../judge/measured.ts'

const TOKENS: Prices = {
  kind: 'tokens',
  input: 1e-6,
  cachedInput: 1e-6,
  output: 4e-6,
  reasoning: 4e-6,
  request: 1e-5,
}
const CLOSED = { kind: 'closed', concurrency: 4 } as const

const runOf = (records: readonly RequestRecord[], costsUsd: readonly number[]): Run => ({
  ...sampleRun(),
  records,
  costsUsd,
})
const probe = (index: number): RequestRecord =>
  answer(index, { kind: 'probe', endMs: 110, lastTokenMs: 101 })

describe('a unit cost', () => {
  it('is the mean of what answers and probes took', () => {
    const run = runOf([answer(0), answer(1, { endMs: 392 }), probe(2)], [0.001, 0.003, 0.0002])
    expect(unitCostsOf(run, TOKENS, CLOSED)).toEqual({
      answer: { ms: 292, usd: 0.002 },
      probe: { ms: 110, usd: 0.0002 },
      concurrency: 4,
    })
  })

  it('takes a probe that was never sent to last until the first token and to cost its prompt', () => {
    const run = runOf([answer(0), answer(1)], [0.001, 0.001])
    const { probe: expected } = unitCostsOf(run, TOKENS, CLOSED)
    expect(expected.ms).toBe(100)
    // 100 input tokens, one output token, and the price of a request.
    expect(expected.usd).toBeCloseTo(1e-5 + 100e-6 + 4e-6, 12)
  })

  it('knows no money where there are no prices or no usage', () => {
    const run = runOf([answer(0)], [])
    expect(unitCostsOf(run, { kind: 'none' }, CLOSED).answer).toEqual({ ms: 192 })
    expect(unitCostsOf(run, { kind: 'none' }, CLOSED).probe).toEqual({ ms: 100 })
    const silent = runOf([failure(0, { outcome: 'connect' })], [])
    expect(unitCostsOf(silent, TOKENS, CLOSED).probe).toEqual({ ms: 192 })
  })

  it('charges a rented machine by the time a request keeps its worker', () => {
    const run = runOf([answer(0)], [])
    const prices: Prices = { kind: 'gpu-hour', usdPerHour: 3.6, gpus: 2 }
    const { answer: one } = unitCostsOf(run, prices, CLOSED)
    expect(one.usd).toBeCloseTo((7.2 / 3_600_000 / 4) * 192, 12)
  })

  it('shares an open loop among as many as it reached, one at least', () => {
    const open = { kind: 'open', ratePerSecond: 2, process: 'poisson', maxInFlight: 64 } as const
    const run = runOf([answer(0)], [0.001])
    expect(unitCostsOf(run, TOKENS, open).concurrency).toBeCloseTo(3.98)
    const slow = { ...run, conditions: { ...run.conditions, achievedLoad: 0.2 } }
    expect(unitCostsOf(slow, TOKENS, open).concurrency).toBe(1)
  })
})
