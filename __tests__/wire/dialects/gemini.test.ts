import { describe, expect, it } from '@jest/globals'
import { dialectOf } from '../../../src/wire/dialects/dialects.ts'
import { describeAddresses, describeStreams, requestOf, usage } from './dialect-checks.ts'

const model = 'gemini-2.5-flash'

describeStreams('gemini', [
  [
    'text',
    {
      text: 14,
      tokenEvents: 2,
      outputTokenEvents: 2,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 12, outputTokens: 5 }),
    },
  ],
  [
    'reasoning',
    {
      text: 4,
      reasoning: 15,
      tokenEvents: 2,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 20, outputTokens: 123, reasoningTokens: 120 }),
    },
  ],
  [
    'tool-call',
    {
      tool: 45,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'tool-call',
      terminal: true,
      model,
      usage: usage({ inputTokens: 70, outputTokens: 15 }),
    },
  ],
  [
    'cached',
    {
      text: 2,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 2400, cachedInputTokens: 2048, outputTokens: 1 }),
    },
  ],
  [
    'length',
    {
      text: 7,
      tokenEvents: 2,
      outputTokenEvents: 2,
      finish: 'length',
      terminal: true,
      model,
      usage: usage({ inputTokens: 5, outputTokens: 2 }),
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
      usage: usage({ inputTokens: 5, outputTokens: 1 }),
    },
  ],
  ['prompt-blocked', { finish: 'content-filter', terminal: true, model }],
  [
    'error',
    {
      text: 1,
      tokenEvents: 1,
      outputTokenEvents: 1,
      model,
      error: 'The model is overloaded. Please try again later.',
      status: 503,
    },
  ],
  ['truncated', { text: 4, tokenEvents: 2, outputTokenEvents: 2, model }],
])

const STREAM = 'models/m:streamGenerateContent?alt=sse'
describeAddresses('gemini', [
  ['https://h', `https://h/v1beta/${STREAM}`],
  ['https://h/v1beta/', `https://h/v1beta/${STREAM}`],
  ['https://h/v1', `https://h/v1/${STREAM}`],
  [
    'https://h/v1/projects/p/publishers/google',
    `https://h/v1/projects/p/publishers/google/${STREAM}`,
  ],
  ['https://h/v1beta?x=1', 'https://h/v1beta/models/m:streamGenerateContent?x=1&alt=sse'],
])

describe('a gemini request', () => {
  it('has its own roles, and the key in a header instead of the address', () => {
    const { headers, body } = requestOf('gemini')
    expect(headers).toMatchObject({ 'x-goog-api-key': 'sk-secret' })
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [{ text: 'Hello' }] },
        { role: 'user', parts: [{ text: 'Bye' }] },
      ],
      generationConfig: { maxOutputTokens: 64 },
    })
  })

  it('keeps the output limit when the config sets another generation parameter', () => {
    const body = { generationConfig: { temperature: 0 } }
    expect(requestOf('gemini', { body }).body).toMatchObject({
      generationConfig: { maxOutputTokens: 64, temperature: 0 },
    })
  })

  it('takes the model with or without its collection', () => {
    const { url } = requestOf('gemini', { model: 'models/gemini-2.5-pro' })
    expect(url).toContain('/models/gemini-2.5-pro:stream')
  })
})

describe('a gemini event', () => {
  const read = (candidate: object) =>
    dialectOf('gemini').read({
      kind: 'event',
      name: '',
      data: JSON.stringify({ candidates: [candidate] }),
    })

  it('is not an end while the finish reason is unspecified', () => {
    const { finish, terminal } = read({ finishReason: 'FINISH_REASON_UNSPECIFIED' })
    expect([finish, terminal]).toEqual([undefined, undefined])
  })

  it('ends for an unknown reason with a new one', () => {
    expect(read({ finishReason: 'NEW' })).toMatchObject({ terminal: true, finish: 'other' })
  })

  it('counts code that the model wrote to run', () => {
    const parts = [{ executableCode: { language: 'PYTHON', code: 'print(1)' } }]
    expect(read({ content: { parts } })).toMatchObject({ toolCharacters: 8 })
  })
})
