import { describe, expect, it } from '@jest/globals'
import {
  costWhileRunning,
  priceMeasurement,
  priceRecords,
} from '../../../src/measure/price/price.ts'
import type { Prices } from '../../../src/model/config.ts'
import { answer, failure, measurement, serverUsage, withoutUsage } from '../../judge/measured.ts'

const PRICES: Prices = {
  kind: 'tokens',
  input: 1e-6,
  cachedInput: 0.25e-6,
  output: 4e-6,
  reasoning: 8e-6,
  request: 0,
}

function usd(records: Parameters<typeof priceRecords>[0], prices: Prices = PRICES) {
  return priceRecords(records, prices, 10_000).costsUsd.map((cost) => Number(cost.toFixed(9)))
}

describe('a priced record', () => {
  it('pays for input and output tokens', () => {
    expect(usd([answer(0)])).toEqual([0.00014])
  })

  it('pays less for cached input, and the price of reasoning for reasoning', () => {
    const usage = serverUsage({
      inputTokens: 100,
      cachedInputTokens: 40,
      outputTokens: 30,
      reasoningTokens: 20,
    })
    expect(usd([answer(0, { usage })])).toEqual([0.00027])
  })

  it('pays per request as well', () => {
    expect(usd([answer(0)], { ...PRICES, request: 0.001 })).toEqual([0.00114])
  })

  it('pays nothing for what never arrived or was refused', () => {
    const free = [
      'dns',
      'connect',
      'tls',
      'timeout-connect',
      'rate-limited',
      'http-4xx',
      'http-5xx',
    ]
    const records = free.map((outcome, at) =>
      failure(at, { outcome: outcome as 'dns', ...(at > 3 ? { sentMs: 1, status: 429 } : {}) }),
    )
    const priced = priceRecords(records, { ...PRICES, request: 0.001 }, 10_000)
    expect(priced).toEqual({ costsUsd: free.map(() => 0), estimated: false })
  })

  it('pays for the part of an answer that was cut, by estimate', () => {
    const cut = failure(1, {
      outcome: 'truncated',
      sentMs: 1,
      status: 200,
      outputCharacters: 20,
    })
    const priced = priceRecords([answer(0), cut], PRICES, 10_000)
    // The answer beside it has four characters a token, in and out.
    expect(priced.costsUsd[1]).toBeCloseTo(100e-6 + 20e-6, 9)
    expect(priced.estimated).toBe(true)
  })

  it('takes the usage of a failure where the server sent one', () => {
    const usage = serverUsage({ inputTokens: 10, outputTokens: 1 })
    const priced = priceRecords(
      [failure(0, { outcome: 'content-filter', sentMs: 1, usage })],
      PRICES,
      10_000,
    )
    expect(priced.costsUsd[0]).toBeCloseTo(14e-6, 9)
    expect(priced.estimated).toBe(false)
  })
})

describe('unknown usage', () => {
  it('is estimated from characters, with the size of a token learned from the run', () => {
    const records = [
      answer(0, { inputCharacters: 200, outputCharacters: 20 }),
      withoutUsage(1, { inputCharacters: 100, outputCharacters: 10 }),
    ]
    const { records: filled, estimated } = priceMeasurement(measurement(records), PRICES)
    expect(filled[1]?.usage).toEqual({
      source: 'estimated',
      inputTokens: 50,
      cachedInputTokens: 0,
      outputTokens: 5,
      reasoningTokens: 0,
    })
    expect(estimated).toBe(true)
  })

  it('is taken at four characters a token where nothing can be learned', () => {
    const { records, costsUsd } = priceMeasurement(measurement([withoutUsage(0)]), PRICES)
    expect(records[0]?.usage).toMatchObject({ inputTokens: 100, outputTokens: 10 })
    expect(costsUsd).toHaveLength(1)
  })

  it('is not learned from reasoning that nobody saw', () => {
    const hidden = serverUsage({ inputTokens: 100, outputTokens: 1000, reasoningTokens: 990 })
    const records = [answer(0, { usage: hidden }), withoutUsage(1)]
    const { records: filled } = priceMeasurement(measurement(records), PRICES)
    expect(filled[1]?.usage?.outputTokens).toBe(10)
  })

  it('makes the cost unknown, never zero, where there is nothing to estimate from', () => {
    const records = [answer(0), withoutUsage(1, { outputCharacters: 0 })]
    expect(priceRecords(records, PRICES, 10_000)).toEqual({
      costsUsd: [],
      unknown: 'usage-unknown',
      estimated: false,
    })
  })

  it('leaves the usage of a failure as it is', () => {
    const cut = failure(0, { outcome: 'truncated', sentMs: 1, outputCharacters: 20 })
    const { records } = priceMeasurement(measurement([cut]), PRICES)
    expect(records[0]?.usage).toBeUndefined()
  })
})

describe('a rented endpoint', () => {
  const rented: Prices = { kind: 'gpu-hour', usdPerHour: 3.6, gpus: 2 }

  it('spreads the price of its time over the requests, by the time each was in flight', () => {
    const records = [answer(0, { endMs: 100 }), answer(1, { endMs: 300 })]
    const { costsUsd } = priceRecords(records, rented, 10_000)
    expect(costsUsd[0]).toBeCloseTo(0.005, 9)
    expect(costsUsd[1]).toBeCloseTo(0.015, 9)
  })

  it('is paid for the warm-up too', () => {
    const { spent } = priceMeasurement(measurement([answer(0)], { totalMs: 20_000 }), rented)
    expect(spent.usd).toBeCloseTo(0.04, 9)
  })

  it('needs no usage', () => {
    const priced = priceRecords([withoutUsage(0, { outputCharacters: 0 })], rented, 1000)
    expect(priced.unknown).toBeUndefined()
  })
})

describe('without prices', () => {
  it('costs are unknown', () => {
    const priced = priceMeasurement(measurement([answer(0)]), { kind: 'none' })
    expect(priced).toMatchObject({ costsUsd: [], unknown: 'no-prices' })
    expect(priced.spent).toEqual({ reason: 'no-prices', estimated: false })
  })
})

describe('what was spent', () => {
  it('includes the warm-up and what the client cut', () => {
    const cut = failure(9, { outcome: 'aborted', sentMs: 1 })
    const { spent, costsUsd } = priceMeasurement(
      measurement([answer(0)], { warmup: [answer(8)], aborted: [cut] }),
      PRICES,
    )
    expect(costsUsd).toHaveLength(1)
    expect(spent.usd).toBeCloseTo(2 * 140e-6 + 100e-6, 9)
  })

  it('can be followed while the run goes on', () => {
    const costOf = costWhileRunning(PRICES)
    expect(costOf(answer(0))).toBeCloseTo(140e-6, 9)
    expect(costOf(failure(0, { outcome: 'connect' }))).toBe(0)
    expect(costWhileRunning({ kind: 'none' })(answer(0))).toBeUndefined()
  })
})
