import { describe, expect, it } from '@jest/globals'
import { summarize } from '../../src/judge/summarize.ts'
import type { Outcome, RequestRecord } from '../../src/model/request-record.ts'
import type { Run } from '../../src/model/run.ts'
import { ceilingOf, normals } from '../synthetic-summaries.ts'
import { answer, failure, runOf } from './measured.ts'

const INFINITY = Number.POSITIVE_INFINITY

function failed(outcome: Outcome, change: Partial<RequestRecord> = {}): RequestRecord {
  return failure(0, { outcome, sentMs: 1, endMs: 500, ...change })
}

describe('a series', () => {
  it('keeps every value in plan order with the class of its prompt', () => {
    const records = [
      answer(0, { promptClass: 'short', firstTokenMs: 51 }),
      answer(1, { promptClass: 'long', firstTokenMs: 201 }),
      answer(2, { promptClass: 'short', firstTokenMs: 61 }),
    ]
    const { series } = summarize(runOf(records), [])
    expect(series.ttft).toMatchObject({
      values: [50, 200, 60],
      classes: [0, 1, 0],
      classNames: ['short', 'long'],
      leftOut: 0,
      of: 3,
    })
  })

  it('of what such answers do not have is none, also where a request waited in vain', () => {
    const vectors = { items: 3, tokenEvents: 0, tokenReads: 0, firstTokenMs: undefined }
    const some = [failed('timeout-total'), answer(1, vectors)]
    const ofItems = summarize(runOf(some, { loadShape: { api: 'openai-embeddings' } }), [])
    expect(Object.keys(ofItems.series).sort()).toEqual(['items_per_second', 'latency'])
    const ofTokens = summarize(runOf([failed('timeout-total'), answer(1)]), [])
    expect(ofTokens.series.items_per_second).toBeUndefined()
    expect(ofTokens.series.ttft?.values).toContain(INFINITY)
  })

  it.each([
    'timeout-connect',
    'timeout-first-token',
    'timeout-idle',
    'timeout-total',
    'truncated',
  ] as const)('ranks %s before the first token as slower than everything', (outcome) => {
    const { series, failed: count } = summarize(runOf([answer(0), failed(outcome)]), [])
    expect(series.ttft?.values).toEqual([100, INFINITY])
    expect(series.latency?.values).toEqual([191, INFINITY])
    expect(series.output_tokens_per_second?.values[1]).toBe(0)
    expect(series.tpot?.values).toHaveLength(1)
    expect(count).toBe(1)
  })

  it.each([
    'rate-limited',
    'http-4xx',
    'http-5xx',
    'dns',
    'connect',
    'tls',
    'stream-error',
    'empty',
    'malformed',
  ] as const)('leaves out and counts %s, which came at once', (outcome) => {
    const { series, failed: count, errors } = summarize(runOf([answer(0), failed(outcome)]), [])
    expect(series.ttft).toMatchObject({ values: [100], leftOut: 1, refused: 1, of: 2 })
    expect(count).toBe(1)
    expect(errors).toEqual({ [outcome]: 1 })
  })

  it('keeps the first token of an answer that broke off later, and no latency of it', () => {
    const cut = answer(1, { outcome: 'truncated' })
    const { series } = summarize(runOf([answer(0), cut]), [])
    expect(series.ttft?.values).toEqual([100, 100])
    expect(series.latency?.values).toEqual([191, INFINITY])
    expect(series.itl?.values).toHaveLength(18)
  })

  it('says which request each gap belongs to', () => {
    const { series } = summarize(runOf([answer(0), answer(1)]), [])
    expect(series.itl?.requests).toEqual([...new Array(9).fill(0), ...new Array(9).fill(1)])
    expect(series.ttft?.requests).toBeUndefined()
  })

  it('leaves out values that are not numbers', () => {
    const broken = answer(1, { firstTokenMs: Number.NaN })
    const { series } = summarize(runOf([answer(0), broken]), [])
    expect(series.ttft).toMatchObject({ values: [100], leftOut: 1, of: 2 })
    expect(series.ttft?.refused).toBeUndefined()
  })

  it('is absent where no request gave a value', () => {
    const { series, completed } = summarize(runOf([failed('http-5xx')]), [])
    expect(series).toEqual({})
    expect(completed).toBe(0)
  })
})

describe('requests that we aborted ourselves', () => {
  it('are listed and in no number', () => {
    const summary = summarize(runOf([answer(0), failed('aborted')]), [])
    expect(summary).toMatchObject({ requests: 1, completed: 1, failed: 0, errors: { aborted: 1 } })
    expect(summary.series.ttft?.of).toBe(1)
  })
})

describe('probes', () => {
  const normal = normals(9)
  const drawn = (factor: number, kind: RequestRecord['kind']) =>
    Array.from({ length: 60 }, (_, index) =>
      answer(index, {
        kind,
        promptClass: index % 2 === 0 ? 'a' : 'b',
        firstTokenMs: 1 + 100 * factor * (1 + (index % 2)) * Math.exp(0.2 * normal()),
      }),
    )

  it('feed the first token and failures, and nothing that follows', () => {
    const summary = summarize(runOf([...drawn(1, 'answer'), ...drawn(1, 'probe')]), [])
    expect(summary.series.ttft?.of).toBe(120)
    expect(summary.series.latency?.of).toBe(60)
    expect(summary.requests).toBe(120)
    expect(summary.probesDropped).toBeUndefined()
    expect(summary.cost).toMatchObject({ known: true, completed: 60 })
  })

  it('are dropped from the first token where they differ from answers', () => {
    const summary = summarize(runOf([...drawn(1, 'answer'), ...drawn(0.7, 'probe')]), [])
    expect(summary.series.ttft?.of).toBe(60)
    expect(summary.probesDropped?.ratio).toBeGreaterThan(0.6)
    expect(summary.probesDropped?.ratio).toBeLessThan(0.8)
    expect(summary.probesDropped?.high).toBeLessThan(1)
    expect(summary.requests).toBe(120)
  })

  it('are kept where they differ by less than matters', () => {
    const summary = summarize(runOf([...drawn(1, 'answer'), ...drawn(0.98, 'probe')]), [])
    expect(summary.probesDropped).toBeUndefined()
  })
})

describe('cost', () => {
  it('keeps what failures cost, and divides by completed answers', () => {
    const { cost } = summarize(
      runOf([answer(0), failed('truncated')], { costsUsd: [0.002, 0.001] }),
      [],
    )
    expect(cost).toMatchObject({ known: true, perRequestUsd: [0.002, 0.001], completed: 1 })
  })

  it('says why it is not known', () => {
    const unknown = (change: Partial<Run>) => summarize(runOf([answer(0)], change), []).cost
    expect(unknown({ costsUsd: [], costUnknown: 'usage-unknown' })).toEqual({
      known: false,
      reason: 'usage-unknown',
    })
    expect(unknown({ costsUsd: [] })).toEqual({ known: false, reason: 'no-prices' })
    expect(unknown({ costsUsd: [Number.NaN] })).toEqual({ known: false, reason: 'usage-unknown' })
  })

  it('is marked where token counts are estimates', () => {
    const usage = {
      source: 'estimated' as const,
      inputTokens: 1,
      cachedInputTokens: 0,
      outputTokens: 1,
      reasoningTokens: 0,
    }
    expect(summarize(runOf([answer(0, { usage })]), []).cost).toMatchObject({ estimated: true })
  })
})

describe('goodput', () => {
  it('counts answers that complete within every latency ceiling', () => {
    const limits = [
      ceilingOf('ttft_p95', 150),
      ceilingOf('ttft_p50', 300),
      ceilingOf('latency_p50', 200),
    ]
    const records = [
      answer(0),
      answer(1, { firstTokenMs: 180 }),
      answer(2, { endMs: 400 }),
      failed('http-5xx'),
      answer(4, { kind: 'probe', firstTokenMs: 500 }),
    ]
    expect(summarize(runOf(records), limits).goodput).toEqual({ good: 1, of: 4 })
  })

  it('is absent without a latency ceiling', () => {
    expect(summarize(runOf([answer(0)]), [ceilingOf('error_rate', 0.1)]).goodput).toBeUndefined()
  })
})
