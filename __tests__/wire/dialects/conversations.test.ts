// How each dialect spells a conversation: what every API demands of it, held over conversations of any
// make, and the exact words of one with a tool.

import { describe, expect, it } from '@jest/globals'
import { continued } from '../../../src/measure/load/talks.ts'
import { DIALECTS, type DialectName, hasTurns } from '../../../src/model/config.ts'
import type { Message, Said, ToolCall } from '../../../src/model/conversation.ts'
import { type Random, seededRandom } from '../../../src/stats/random.ts'
import { dialectOf } from '../../../src/wire/dialects/dialects.ts'

type Members = { readonly [member: string]: unknown }

function bodyOf(api: DialectName, messages: readonly Message[]): Members {
  const endpoint = { api, url: 'https://h/v1', model: 'm', headers: {}, body: {} }
  const input = { endpoint, apiKey: undefined, messages, maxOutputTokens: 16 }
  return JSON.parse(dialectOf(api).request(input).body)
}

const listOf = (value: unknown) => (value ?? []) as readonly Members[]
const TALKING = DIALECTS.filter(hasTurns)

const TOOLED: readonly Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Where?' },
  {
    role: 'assistant',
    content: '',
    calls: [
      { id: 'c1', name: 'track', arguments: '{"n":1}' },
      { id: 'c2', name: 'rain', arguments: '{}', signature: 'sig' },
    ],
  },
  { role: 'tool', id: 'c1', name: 'track', content: '{"at":"Lyon"}' },
  { role: 'tool', id: 'c2', name: 'rain', content: 'none' },
  { role: 'assistant', content: 'In Lyon.' },
  { role: 'user', content: 'When?' },
]

describe('a conversation with tools', () => {
  it('is spelt by openai-chat', () => {
    expect(bodyOf('openai-chat', TOOLED).messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Where?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'track', arguments: '{"n":1}' } },
          { id: 'c2', type: 'function', function: { name: 'rain', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '{"at":"Lyon"}' },
      { role: 'tool', tool_call_id: 'c2', content: 'none' },
      { role: 'assistant', content: 'In Lyon.' },
      { role: 'user', content: 'When?' },
    ])
  })

  it('is spelt by openai-responses', () => {
    expect(bodyOf('openai-responses', TOOLED).input).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Where?' },
      { type: 'function_call', call_id: 'c1', name: 'track', arguments: '{"n":1}' },
      { type: 'function_call', call_id: 'c2', name: 'rain', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: '{"at":"Lyon"}' },
      { type: 'function_call_output', call_id: 'c2', output: 'none' },
      { role: 'assistant', content: 'In Lyon.' },
      { role: 'user', content: 'When?' },
    ])
  })

  it('is spelt by anthropic-messages', () => {
    const { system, messages } = bodyOf('anthropic-messages', TOOLED)
    expect(system).toBe('Be brief.')
    expect(messages).toEqual([
      { role: 'user', content: 'Where?' },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'c1', name: 'track', input: { n: 1 } },
          { type: 'tool_use', id: 'c2', name: 'rain', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: '{"at":"Lyon"}' },
          { type: 'tool_result', tool_use_id: 'c2', content: 'none' },
        ],
      },
      { role: 'assistant', content: 'In Lyon.' },
      { role: 'user', content: 'When?' },
    ])
  })

  it('is spelt by gemini', () => {
    const { contents, systemInstruction } = bodyOf('gemini', TOOLED)
    expect(systemInstruction).toEqual({ parts: [{ text: 'Be brief.' }] })
    expect(contents).toEqual([
      { role: 'user', parts: [{ text: 'Where?' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { name: 'track', args: { n: 1 } } },
          { functionCall: { name: 'rain', args: {} }, thoughtSignature: 'sig' },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'track', response: { at: 'Lyon' } } },
          { functionResponse: { name: 'rain', response: { result: 'none' } } },
        ],
      },
      { role: 'model', parts: [{ text: 'In Lyon.' }] },
      { role: 'user', parts: [{ text: 'When?' }] },
    ])
  })

  it('is spelt by ollama-chat', () => {
    expect(bodyOf('ollama-chat', TOOLED).messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Where?' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { function: { name: 'track', arguments: { n: 1 } } },
          { function: { name: 'rain', arguments: {} } },
        ],
      },
      { role: 'tool', tool_name: 'track', content: '{"at":"Lyon"}' },
      { role: 'tool', tool_name: 'rain', content: 'none' },
      { role: 'assistant', content: 'In Lyon.' },
      { role: 'user', content: 'When?' },
    ])
  })
})

const NAMES = ['track', 'rain', 'price', 'unknown']
const ARGUMENTS = ['{}', '{"a":[1]}', '{"cut', '', '"text"', '[1]', 'null']

function pick<T>(from: readonly [T, ...T[]] | readonly T[], random: Random): T {
  return from[Math.floor(random() * from.length)] as T
}

function someAnswer(random: Random): { text: string; calls: readonly ToolCall[] } {
  const calls = Array.from({ length: Math.floor(random() * 4) }, (_, at): ToolCall => {
    const [name, given] = [pick(NAMES, random), pick(ARGUMENTS, random)]
    return { id: random() < 0.5 ? '' : `own-${at}`, name, arguments: given }
  })
  return { text: pick(['', 'text', '{"a": 1}'], random), calls }
}

function someSaid(random: Random): Said {
  if (random() < 0.5) return { by: 'user', content: 'and' }
  const names = ['track', 'rain', 'price'].filter(() => random() < 0.6)
  const given = names.length === 0 ? ['track'] : names
  return { by: 'tools', results: given.map((name) => ({ name, content: `of ${name}` })) }
}

/** Answers of every make: empty, with calls of tools that have a result or none, cut short. */
function someConversation(seed: number): { messages: readonly Message[]; said: readonly Said[] } {
  const random = seededRandom(seed)
  let messages: readonly Message[] = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Where?' },
  ]
  const said = Array.from({ length: 1 + Math.floor(random() * 6) }, () => someSaid(random))
  for (const [at, next] of said.entries()) {
    messages = continued(messages, someAnswer(random), { said: next, number: at + 2 })
  }
  return { messages, said }
}

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed)

describe('every conversation', () => {
  it('has all that was said, in order, and begins the next one', () => {
    for (const seed of SEEDS) {
      const { messages, said } = someConversation(seed)
      const results = messages.flatMap((one) => (one.role === 'tool' ? [one.name] : []))
      const given = said.flatMap((one) => (one.by === 'tools' ? one.results : []))
      // A tool that the model called twice is answered twice.
      expect(new Set(results)).toEqual(new Set(given.map(({ name }) => name)))
      const users = messages.filter(({ role }) => role === 'user')
      expect(users).toHaveLength(1 + said.filter(({ by }) => by === 'user').length)
    }
  })

  it('answers each call exactly once, right after it, and gives no result without a call', () => {
    for (const seed of SEEDS) {
      const { messages } = someConversation(seed)
      for (const [at, message] of messages.entries()) {
        if (message.role !== 'assistant') continue
        const calls = message.calls ?? []
        const after = messages.slice(at + 1, at + 1 + calls.length)
        expect(after.map((one) => (one.role === 'tool' ? one.id : undefined))).toEqual(
          calls.map(({ id }) => id),
        )
        expect(messages[at + 1 + calls.length]?.role).not.toBe('tool')
        for (const call of calls) expect(JSON.parse(call.arguments)).toEqual(expect.any(Object))
        expect(calls.every(({ id }) => /^(own-\d|gate\d{5})$/.test(id))).toBe(true)
      }
    }
  })

  it.each(TALKING)('in %s says each text that is not empty, and each result', (api) => {
    for (const seed of SEEDS.slice(0, 100)) {
      const { messages } = someConversation(seed)
      const text = JSON.stringify(bodyOf(api, messages))
      for (const { content } of messages) {
        expect(text).toContain(JSON.stringify(content).slice(1, -1))
      }
    }
  })

  it('has no empty block or part where the API refuses one, and takes turns in results', () => {
    for (const seed of SEEDS) {
      const { messages } = someConversation(seed)
      for (const { role, content } of listOf(bodyOf('anthropic-messages', messages).messages)) {
        expect(content).not.toBe('')
        if (!Array.isArray(content)) continue
        expect(content.length).toBeGreaterThan(0)
        const types = new Set(content.map(({ type }) => type))
        if (role === 'user') expect(types).toEqual(new Set(['tool_result']))
        for (const block of content) expect(block.text).not.toBe('')
      }
      for (const { parts } of listOf(bodyOf('gemini', messages).contents)) {
        expect(listOf(parts).length).toBeGreaterThan(0)
        for (const part of listOf(parts)) expect(part.text).not.toBe('')
      }
    }
  })

  it('is unchanged but for its end in the next turn, so that a prefix cache has its beginning', () => {
    for (const api of TALKING) {
      for (const seed of SEEDS.slice(0, 100)) {
        const random = seededRandom(seed + 1000)
        const { messages } = someConversation(seed)
        const next = continued(messages, someAnswer(random), { said: someSaid(random), number: 99 })
        const lists = [messages, next].map((one) => {
          const body = bodyOf(api, one)
          return listOf(body.messages ?? body.input ?? body.contents)
        })
        const [before = [], after = []] = lists
        expect(after.slice(0, before.length)).toEqual(before)
      }
    }
  })
})
