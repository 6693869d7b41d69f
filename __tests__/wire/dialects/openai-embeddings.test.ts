import { describe, expect, it } from '@jest/globals'
import { dialectOf, fewestItemsOf } from '../../../src/wire/dialects/dialects.ts'
import { describeStreams, usage } from './dialect-checks.ts'
import { asked, event } from './items-request.ts'

const ENDED = { finish: 'stop', terminal: true } as const

describeStreams('openai-embeddings', [
  ['text', { ...ENDED, items: 1, model: 'bge-m3', usage: usage({ inputTokens: 9 }) }],
  ['batch', { ...ENDED, items: 3, model: 'bge-m3', usage: usage({ inputTokens: 31 }) }],
  [
    'base64',
    { ...ENDED, items: 1, model: 'text-embedding-3-small', usage: usage({ inputTokens: 4 }) },
  ],
  ['without-usage', { ...ENDED, items: 1, model: 'bge-m3' }],
  ['none', { ...ENDED, items: 0, model: 'bge-m3', usage: usage({ inputTokens: 0 }) }],
  ['error', { error: 'the batch is larger than 32', status: 413 }],
  ['truncated', { malformed: 'the answer is not a JSON object' }],
])

describe('openai-embeddings', () => {
  it.each([
    ['https://h', 'https://h/v1/embeddings'],
    ['https://h/v1', 'https://h/v1/embeddings'],
    ['https://h/v1/embeddings', 'https://h/v1/embeddings'],
    ['https://h/v1?api-version=1', 'https://h/v1/embeddings?api-version=1'],
  ])('asks at %s', (url, expected) => {
    expect(asked('openai-embeddings', ['a'], { url }).url).toBe(expected)
  })

  it('sends one text as a text, several as a list, and the key in a header', () => {
    const { body, headers } = asked('openai-embeddings', ['a'])
    expect(JSON.parse(body)).toEqual({ model: 'bge-m3', input: 'a' })
    expect(headers).toMatchObject({ accept: 'application/json', authorization: 'Bearer k' })
    const several = asked('openai-embeddings', ['a', 'b'], { body: { dimensions: 256 } })
    expect(JSON.parse(several.body)).toEqual({
      model: 'bge-m3',
      input: ['a', 'b'],
      dimensions: 256,
    })
  })

  it('wants a vector for each text', () => {
    const dialect = dialectOf('openai-embeddings')
    expect(fewestItemsOf(dialect, asked('openai-embeddings', ['a']))).toBe(1)
    expect(fewestItemsOf(dialect, asked('openai-embeddings', ['a', 'b', 'c']))).toBe(3)
  })

  it('reads vectors, model and usage', () => {
    const answer =
      '{"object":"list","data":[{"embedding":[0.1]},{"embedding":[0.2]}],"model":"m","usage":{"prompt_tokens":7,"total_tokens":7}}'
    expect(dialectOf('openai-embeddings').read(event(answer))).toMatchObject({
      items: 2,
      finish: 'stop',
      terminal: true,
      model: 'm',
      usage: { inputTokens: 7, outputTokens: 0 },
    })
  })

  it('takes an error for one, and what is no answer for malformed', () => {
    const { read } = dialectOf('openai-embeddings')
    expect(read(event('{"error":{"message":"no such model"}}')).error?.message).toBe(
      'no such model',
    )
    expect(read(event('[]')).malformed).toMatch(/not a JSON object/)
    expect(read(event('{"data":5}')).malformed).toBe('the answer has no list `data`')
  })
})
