// Conversations over real HTTP: what each turn sends, when, what ends one, and what the prefix cache sees.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { measure } from '../../../src/measure/load/load.ts'
import { planWorkload } from '../../../src/measure/measure.ts'
import {
  DIALECTS,
  type DialectName,
  hasTurns,
  type Load,
  type Prompt,
  type Workload,
} from '../../../src/model/config.ts'
import type { LaterTurn } from '../../../src/model/conversation.ts'
import type { Measurement } from '../../../src/model/measurement.ts'
import type { SimulatorProcess } from '../../simulator/simulator-process.ts'
import { startSimulatorProcess } from '../../simulator/simulator-process.ts'
import { options, TIMEOUTS, target } from './asking.ts'
import { type Front, startFront } from './recording-front.ts'

/** Dialects in which an answer can be put back into the messages. */
const TALKING = DIALECTS.filter(hasTurns)

let simulator: SimulatorProcess
let front: Front

const QUICK = {
  ttftMedianMs: 5,
  ttftPerInputTokenMs: 0,
  ttftSigma: 0,
  tailShare: 0,
  tokenGapMs: 0,
  cacheSaving: 0.5,
  laterTurnFactor: 1,
  callsTools: false,
}

beforeAll(async () => {
  simulator = await startSimulatorProcess()
  front = await startFront(simulator)
})
afterAll(async () => {
  await front.stop()
  await simulator.stop()
})
beforeEach(async () => {
  await simulator.control({ behaviour: QUICK, forget: ['script', 'cache', 'log'], run: 1 })
  front.bodies.splice(0)
})

const LONG =
  'You answer for a parcel service, politely and briefly, in the words of its customers. '

function says(content: string, change: Partial<LaterTurn> = {}): LaterTurn {
  return { thinkMs: 0, said: { by: 'user', content }, maxOutputTokens: 4, ...change }
}

function gives(name: string, content: string): LaterTurn {
  return { thinkMs: 0, said: { by: 'tools', results: [{ name, content }] }, maxOutputTokens: 4 }
}

function conversation(later: readonly LaterTurn[], change: Partial<Prompt> = {}): Prompt {
  return {
    name: 'parcel',
    promptClass: 'default',
    weight: 1,
    messages: [
      { role: 'system', content: LONG.repeat(2) },
      { role: 'user', content: 'Where is my parcel?' },
    ],
    later,
    maxOutputTokens: 4,
    ...change,
  }
}

type Asked = {
  readonly requests?: number
  readonly load?: Load
  readonly promptCache?: Workload['promptCache']
  readonly warmup?: number
  readonly api?: DialectName
}

function workloadOf(prompts: readonly Prompt[], asked: Asked = {}): Workload {
  return {
    prompts,
    requests: asked.requests ?? 3,
    probes: 0,
    load: asked.load ?? { kind: 'closed', concurrency: 1 },
    warmup: asked.warmup ?? 0,
    promptCache: asked.promptCache ?? 'bypass',
    maxClientDelayMs: 50,
    timeouts: TIMEOUTS,
    seed: 1,
  }
}

function carryOut(
  prompts: readonly Prompt[],
  asked: Asked = {},
  arms: 'candidate' | 'pairs' = 'candidate',
): Promise<Measurement> {
  const workload = workloadOf(prompts, asked)
  const { requests, warmup } = workload
  const plan = planWorkload(workload, { arms, requests, probes: 0, warmup, round: 0, nonce: 'n' })
  const { endpoint, apiKey } = target(front.url, asked.api ?? 'openai-chat')
  const one = { endpoint: { ...endpoint, body: {} }, apiKey }
  return measure(
    plan,
    { candidate: one, ...(arms === 'pairs' ? { reference: one } : {}) },
    options(),
  )
}

const messagesSent = () => front.bodies.map((body) => body.messages)
const turnsOf = ({ records }: Measurement) =>
  records.map(({ conversation: of, turn, promptClass }) => [of, turn, promptClass])

describe('a conversation', () => {
  it('sends in each turn all that was said, and answered, before it', async () => {
    const { records } = await carryOut([conversation([says('It is 4711.'), says('Thanks.')])])
    expect(records.map(({ outcome }) => outcome)).toEqual(['completed', 'completed', 'completed'])
    const [first, second, third] = messagesSent()
    const answer = { role: 'assistant', content: 'The answer is naïve' }
    expect(first).toHaveLength(2)
    expect(second).toEqual([...(first as []), answer, { role: 'user', content: 'It is 4711.' }])
    expect(third).toEqual([...(second as []), answer, { role: 'user', content: 'Thanks.' }])
  })

  it('keeps of each record which conversation and turn it is, first turns apart from later ones', async () => {
    const measured = await carryOut([conversation([says('and?')])], { requests: 5 })
    expect(turnsOf(measured)).toEqual([
      [0, 1, 'first-turn'],
      [0, 2, 'later-turn'],
      [1, 1, 'first-turn'],
      [1, 2, 'later-turn'],
      [2, 1, 'first-turn'],
    ])
    // What is estimated of a turn's input counts the whole conversation.
    const [one = 0, two = 0] = measured.records.map(({ inputCharacters }) => inputCharacters ?? 0)
    expect(two).toBe(one + 'The answer is naïve'.length + 'and?'.length)
  })

  it('finds its own beginning in the prefix cache, and never that of another or of the warm-up', async () => {
    const asked = { requests: 6, warmup: 2 }
    const { records } = await carryOut([conversation([says('and?'), says('so?')])], asked)
    const cached = records.map(({ usage }) => (usage?.cachedInputTokens ?? 0) > 0)
    expect(cached).toEqual([false, true, true, false, true, true])
  })

  it('shares its beginning with others where the workload keeps the cache', async () => {
    const asked = { requests: 4, promptCache: 'keep' as const }
    const { records } = await carryOut([conversation([says('and?')])], asked)
    expect(records.map(({ usage }) => (usage?.cachedInputTokens ?? 0) > 0)).toEqual([
      false,
      true,
      true,
      true,
    ])
  })

  it('ends with the turn that failed, which is counted once', async () => {
    await simulator.control({ script: [{}, { fault: 'http-500' }] })
    const measured = await carryOut([conversation([says('and?'), says('so?')])], { requests: 6 })
    expect(
      measured.records.map(({ outcome, conversation: of, turn }) => [of, turn, outcome]),
    ).toEqual([
      [0, 1, 'completed'],
      [0, 2, 'http-5xx'],
      [1, 1, 'completed'],
      [1, 2, 'completed'],
      [1, 3, 'completed'],
    ])
    expect(front.bodies).toHaveLength(5)
  })

  it('waits while its user thinks, and is in flight meanwhile without being late', async () => {
    const prompts = [conversation([says('and?', { thinkMs: 300 }), says('so?', { thinkMs: 300 })])]
    const load = { kind: 'closed', concurrency: 2 } as const
    const { records, conditions } = await carryOut(prompts, { requests: 12, load })
    const waits = records.flatMap((record, at) => {
      const before = records[at - 1]
      return record.turn === 1 || before === undefined ? [] : [record.startedMs - before.endMs]
    })
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(299)
    expect(conditions.intendedLoad).toBe(2)
    expect(conditions.achievedLoad).toBeGreaterThan(1.8)
    expect(conditions.sendLatenessP99Ms).toBeLessThan(300)
  })

  it('is begun at the times of an open loop, whatever the others are at', async () => {
    const load = {
      kind: 'open',
      ratePerSecond: 20,
      process: 'constant',
      maxInFlight: 50,
    } as const
    const prompts = [conversation([says('and?', { thinkMs: 200 })])]
    const { records, conditions } = await carryOut(prompts, { requests: 8, load })
    const firsts = records.filter(({ turn }) => turn === 1)
    expect(firsts.map(({ intendedMs }) => intendedMs)).toEqual([0, 50, 100, 150])
    expect(records.filter(({ turn }) => turn === 2).map(({ intendedMs }) => intendedMs)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    )
    expect(conditions.intendedLoad).toBeCloseTo(20)
  })

  it('is paired turn by turn with that of the second arm, each with the answers of its own', async () => {
    const measured = await carryOut([conversation([says('and?')])], { requests: 4 }, 'pairs')
    const pairs = Map.groupBy(measured.records, ({ pair }) => pair)
    expect(pairs.size).toBe(4)
    for (const halves of pairs.values()) {
      expect(halves.map(({ arm }) => arm).sort()).toEqual(['candidate', 'reference'])
      expect(new Set(halves.map(({ turn, conversation: of }) => `${of}/${turn}`)).size).toBe(1)
    }
  })

  it('goes on in the other arm where one of them failed', async () => {
    await simulator.control({ script: [{ fault: 'http-503' }] })
    const measured = await carryOut([conversation([says('and?')])], { requests: 2 }, 'pairs')
    expect(measured.records.map(({ outcome, turn }) => [turn, outcome])).toEqual([
      [1, 'http-5xx'],
      [1, 'completed'],
      [2, 'completed'],
    ])
  })

  it('goes on where a tool was called with the given result of it', async () => {
    await simulator.control({ behaviour: { callsTools: true } })
    const tools = [{ type: 'function', function: { name: 'track', parameters: {} } }]
    const prompt = conversation([gives('track', '{"at": "Lyon"}'), says('Thanks.')], {
      body: { tools },
    })
    const { records } = await carryOut([prompt])
    expect(records.map(({ finish }) => finish)).toEqual(['length', 'length', 'length'])
    const [, second] = messagesSent()
    const call = { name: 'track', arguments: '{"query":"naïve 完成"}' }
    expect(second).toEqual([
      ...(messagesSent()[0] as []),
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: expect.stringMatching(/^call_/), type: 'function', function: call }],
      },
      { role: 'tool', tool_call_id: expect.stringMatching(/^call_/), content: '{"at": "Lyon"}' },
    ])
  })

  it('lets a call stand in where the model called no tool, so that every run asks for the same', async () => {
    const { records } = await carryOut([conversation([gives('track', 'in Lyon')])], { requests: 2 })
    expect(records.map(({ outcome }) => outcome)).toEqual(['completed', 'completed'])
    expect(messagesSent()[1]).toEqual([
      ...(messagesSent()[0] as []),
      {
        role: 'assistant',
        content: 'The answer is naïve',
        tool_calls: [
          { id: 'gate00200', type: 'function', function: { name: 'track', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'gate00200', content: 'in Lyon' },
    ])
  })
})

const TOOL = { name: 'track', description: 'Where a parcel is.' }
const SPELT = {
  'openai-chat': { tools: [{ type: 'function', function: TOOL }] },
  'openai-responses': { tools: [{ type: 'function', ...TOOL }] },
  'anthropic-messages': { tools: [TOOL] },
  gemini: { tools: [{ functionDeclarations: [TOOL] }] },
  'ollama-chat': { tools: [{ type: 'function', function: TOOL }] },
  'bedrock-converse': { toolConfig: { tools: [{ toolSpec: TOOL }] } },
} as const satisfies Partial<Record<DialectName, Prompt['body']>>

describe('a conversation with a tool', () => {
  it.each(TALKING)('goes on in %s with the call that the model made', async (api) => {
    await simulator.control({ behaviour: { callsTools: true } })
    const body: Prompt['body'] = SPELT[api as keyof typeof SPELT]
    // As many tokens as every API allows, so that the call is whole.
    const long = { maxOutputTokens: 16 }
    const later = [{ ...gives('track', '{"at": "Lyon"}'), ...long }, says('Thanks.', long)]
    const prompt = conversation(later, { ...long, ...(body === undefined ? {} : { body }) })
    const { records } = await carryOut([prompt], { api })
    expect(records.map(({ outcome }) => outcome)).toEqual(['completed', 'completed', 'completed'])
    const [first, second] = front.bodies.map((sent) => JSON.stringify(sent))
    expect(first).not.toContain('Lyon')
    // The model's own call, its arguments put together from the stream, and the given result.
    expect(second).toContain('Lyon')
    expect(second).toContain('track')
    expect(second).toMatch(/query/)
    expect(second).not.toContain('gate002')
    // Its beginning is the same in the next turn, whatever the API calls its parts.
    const [, two, three] = (await simulator.log()).map(({ cachedTokens }) => cachedTokens)
    expect(two).toBeGreaterThan(0)
    expect(three).toBeGreaterThanOrEqual(two ?? 0)
  })
})
