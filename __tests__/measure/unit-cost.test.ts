import { describe, expect, it } from '@jest/globals'
import { affordable } from '../../src/judge/next-step/afford.ts'
import { estimateByUnits, unitCostsOf } from '../../src/measure/estimate.ts'
import { planWorkload } from '../../src/measure/plan/plan.ts'
import type { Prices } from '../../src/model/config.ts'
import type { RequestRecord } from '../../src/model/request-record.ts'
import type { Run } from '../../src/model/run.ts'
import { sampleRun } from '../baseline-samples.ts'
import { requestOf } from '../gate/memory-ports.ts'
import { answer, failure } from '../judge/measured.ts'

const TOKENS: Prices = {
  kind: 'tokens',
  input: 1e-6,
  cachedInput: 1e-6,
  output: 4e-6,
  reasoning: 4e-6,
  request: 1e-5,
}
const OPEN = { kind: 'open', ratePerSecond: 2, process: 'poisson', maxInFlight: 64 } as const
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
      load: CLOSED,
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

  it('of a rented machine follows the clock of an open loop', () => {
    const prices: Prices = { kind: 'gpu-hour', usdPerHour: 3.6, gpus: 1 }
    const { answer: one } = unitCostsOf(runOf([answer(0)], []), prices, OPEN)
    expect(one.usd).toBeCloseTo((3.6 / 3_600_000) * 500, 12)
  })
})

describe('a unit cost of conversations', () => {
  /** Two turns, half a second of thinking between them. */
  const talk = (conversation: number): readonly RequestRecord[] => [
    answer(2 * conversation, { conversation, turn: 1 }),
    answer(2 * conversation + 1, { conversation, turn: 2, startedMs: 692, endMs: 884 }),
  ]
  const run = runOf([...talk(0), ...talk(1)], [])

  it('keeps its worker while its user thinks', () => {
    expect(unitCostsOf(run, { kind: 'none' }, CLOSED).answer.ms).toBe(192 + 250)
  })

  it('comes as often as conversations do, in an open loop', () => {
    const seen = unitCostsOf(run, { kind: 'none' }, OPEN)
    expect(seen.requestsEach).toBe(2)
    const buying = { seen, request: 'answer', arms: 1, rounds: 1, warmup: 0 } as const
    // Two conversations a second, of two requests each; the last one takes its time.
    const allowance = { requests: 1e6, costUsd: 1e6, durationMs: 10_000 + 2 * seen.answer.ms }
    expect(affordable({ ...buying, allowance })).toBe(40)
  })
})

describe('a further round', () => {
  const seen = unitCostsOf(runOf([answer(0), probe(1)], [0.001, 0.0002]), TOKENS, CLOSED)
  const PAIRS = { arms: 'pairs', requests: 0, probes: 20, warmup: 4 } as const
  const plan = planWorkload(requestOf().gate.workload, { ...PAIRS, round: 1, nonce: 'n' })

  it('takes its warm-up, and both arms of its pairs', () => {
    const { requests, costUsd, durationMs } = estimateByUnits(plan, seen)
    expect(requests).toBe(48)
    expect(costUsd).toBeCloseTo(48 * 0.0002, 9)
    expect(durationMs).toBeCloseTo(110 + (40 * 110) / 4, 9)
  })

  it('of an open loop lasts as long as its arrivals, each arm at the rate, and the last request', () => {
    const { durationMs } = estimateByUnits(plan, { ...seen, load: OPEN })
    expect(durationMs).toBeCloseTo(110 + 20 * 500 + 110, 9)
  })

  it('costs an unknown sum where one request does', () => {
    const free = { ...seen, probe: { ms: 110 } }
    expect(estimateByUnits(plan, free).costUsd).toBeUndefined()
  })
})
