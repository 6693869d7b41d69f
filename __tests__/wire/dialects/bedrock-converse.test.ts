import { describe, expect, it } from '@jest/globals'
import { dialectOf } from '../../../src/wire/dialects/dialects.ts'
import { describeAddresses, describeStreams, requestOf, usage } from './dialect-checks.ts'

describeStreams('bedrock-converse', [
  [
    'text',
    {
      text: 11,
      tokenEvents: 2,
      outputTokenEvents: 2,
      finish: 'stop',
      terminal: true,
      usage: usage({ inputTokens: 13, outputTokens: 7 }),
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
      usage: usage({ inputTokens: 1665, cachedInputTokens: 1600, outputTokens: 4 }),
    },
  ],
  [
    'cached-within',
    {
      text: 2,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      usage: usage({ inputTokens: 1625, cachedInputTokens: 1600, outputTokens: 4 }),
    },
  ],
  [
    'reasoning',
    {
      text: 1,
      reasoning: 12,
      tokenEvents: 3,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      usage: usage({ inputTokens: 41, outputTokens: 62 }),
    },
  ],
  [
    'redacted-reasoning',
    {
      text: 4,
      reasoning: 12,
      tokenEvents: 2,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      usage: usage({ inputTokens: 41, outputTokens: 30 }),
    },
  ],
  [
    'tool-call',
    {
      tool: 27,
      tokenEvents: 3,
      outputTokenEvents: 3,
      finish: 'tool-call',
      terminal: true,
      usage: usage({ inputTokens: 412, outputTokens: 53 }),
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
      usage: usage({ inputTokens: 13, outputTokens: 1 }),
    },
  ],
  [
    'content-filter',
    {
      text: 5,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'content-filter',
      terminal: true,
      usage: usage({ inputTokens: 13, outputTokens: 2 }),
    },
  ],
  [
    'exception',
    {
      text: 2,
      tokenEvents: 1,
      outputTokenEvents: 1,
      error: 'Too many tokens, please wait before trying again.',
      status: 429,
    },
  ],
  ['unmodelled-error', { error: 'An internal server error occurred' }],
  ['truncated', { text: 2, tokenEvents: 1, outputTokenEvents: 1 }],
])

describeAddresses('bedrock-converse', [
  ['https://h', 'https://h/model/m/converse-stream'],
  ['https://h/', 'https://h/model/m/converse-stream'],
  ['https://h/gateway', 'https://h/gateway/model/m/converse-stream'],
  ['https://h/model/m/converse-stream', 'https://h/model/m/converse-stream'],
])

describe('a bedrock-converse request', () => {
  it('puts the system prompt apart and a Bedrock API key into authorization', () => {
    const { headers, body } = requestOf('bedrock-converse')
    expect(headers).toMatchObject({
      authorization: 'Bearer sk-secret',
      accept: 'application/vnd.amazon.eventstream',
      'content-type': 'application/json',
    })
    expect(body).toEqual({
      system: [{ text: 'Be brief.' }],
      messages: [
        { role: 'user', content: [{ text: 'Hi' }] },
        { role: 'assistant', content: [{ text: 'Hello' }] },
        { role: 'user', content: [{ text: 'Bye' }] },
      ],
      inferenceConfig: { maxTokens: 64 },
    })
  })

  it('keeps the output limit beside what the config adds', () => {
    const body = { inferenceConfig: { temperature: 0 } }
    expect(requestOf('bedrock-converse', { body }).body).toMatchObject({
      inferenceConfig: { maxTokens: 64, temperature: 0 },
    })
  })

  it.each([
    ['anthropic.claude-3-haiku-20240307-v1:0', 'anthropic.claude-3-haiku-20240307-v1%3A0'],
    [
      'arn:aws:bedrock:eu-west-1:1:inference-profile/eu.x',
      'arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.x',
    ],
  ])('makes the model %s one segment of the path', (model, segment) => {
    const { url } = requestOf('bedrock-converse', { url: 'https://h', model })
    expect(url).toBe(`https://h/model/${segment}/converse-stream`)
  })
})

describe('turns and tools in bedrock-converse', () => {
  it('are blocks, and the results of one turn one message', () => {
    const { body } = dialectOf('bedrock-converse').request({
      endpoint: { api: 'bedrock-converse', url: 'https://h', model: 'm', headers: {}, body: {} },
      apiKey: undefined,
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: 'Let me see.',
          calls: [
            { id: 'a', name: 'x', arguments: '{"n":1}' },
            { id: 'b', name: 'y', arguments: 'no JSON' },
          ],
        },
        { role: 'tool', name: 'x', id: 'a', content: '1' },
        { role: 'tool', name: 'y', id: 'b', content: '2' },
        { role: 'assistant', content: '' },
        { role: 'user', content: 'Go on' },
      ],
      maxOutputTokens: 8,
    })
    const result = (toolUseId: string, text: string) => ({
      toolResult: { toolUseId, content: [{ text }] },
    })
    expect(JSON.parse(body).messages).toEqual([
      { role: 'user', content: [{ text: 'Hi' }] },
      {
        role: 'assistant',
        content: [
          { text: 'Let me see.' },
          { toolUse: { toolUseId: 'a', name: 'x', input: { n: 1 } } },
          { toolUse: { toolUseId: 'b', name: 'y', input: {} } },
        ],
      },
      { role: 'user', content: [result('a', '1'), result('b', '2')] },
      { role: 'user', content: [{ text: 'Go on' }] },
    ])
  })
})

describe('an exception in the stream', () => {
  const rows = [
    ['internalServerException', 500],
    ['modelStreamErrorException', 424],
    ['modelTimeoutException', 408],
    ['serviceUnavailableException', 503],
    ['throttlingException', 429],
    ['validationException', 400],
  ] as const

  it.each(rows)('%s has the status it would have had before the stream', (name, status) => {
    const data = '{"message":"So it is"}'
    const event = { kind: 'event', name, data, failed: true } as const
    const { error } = dialectOf('bedrock-converse').read(event)
    expect(error).toEqual({ message: 'So it is', status, code: name })
  })

  it('is one whatever it is called and carries', () => {
    for (const [name, data] of [
      ['constructor', 'no JSON'],
      ['newException', '{}'],
      ['', '[]'],
    ] as const) {
      const { error } = dialectOf('bedrock-converse').read({
        kind: 'event',
        name,
        data,
        failed: true,
      })
      expect(error?.message).toBe('the server gave no message')
      expect(error).not.toHaveProperty('status')
    }
  })
})

describe('a messageStop', () => {
  it('has an unknown reason when the API has a new one', () => {
    const event = { kind: 'event', name: 'messageStop', data: '{"stopReason":"new"}' } as const
    expect(dialectOf('bedrock-converse').read(event).finish).toBe('other')
  })
})
