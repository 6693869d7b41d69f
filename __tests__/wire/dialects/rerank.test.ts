import { describe, expect, it } from '@jest/globals'
import { dialectOf, fewestItemsOf } from '../../../src/wire/dialects/dialects.ts'
import { describeStreams, usage } from './dialect-checks.ts'
import { asked, event } from './items-request.ts'

const ENDED = { finish: 'stop', terminal: true } as const

describeStreams('rerank', [
  ['vllm', { ...ENDED, items: 2, model: 'bge-reranker', usage: usage({ inputTokens: 56 }) }],
  ['cohere', { ...ENDED, items: 2 }],
  ['jina', { ...ENDED, items: 1, model: 'jina-reranker', usage: usage({ inputTokens: 47 }) }],
  ['none', { ...ENDED, items: 0, model: 'm' }],
  ['error', { error: 'no such model', status: 404 }],
  ['truncated', { malformed: 'the answer is not a JSON object' }],
])

describe('rerank', () => {
  it.each([
    ['https://h', 'https://h/v1/rerank'],
    ['https://h/v2', 'https://h/v2/rerank'],
    ['https://h/v1/rerank', 'https://h/v1/rerank'],
  ])('asks at %s', (url, expected) => {
    expect(asked('rerank', ['q', 'd'], { url }).url).toBe(expected)
  })

  it('sends the first text as the query and the others as documents', () => {
    expect(JSON.parse(asked('rerank', ['q', 'd1', 'd2']).body)).toEqual({
      model: 'bge-m3',
      query: 'q',
      documents: ['d1', 'd2'],
    })
  })

  it('wants a ranking of each document, or of as many as `top_n` asks for', () => {
    const dialect = dialectOf('rerank')
    expect(fewestItemsOf(dialect, asked('rerank', ['q', 'd1', 'd2']))).toBe(2)
    const top = asked('rerank', ['q', 'd1', 'd2', 'd3'], { body: { top_n: 1 } })
    expect(fewestItemsOf(dialect, top)).toBe(1)
  })

  it.each([
    ['usage of vLLM and Jina', '"usage":{"total_tokens":90}', 90],
    ['tokens that Cohere bills', '"meta":{"billed_units":{"input_tokens":91}}', 91],
  ])('reads rankings and %s', (_what, usage, inputTokens) => {
    const answer = `{"results":[{"index":1,"relevance_score":0.9}],${usage}}`
    expect(dialectOf('rerank').read(event(answer))).toMatchObject({
      items: 1,
      terminal: true,
      usage: { inputTokens, outputTokens: 0 },
    })
  })

  it('knows no usage where only searches are billed', () => {
    const answer = '{"results":[],"meta":{"billed_units":{"search_units":1}}}'
    const { usage, items } = dialectOf('rerank').read(event(answer))
    expect([usage, items]).toEqual([undefined, 0])
  })
})
