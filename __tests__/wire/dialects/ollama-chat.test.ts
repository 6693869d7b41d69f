import { describe, expect, it } from '@jest/globals'
import { describeAddresses, describeStreams, MESSAGES, requestOf, usage } from './dialect-checks.ts'

const model = 'llama3.2'

describeStreams('ollama-chat', [
  [
    'text',
    {
      text: 11,
      tokenEvents: 3,
      outputTokenEvents: 3,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 26, outputTokens: 282 }),
    },
  ],
  [
    'reasoning',
    {
      text: 4,
      reasoning: 5,
      tokenEvents: 3,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 26, outputTokens: 3 }),
    },
  ],
  [
    'tool-call',
    {
      tool: 65,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 26, outputTokens: 17 }),
    },
  ],
  [
    'length',
    {
      text: 3,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'length',
      terminal: true,
      model,
      usage: usage({ inputTokens: 26, outputTokens: 1 }),
    },
  ],
  [
    'without-reason',
    {
      text: 3,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 26, outputTokens: 282 }),
    },
  ],
  // The prompt's count is missing when all of it was cached: usage is then not known.
  [
    'without-input-count',
    { text: 3, tokenEvents: 1, outputTokenEvents: 1, finish: 'stop', terminal: true, model },
  ],
  [
    'unended',
    {
      text: 3,
      tokenEvents: 1,
      outputTokenEvents: 1,
      finish: 'stop',
      terminal: true,
      model,
      usage: usage({ inputTokens: 26, outputTokens: 282 }),
    },
  ],
  [
    'error',
    {
      text: 3,
      tokenEvents: 1,
      outputTokenEvents: 1,
      model,
      error: 'an error was encountered while running the model: CUDA error',
    },
  ],
  ['load', { finish: 'other', terminal: true, model }],
  ['truncated', { text: 7, tokenEvents: 2, outputTokenEvents: 2, model }],
])

describeAddresses('ollama-chat', [
  ['http://h:11434', 'http://h:11434/api/chat'],
  ['http://h:11434/', 'http://h:11434/api/chat'],
  ['http://h:11434/api', 'http://h:11434/api/chat'],
  ['http://h:11434/api/chat', 'http://h:11434/api/chat'],
  ['http://h/ollama', 'http://h/ollama/api/chat'],
])

describe('an ollama-chat request', () => {
  it('limits the output among the options', () => {
    const { headers, body } = requestOf('ollama-chat', { body: { options: { temperature: 0 } } })
    expect(headers).toMatchObject({ accept: 'application/x-ndjson' })
    expect(body).toEqual({
      model: 'm',
      messages: MESSAGES,
      stream: true,
      options: { num_predict: 64, temperature: 0 },
    })
  })
})
