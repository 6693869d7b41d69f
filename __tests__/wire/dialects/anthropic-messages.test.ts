import { describe, expect, it } from '@jest/globals'
import { dialectOf } from '../../../src/wire/dialects/dialects.ts'
import { describeAddresses, describeStreams, requestOf, usage } from './dialect-checks.ts'

const model = 'claude-sonnet-4-20250514'

describeStreams('anthropic-messages', [
  [
    'text',
    {
      text: 13,
      tokenEvents: 2,
      outputTokenEvents: 2,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 25, outputTokens: 15 }),
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
      usage: usage({ inputTokens: 2054, cachedInputTokens: 1800, outputTokens: 4 }),
    },
  ],
  [
    'reasoning',
    {
      text: 2,
      reasoning: 10,
      tokenEvents: 3,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 25, outputTokens: 60 }),
    },
  ],
  [
    'redacted-reasoning',
    {
      text: 4,
      reasoning: 16,
      tokenEvents: 2,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 25, outputTokens: 30 }),
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
      model,
      usage: usage({ inputTokens: 25, outputTokens: 89 }),
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
      usage: usage({ inputTokens: 25, outputTokens: 1 }),
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
      usage: usage({ inputTokens: 25, outputTokens: 2 }),
    },
  ],
  [
    'error',
    {
      text: 2,
      tokenEvents: 1,
      outputTokenEvents: 1,
      model,
      usage: usage({ inputTokens: 25, outputTokens: 1 }),
      error: 'Overloaded',
      status: 529,
    },
  ],
  [
    'truncated',
    {
      text: 2,
      tokenEvents: 1,
      outputTokenEvents: 1,
      model,
      usage: usage({ inputTokens: 25, outputTokens: 1 }),
    },
  ],
])

describeAddresses('anthropic-messages', [
  ['https://h', 'https://h/v1/messages'],
  ['https://h/v1', 'https://h/v1/messages'],
  ['https://h/v1/messages', 'https://h/v1/messages'],
  ['https://h/anthropic', 'https://h/anthropic/v1/messages'],
  ['https://h/anthropic/v1/', 'https://h/anthropic/v1/messages'],
])

describe('an anthropic-messages request', () => {
  it('puts the system prompt apart and the key into x-api-key', () => {
    const { headers, body } = requestOf('anthropic-messages')
    expect(headers).toMatchObject({
      'x-api-key': 'sk-secret',
      'anthropic-version': '2023-06-01',
    })
    expect(headers).not.toHaveProperty('authorization')
    expect(body).toEqual({
      model: 'm',
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'Bye' },
      ],
      stream: true,
      max_tokens: 64,
    })
  })

  it('lets the config ask for another API version', () => {
    const headers = { 'Anthropic-Version': '2099-01-01' }
    expect(requestOf('anthropic-messages', { headers }).headers).toMatchObject({
      'anthropic-version': '2099-01-01',
    })
  })
})

describe('a message_delta', () => {
  it('has an unknown reason when the API has a new one', () => {
    const data =
      '{"type":"message_delta","delta":{"stop_reason":"new"},"usage":{"output_tokens":3}}'
    const reading = dialectOf('anthropic-messages').read({ kind: 'event', name: '', data })
    expect(reading).toMatchObject({ finish: 'other', usage: { outputTokens: 3 } })
  })
})
