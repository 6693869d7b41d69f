import { describe, expect, it } from '@jest/globals'
import { comparableOf, endpointMembers, priceMembers } from '../../src/measure/load-shape.ts'
import type { Endpoint, Gate, Prompt, Workload } from '../../src/model/config.ts'
import { changesBetween } from '../../src/model/member-changes.ts'

const PROMPT: Prompt = {
  name: 'greeting',
  promptClass: 'short',
  weight: 1,
  messages: [{ role: 'user', content: 'Say hello.' }],
  maxOutputTokens: 64,
}
const ENDPOINT: Endpoint = {
  api: 'openai-chat',
  url: 'https://inference.example.com/v1',
  model: 'llama-3.3-70b',
  headers: {},
  body: {},
}
const WORKLOAD: Workload = {
  prompts: [PROMPT],
  requests: 200,
  probes: 0,
  load: { kind: 'closed', concurrency: 4 },
  warmup: 4,
  promptCache: 'bypass',
  maxClientDelayMs: 50,
  timeouts: { connectMs: 1, firstTokenMs: 2, idleMs: 3, totalMs: 4 },
  seed: 7,
}

function gate(workload: Partial<Workload> = {}, endpoint: Partial<Endpoint> = {}): Gate {
  return {
    name: 'chat',
    endpoint: { ...ENDPOINT, ...endpoint },
    reference: { kind: 'none' },
    workload: { ...WORKLOAD, ...workload },
    limits: [],
    compare: [],
    prices: { kind: 'none' },
  }
}

function membersChanged(after: Gate, before = gate()): readonly string[] {
  const [from, to] = [comparableOf(before), comparableOf(after)]
  const members = changesBetween(from.loadShape, to.loadShape).map(({ member }) => member)
  expect(from.loadShapeHash === to.loadShapeHash).toBe(members.length === 0)
  return members
}

describe('the load shape', () => {
  it('is the same for the same load, however it is written', () => {
    expect(comparableOf(gate()).loadShapeHash).toMatch(/^[0-9a-f]{64}$/)
    expect(membersChanged(gate())).toEqual([])
    const turned = gate({ prompts: [{ ...PROMPT, name: 'b' }, PROMPT] })
    expect(membersChanged(turned, gate({ prompts: [PROMPT, { ...PROMPT, name: 'b' }] }))).toEqual(
      [],
    )
  })

  const same: [string, Gate][] = [
    ['the number of requests', gate({ requests: 1000 })],
    ['timeouts', gate({ timeouts: { connectMs: 9, firstTokenMs: 9, idleMs: 9, totalMs: 9 } })],
    ['the seed', gate({ seed: 8 })],
    ['the URL and the model', gate({}, { url: 'https://preview.example.com', model: 'other' })],
    ['parameters and headers', gate({}, { body: { temperature: 1 }, headers: { a: 'b' } })],
  ]
  for (const [what, other] of same) {
    it(`does not depend on ${what}`, () => expect(membersChanged(other)).toEqual([]))
  }

  const different: [string, Gate, readonly string[]][] = [
    ['the dialect', gate({}, { api: 'gemini' }), ['api']],
    ['concurrency', gate({ load: { kind: 'closed', concurrency: 8 } }), ['load']],
    [
      'an open loop',
      gate({ load: { kind: 'open', ratePerSecond: 2, process: 'poisson', maxInFlight: 99 } }),
      ['load'],
    ],
    ['the cache mode', gate({ promptCache: 'keep' }), ['prompt cache']],
    ['the share of probes', gate({ probes: 200 }), ['probes']],
    ['output length', gate({ prompts: [{ ...PROMPT, maxOutputTokens: 65 }] }), ['prompt greeting']],
    ['a weight', gate({ prompts: [{ ...PROMPT, weight: 2 }] }), ['prompt greeting']],
    ['a class', gate({ prompts: [{ ...PROMPT, promptClass: 'x' }] }), ['prompt greeting']],
    [
      'a word of a prompt',
      gate({ prompts: [{ ...PROMPT, messages: [{ role: 'user', content: 'Say hallo.' }] }] }),
      ['prompt greeting'],
    ],
    ['another prompt', gate({ prompts: [PROMPT, { ...PROMPT, name: 'b' }] }), ['prompt b']],
  ]
  for (const [what, other, members] of different) {
    it(`changes with ${what}, by name`, () => expect(membersChanged(other)).toEqual(members))
  }

  it('names the class when there are too many prompts to list', () => {
    const many = Array.from({ length: 500 }, (_, n) => ({
      ...PROMPT,
      name: `p${n}`,
      promptClass: n % 2 === 0 ? 'even' : 'odd',
    }))
    const before = gate({ prompts: many })
    expect(Object.keys(comparableOf(before).loadShape).length).toBeLessThan(10)
    const after = many.map((prompt, n) => (n === 7 ? { ...prompt, maxOutputTokens: 9 } : prompt))
    expect(membersChanged(gate({ prompts: after }), before)).toEqual(['prompts of class odd'])
    const turned = gate({ prompts: [...many].reverse() })
    expect(membersChanged(turned, before)).toEqual([])
  })

  it('holds no text of a prompt', () => {
    expect(JSON.stringify(comparableOf(gate()).loadShape)).not.toContain('hello')
  })
})

describe('the subject', () => {
  it('is URL, model, dialect, parameters and names of headers', () => {
    const endpoint = {
      ...ENDPOINT,
      headers: { 'X-Team': 'secret-team', authorization: 'Bearer secret' },
      body: { temperature: 0, stop: ['a'] },
    }
    expect(endpointMembers(endpoint)).toEqual({
      api: 'openai-chat',
      'body.stop': '["a"]',
      'body.temperature': '0',
      headers: 'authorization, x-team',
      model: 'llama-3.3-70b',
      url: 'https://inference.example.com/v1',
    })
  })

  it('holds no credential, query value or fragment of the URL', () => {
    const url = 'https://me:hunter2@h.example.com:8443/a/b?key=hunter3&v=2&key=x#hunter4'
    expect(endpointMembers({ ...ENDPOINT, url }).url).toBe('https://h.example.com:8443/a/b?key&v')
    expect(endpointMembers({ ...ENDPOINT, url: 'no url?key=hunter2' }).url).toBe('no url')
  })

  it('tells long parameters apart without holding them', () => {
    const long = (last: string) => ({ ...ENDPOINT, body: { schema: `${'x'.repeat(500)}${last}` } })
    const [a, b] = [endpointMembers(long('a')), endpointMembers(long('b'))]
    expect(a['body.schema']?.length).toBeLessThan(170)
    expect(changesBetween(a, b).map(({ member }) => member)).toEqual(['body.schema'])
  })
})

describe('prices', () => {
  const tokens = {
    kind: 'tokens',
    input: 0.6e-6,
    cachedInput: 0.15e-6,
    output: 2.4e-6,
    reasoning: 2.4e-6,
    request: 0,
  } as const

  it('are named as the config writes them, each that differs from its default', () => {
    expect(priceMembers(tokens)).toEqual({
      'price of input': '$0.6/M',
      'price of cached input': '$0.15/M',
      'price of output': '$2.4/M',
    })
    expect(priceMembers({ kind: 'gpu-hour', usdPerHour: 3.2, gpus: 2 })).toEqual({
      'price per hour': '$3.2 for each of 2 GPU',
    })
    expect(priceMembers({ kind: 'none' })).toEqual({})
    const source = 'a catalogue 1.2.3: openai/gpt-4o'
    expect(priceMembers({ ...tokens, source })).toMatchObject({ 'prices from': source })
  })

  it('that a change lowers are seen to change', () => {
    const after = priceMembers({ ...tokens, output: 1.2e-6, request: 0.001 })
    expect(changesBetween(priceMembers(tokens), after)).toEqual([
      { member: 'price of a request', before: undefined, after: '$0.001' },
      { member: 'price of output', before: '$2.4/M', after: '$1.2/M' },
      { member: 'price of reasoning', before: undefined, after: '$2.4/M' },
    ])
  })
})

describe('changes between', () => {
  it('lists what is new, gone and different, sorted', () => {
    expect(changesBetween({ b: '1', c: '1', d: '1' }, { a: '1', c: '2', d: '1' })).toEqual([
      { member: 'a', before: undefined, after: '1' },
      { member: 'b', before: '1', after: undefined },
      { member: 'c', before: '1', after: '2' },
    ])
  })

  it('does not take what every object inherits for a member', () => {
    expect(changesBetween({ constructor: 'x' }, {})).toEqual([
      { member: 'constructor', before: 'x', after: undefined },
    ])
  })
})
