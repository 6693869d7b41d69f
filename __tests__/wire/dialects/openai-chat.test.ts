import { describe, expect, it } from '@jest/globals'
import { carriesToken } from '../../../src/wire/dialects/dialect.ts'
import { dialectOf } from '../../../src/wire/dialects/dialects.ts'
import { describeAddresses, describeStreams, MESSAGES, requestOf, usage } from './dialect-checks.ts'

const OPENAI = 'gpt-4o-mini-2024-07-18'
const QWEN = 'Qwen/Qwen3-8B'

describeStreams('openai-chat', [
  [
    'text',
    {
      text: 18,
      tokenEvents: 3,
      outputTokenEvents: 3,
      finish: 'stop',
      terminal: true,
      model: OPENAI,
      usage: usage({ inputTokens: 1312, cachedInputTokens: 1152, outputTokens: 9 }),
    },
  ],
  [
    'reasoning',
    {
      text: 2,
      reasoning: 18,
      tokenEvents: 4,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model: QWEN,
      usage: usage({ inputTokens: 21, outputTokens: 12, reasoningTokens: 9 }),
    },
  ],
  [
    'tool-call',
    {
      tool: 26,
      tokenEvents: 4,
      outputTokenEvents: 4,
      finish: 'tool-call',
      terminal: true,
      model: OPENAI,
      usage: usage({ inputTokens: 62, outputTokens: 17 }),
    },
  ],
  [
    'usage-with-choices',
    {
      text: 4,
      tokenEvents: 2,
      outputTokenEvents: 2,
      finish: 'stop',
      terminal: true,
      model: 'deepseek-chat',
      usage: usage({ inputTokens: 70, cachedInputTokens: 64, outputTokens: 2 }),
    },
  ],
  [
    'usage-in-every-chunk',
    {
      text: 3,
      tokenEvents: 2,
      outputTokenEvents: 2,
      finish: 'stop',
      terminal: true,
      model: QWEN,
      usage: usage({ inputTokens: 15, outputTokens: 3 }),
    },
  ],
  [
    'usage-x-groq',
    {
      text: 4,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model: 'llama-3.3-70b-versatile',
      usage: usage({ inputTokens: 38, outputTokens: 2 }),
    },
  ],
  [
    'reasoning-outside-usage',
    {
      text: 2,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model: 'grok-4',
      usage: usage({
        inputTokens: 32,
        cachedInputTokens: 6,
        outputTokens: 203,
        reasoningTokens: 194,
      }),
    },
  ],
  [
    'content-parts',
    {
      text: 4,
      reasoning: 3,
      tokenEvents: 2,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model: 'magistral-small-2509',
      usage: usage({ inputTokens: 11, outputTokens: 9 }),
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
      model: OPENAI,
      usage: usage({ inputTokens: 9, outputTokens: 2 }),
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
      model: OPENAI,
    },
  ],
  [
    'error',
    {
      text: 3,
      tokenEvents: 1,
      outputTokenEvents: 1,
      terminal: true,
      model: QWEN,
      error: 'EngineCore encountered an issue. See stack trace for the root cause.',
      status: 500,
    },
  ],
  [
    'error-openrouter',
    {
      text: 4,
      tokenEvents: 1,
      outputTokenEvents: 1,
      model: 'm/x',
      error: 'Rate limited upstream',
      status: 429,
    },
  ],
  ['error-named-event', { error: 'upstream timed out' }],
  [
    'abort',
    {
      text: 3,
      tokenEvents: 1,
      outputTokenEvents: 1,
      terminal: true,
      model: QWEN,
      error: 'the server ended the answer with finish_reason "abort"',
    },
  ],
  ['without-done', { text: 4, tokenEvents: 1, outputTokenEvents: 1, finish: 'stop', model: QWEN }],
  [
    'unended-done',
    {
      text: 2,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model: QWEN,
    },
  ],
  [
    'without-space',
    {
      text: 5,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model: QWEN,
      usage: usage({ inputTokens: 4, outputTokens: 1 }),
    },
  ],
  [
    'truncated',
    {
      text: 3,
      tokenEvents: 1,
      outputTokenEvents: 1,
      model: QWEN,
      malformed: 'an event is not a JSON object',
    },
  ],
])

describeAddresses('openai-chat', [
  ['https://h', 'https://h/v1/chat/completions'],
  ['https://h/', 'https://h/v1/chat/completions'],
  ['https://h/v1', 'https://h/v1/chat/completions'],
  ['https://h/v1/', 'https://h/v1/chat/completions'],
  ['https://h/v1/chat/completions', 'https://h/v1/chat/completions'],
  ['http://h:8000/openai/v1', 'http://h:8000/openai/v1/chat/completions'],
  [
    'https://h/deployments/d?api-version=1',
    'https://h/deployments/d/chat/completions?api-version=1',
  ],
])

describe('an openai-chat request', () => {
  it('asks for a stream with usage and carries the key in a header only', () => {
    const { headers, body } = requestOf('openai-chat')
    expect(headers).toEqual({
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
      authorization: 'Bearer sk-secret',
    })
    expect(body).toEqual({
      model: 'm',
      messages: MESSAGES,
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 64,
    })
  })

  it("lets the config's headers win, whatever their case", () => {
    const headers = { Authorization: 'Basic x', 'API-Key': 'y' }
    expect(requestOf('openai-chat', { headers }).headers).toMatchObject({
      authorization: 'Basic x',
      'api-key': 'y',
    })
  })

  it("merges the config's body: objects by member, null removes", () => {
    const body = {
      temperature: 0,
      stream_options: { continuous_usage_stats: true },
      model: null,
      nested: { gone: null, kept: [null] },
    }
    expect(requestOf('openai-chat', { body }).body).toEqual({
      messages: MESSAGES,
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
      max_tokens: 64,
      temperature: 0,
      nested: { kept: [null] },
    })
  })

  it('can leave usage out for a server that refuses stream_options', () => {
    const { body } = requestOf('openai-chat', { body: { stream_options: null } })
    expect(body).not.toHaveProperty('stream_options')
  })

  it.each([
    ['https://api.openai.com/v1', {}, { max_completion_tokens: 64 }],
    ['https://x.openai.azure.com/openai/v1', {}, { max_completion_tokens: 64 }],
    ['https://notopenai.azure.com/v1', {}, { max_tokens: 64 }],
    ['https://api.openai.com/v1', { max_completion_tokens: null }, { max_tokens: 64 }],
    ['https://h/v1', { max_tokens: null }, { max_completion_tokens: 64 }],
    ['https://h/v1', { max_tokens: null, max_completion_tokens: null }, {}],
    ['https://h/v1', { max_tokens: 5 }, { max_tokens: 5 }],
    ['https://h/v1', { max_completion_tokens: 5 }, { max_completion_tokens: 5 }],
  ])('limits the output at %s with body %j by %j', (url, body, expected) => {
    const sent = requestOf('openai-chat', { url, body }).body
    const limits = Object.entries(sent ?? {}).filter(([name]) => name.startsWith('max_'))
    expect(Object.fromEntries(limits)).toEqual(expected)
  })

  it('sends no authorization without a key', () => {
    const endpoint = { api: 'openai-chat', url: 'h', model: 'm', headers: {}, body: {} } as const
    const input = { endpoint, apiKey: undefined, messages: MESSAGES, maxOutputTokens: 1 }
    expect(dialectOf('openai-chat').request(input).headers).not.toHaveProperty('authorization')
  })
})

describe('an openai-chat event', () => {
  const read = (delta: object) =>
    dialectOf('openai-chat').read({
      kind: 'event',
      name: '',
      data: JSON.stringify({ choices: [{ index: 0, delta }] }),
    })

  it('counts reasoning once where it is repeated, and encrypted reasoning too', () => {
    const details = [{ type: 'reasoning.text', text: 'Hmm' }]
    const shown = read({ content: '', reasoning: 'Hmm', reasoning_details: details })
    expect(shown).toMatchObject({ textCharacters: 0, reasoningCharacters: 3 })
    const encrypted = [{ type: 'reasoning.encrypted', data: 'gAAAA' }]
    expect(read({ reasoning: null, reasoning_details: encrypted })).toMatchObject({
      reasoningCharacters: 5,
    })
  })

  it('counts the legacy function call and a refusal', () => {
    const call = { name: 'f', arguments: '{}' }
    expect(read({ function_call: call })).toMatchObject({ toolCharacters: 3 })
    expect(read({ refusal: 'No.' })).toMatchObject({ textCharacters: 3 })
  })

  it.each([
    { role: 'assistant' },
    { role: 'assistant', content: '' },
    { role: 'assistant', content: null, reasoning_content: null, tool_calls: [] },
    { content: '', reasoning: '' },
    { tool_calls: [{ index: 0, function: { arguments: '' } }] },
    {},
  ])('is no token when it has only %j', (delta) => {
    expect(carriesToken(read(delta))).toBe(false)
  })
})
