import { describe, expect, it } from '@jest/globals'
import { dialectOf } from '../../../src/wire/dialects/dialects.ts'
import { describeAddresses, describeStreams, MESSAGES, requestOf, usage } from './dialect-checks.ts'

const model = 'gpt-4.1-2025-04-14'

describeStreams('openai-responses', [
  [
    'text',
    {
      text: 8,
      tokenEvents: 3,
      outputTokenEvents: 3,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 37, outputTokens: 4 }),
    },
  ],
  [
    'reasoning',
    {
      text: 3,
      reasoning: 15,
      tokenEvents: 3,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({
        inputTokens: 81,
        cachedInputTokens: 64,
        outputTokens: 250,
        reasoningTokens: 240,
      }),
    },
  ],
  [
    'tool-call',
    {
      tool: 26,
      tokenEvents: 3,
      outputTokenEvents: 3,
      finish: 'tool-call',
      terminal: true,
      model,
      usage: usage({ inputTokens: 291, outputTokens: 18 }),
    },
  ],
  [
    'length',
    {
      text: 4,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'length',
      terminal: true,
      model,
      usage: usage({ inputTokens: 37, outputTokens: 16 }),
    },
  ],
  [
    'content-filter',
    {
      text: 1,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'content-filter',
      terminal: true,
      model,
      usage: usage({ inputTokens: 37, outputTokens: 2 }),
    },
  ],
  [
    'refusal',
    {
      text: 8,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 30, outputTokens: 5 }),
    },
  ],
  [
    'failed',
    {
      text: 2,
      tokenEvents: 1,
      outputTokenEvents: 1,
      terminal: true,
      model,
      error: 'The model failed to generate a response.',
      status: 500,
    },
  ],
  ['error', { model, error: 'Rate limit reached', status: 429 }],
  ['truncated', { text: 5, tokenEvents: 2, outputTokenEvents: 2, model }],
])

describeAddresses('openai-responses', [
  ['https://h', 'https://h/v1/responses'],
  ['https://h/v1', 'https://h/v1/responses'],
  ['https://h/v1/responses/', 'https://h/v1/responses'],
])

describe('an openai-responses request', () => {
  it('stores nothing and streams', () => {
    const { headers, body } = requestOf('openai-responses')
    expect(headers).toMatchObject({ authorization: 'Bearer sk-secret' })
    expect(body).toEqual({
      model: 'm',
      input: MESSAGES,
      stream: true,
      store: false,
      max_output_tokens: 64,
    })
  })

  it('asks for no fewer tokens than the API accepts', () => {
    const { request, smallestOutputLimit } = dialectOf('openai-responses')
    const endpoint = {
      api: 'openai-responses',
      url: 'h',
      model: 'm',
      headers: {},
      body: {},
    } as const
    const input = { endpoint, apiKey: undefined, messages: MESSAGES, maxOutputTokens: 1 }
    expect(JSON.parse(request(input).body)).toMatchObject({
      max_output_tokens: smallestOutputLimit,
    })
  })
})

describe('the end of a response', () => {
  const read = (type: string, response: object) =>
    dialectOf('openai-responses').read({
      kind: 'event',
      name: type,
      data: JSON.stringify({ type, response }),
    })

  it('is an error when it was cancelled', () => {
    expect(read('response.cancelled', {})).toMatchObject({
      terminal: true,
      error: { message: 'response.cancelled' },
    })
  })

  it('has an unknown reason when it is incomplete without saying why', () => {
    expect(read('response.incomplete', {})).toMatchObject({ terminal: true, finish: 'other' })
  })
})
