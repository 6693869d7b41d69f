import { describe, expect, it } from '@jest/globals'
import { describeAddresses, describeStreams, requestOf, usage } from './dialect-checks.ts'

const model = 'meta-llama/Llama-3.1-8B'

describeStreams('openai-completions', [
  [
    'text',
    {
      text: 12,
      tokenEvents: 3,
      outputTokenEvents: 3,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 12, outputTokens: 4 }),
    },
  ],
  [
    'cached',
    {
      text: 5,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 512, cachedInputTokens: 496, outputTokens: 2 }),
    },
  ],
  [
    'length',
    {
      text: 10,
      tokenEvents: 2,
      outputTokenEvents: 2,
      finish: 'length',
      terminal: true,
      model,
      usage: usage({ inputTokens: 12, outputTokens: 2 }),
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
      model,
    },
  ],
  [
    'error',
    {
      text: 5,
      tokenEvents: 1,
      outputTokenEvents: 1,
      model,
      error: 'CUDA out of memory',
      status: 500,
    },
  ],
  ['truncated', { text: 5, tokenEvents: 1, outputTokenEvents: 1, model }],
  ['empty-chunks', { finish: 'stop', terminal: true, model, usage: usage({ inputTokens: 3 }) }],
])

describeAddresses('openai-completions', [
  ['https://h', 'https://h/v1/completions'],
  ['https://h/v1/', 'https://h/v1/completions'],
  ['https://h/v1/completions', 'https://h/v1/completions'],
])

describe('an openai-completions request', () => {
  it('sends one prompt, messages a blank line apart', () => {
    const { headers, body } = requestOf('openai-completions')
    expect(headers).toMatchObject({ authorization: 'Bearer sk-secret' })
    expect(body).toEqual({
      model: 'm',
      prompt: 'Be brief.\n\nHi\n\nHello\n\nBye',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 64,
    })
  })
})
