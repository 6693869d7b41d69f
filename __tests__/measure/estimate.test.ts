import { describe, expect, it } from '@jest/globals'
import { allowanceFor, checkBudget, estimate, pastOf } from '../../src/measure/estimate.ts'
import type { Prices } from '../../src/model/config.ts'
import type { Plan, PlannedRequest } from '../../src/model/plan.ts'
import { answer, failure } from '../judge/measured.ts'

const PRICES: Prices = {
  kind: 'tokens',
  input: 1e-6,
  cachedInput: 1e-6,
  output: 4e-6,
  reasoning: 4e-6,
  request: 0,
}

function planned(index: number, change: Partial<PlannedRequest> = {}): PlannedRequest {
  return {
    index,
    arm: 'candidate',
    kind: 'answer',
    warmup: false,
    prompt: 'p',
    promptClass: 'c',
    messages: [{ role: 'user', content: 'x'.repeat(368) }],
    maxOutputTokens: 50,
    ...change,
  }
}

const PLAN: Plan = {
  requests: [
    planned(0, { warmup: true }),
    ...Array.from({ length: 8 }, (_, at) => planned(at + 1)),
    planned(9, { kind: 'probe', maxOutputTokens: 1 }),
  ],
  load: { kind: 'closed', concurrency: 2 },
  maxClientDelayMs: 50,
  timeouts: { connectMs: 1, firstTokenMs: 1, idleMs: 1, totalMs: 1 },
  seed: 1,
}

const PAST = {
  meanInputTokens: 80,
  meanOutputTokens: 20,
  meanAnswerMs: 1000,
  meanTtftMs: 200,
}

describe('an estimate', () => {
  it('takes outputs at their limit where nothing is known', () => {
    const { requests, costUsd, durationMs } = estimate(PLAN, PRICES)
    expect(requests).toBe(10)
    // 100 tokens in each, 50 out of nine answers, one of the probe.
    expect(costUsd).toBeCloseTo(10 * 100e-6 + 9 * 200e-6 + 4e-6, 9)
    expect(durationMs).toBeUndefined()
  })

  it('takes the means of the past', () => {
    const { costUsd, durationMs } = estimate(PLAN, PRICES, PAST)
    expect(costUsd).toBeCloseTo(10 * 80e-6 + 9 * 80e-6 + 4e-6, 9)
    expect(durationMs).toBeCloseTo(1000 + (8 * 1000 + 200) / 2)
  })

  it('knows that an open loop lasts as long as its arrivals', () => {
    const load = { kind: 'open', ratePerSecond: 1, process: 'constant', maxInFlight: 9 } as const
    const plan = { ...PLAN, load, requests: [planned(0, { intendedMs: 7000 })] }
    expect(estimate(plan, PRICES).durationMs).toBe(7000)
    expect(estimate(plan, PRICES, PAST).durationMs).toBe(8000)
  })

  it('turns time into money by GPU hour', () => {
    const rented: Prices = { kind: 'gpu-hour', usdPerHour: 3.6, gpus: 1 }
    expect(estimate(PLAN, rented, PAST).costUsd).toBeCloseTo(0.0051, 6)
    expect(estimate(PLAN, rented).costUsd).toBeUndefined()
  })

  it('has no cost without prices', () => {
    expect(estimate(PLAN, { kind: 'none' }, PAST).costUsd).toBeUndefined()
  })
})

describe('the budget', () => {
  const allowance = { requests: 10, costUsd: 1, durationMs: 5000 }

  it('lets a plan pass that fits, as far as is known', () => {
    expect(checkBudget({ requests: 10 }, allowance)).toBeUndefined()
    expect(checkBudget({ requests: 10, costUsd: 1, durationMs: 5000 }, allowance)).toBeUndefined()
  })

  const rows = [
    [{ requests: 11 }, { what: 'requests', allowed: 10, needed: 11 }],
    [
      { requests: 1, costUsd: 1.5 },
      { what: 'cost', allowed: 1, needed: 1.5 },
    ],
    [
      { requests: 1, durationMs: 6000 },
      { what: 'duration', allowed: 5000, needed: 6000 },
    ],
  ] as const
  it.each(rows)('refuses %j', (planned, expected) => {
    expect(checkBudget(planned, allowance)).toEqual({ kind: 'budget', measured: 0, ...expected })
  })

  it('becomes time where time is what costs', () => {
    const rented: Prices = { kind: 'gpu-hour', usdPerHour: 3600, gpus: 1 }
    expect(allowanceFor(rented, allowance).durationMs).toBe(1000)
    expect(allowanceFor(PRICES, allowance)).toEqual(allowance)
  })
})

describe('the past', () => {
  it('is the mean of completed answers', () => {
    const records = [
      answer(0),
      answer(1, { endMs: 392 }),
      answer(2, { kind: 'probe', endMs: 9999 }),
      failure(3, { outcome: 'timeout-total', endMs: 9999 }),
    ]
    expect(pastOf(records)).toEqual({
      meanInputTokens: 100,
      meanOutputTokens: 10,
      meanAnswerMs: 292,
      meanTtftMs: 100,
    })
  })

  it('says nothing it does not know', () => {
    expect(pastOf([])).toEqual({})
  })
})
