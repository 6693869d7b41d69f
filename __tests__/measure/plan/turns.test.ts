// The design of conversations: how many are begun, in which order, and what each turn is planned to cost.

import { describe, expect, it } from '@jest/globals'
import { comparableOf } from '../../../src/measure/load-shape.ts'
import { estimate, planWorkload } from '../../../src/measure/measure.ts'
import type { Gate, Load, Prompt, Workload } from '../../../src/model/config.ts'
import type { LaterTurn } from '../../../src/model/conversation.ts'

const says = (content: string, thinkMs = 0): LaterTurn => {
  return { thinkMs, said: { by: 'user', content }, maxOutputTokens: 10 }
}

function prompt(name: string, later: readonly LaterTurn[], change: Partial<Prompt> = {}): Prompt {
  const messages = [{ role: 'user', content: `the first of ${name}` }] as const
  const more = later.length === 0 ? {} : { later }
  return {
    name,
    promptClass: 'default',
    weight: 1,
    messages,
    maxOutputTokens: 10,
    ...more,
    ...change,
  }
}

const THREE = prompt('three', [says('and'), says('so')])
const FIVE = prompt(
  'five',
  ['b', 'c', 'd', 'e'].map((text) => says(text)),
)
const ALONE = prompt('alone', [])

function workloadOf(prompts: readonly Prompt[], load?: Load): Workload {
  return {
    prompts,
    requests: 1,
    probes: 0,
    load: load ?? { kind: 'closed', concurrency: 2 },
    warmup: 2,
    promptCache: 'bypass',
    maxClientDelayMs: 5,
    timeouts: { connectMs: 1, firstTokenMs: 1, idleMs: 1, totalMs: 1 },
    seed: 3,
  }
}

type Size = {
  readonly requests: number
  readonly arms?: 'candidate' | 'pairs'
  readonly round?: number
}

function planOf(workload: Workload, { requests, arms = 'candidate', round = 0 }: Size) {
  return planWorkload(workload, { arms, requests, probes: 0, warmup: 2, round, nonce: 'n' })
}

const measuredOf = (plan: ReturnType<typeof planOf>) =>
  plan.requests.filter(({ warmup }) => !warmup)

describe('the plan of conversations', () => {
  it.each(Array.from({ length: 40 }, (_, at) => at + 1))(
    'asks exactly the requests it should, turn after turn: %d',
    (requests) => {
      const asked = measuredOf(planOf(workloadOf([THREE, FIVE, ALONE]), { requests }))
      expect(asked).toHaveLength(requests)
      const talks = Map.groupBy(
        asked.filter(({ turn }) => turn !== undefined),
        ({ turn }) => turn?.conversation,
      )
      let cut = 0
      for (const turns of talks.values()) {
        expect(turns.map(({ turn }) => turn?.number)).toEqual(turns.map((_, at) => at + 1))
        expect(turns.map(({ turn }) => turn?.goesOn)).toEqual(
          turns.map((_, at) => at < turns.length - 1),
        )
        const whole = turns[0]?.prompt === 'three' ? 3 : 5
        if (turns.length < whole) cut += 1
      }
      expect(cut).toBeLessThanOrEqual(1)
    },
  )

  it('begins as many of each as their weights say, in the same order for the same seed', () => {
    const workload = workloadOf([THREE, prompt('twice', [says('and'), says('so')], { weight: 2 })])
    const plan = planOf(workload, { requests: 90 })
    const begun = measuredOf(plan).filter(({ turn }) => turn?.number === 1)
    expect(Map.groupBy(begun, (one) => one.prompt).get('three')).toHaveLength(10)
    expect(begun).toHaveLength(30)
    expect(planOf(workload, { requests: 90 })).toEqual(plan)
  })

  it('puts one unique text before each conversation, and none into its later turns', () => {
    const asked = planOf(workloadOf([THREE]), { requests: 9 }).requests
    const begun = asked.filter(({ turn, warmup }) => warmup || turn?.number === 1)
    expect(new Set(begun.map(({ messages }) => messages[0]?.content)).size).toBe(5)
    const later = asked.filter(({ turn }) => (turn?.number ?? 1) > 1)
    expect(later.map(({ messages }) => messages)).toEqual(later.map(() => []))
  })

  it('numbers conversations of different rounds differently', () => {
    const numbers = (round: number) =>
      measuredOf(planOf(workloadOf([THREE]), { requests: 6, round })).map(
        ({ turn }) => turn?.conversation,
      )
    expect(new Set([...numbers(0), ...numbers(1)]).size).toBe(4)
  })

  it('pairs a turn with the same turn of the other arm, though that has fewer of them', () => {
    const plan = planWorkload(workloadOf([THREE]), {
      ...{ arms: 'pairs', requests: 6, probes: 0, warmup: 0, round: 0, nonce: 'n' },
      otherwise: { prompts: [prompt('three', [says('and')])], promptCache: 'bypass' },
    })
    const pairs = Map.groupBy(plan.requests, ({ pair }) => pair)
    const arms = [...pairs.values()].map((halves) => halves.map(({ arm }) => arm).sort())
    const both = ['candidate', 'reference']
    expect(arms).toEqual([both, both, ['candidate'], both, both, ['candidate']])
  })

  it('asks in full where probes are wanted: a probe would end its conversation', () => {
    const size = { requests: 0, probes: 6, warmup: 0, round: 0, nonce: 'n' }
    const { requests } = planWorkload(workloadOf([THREE]), { arms: 'pairs', ...size })
    expect(new Set(requests.map(({ kind }) => kind))).toEqual(new Set(['answer']))
    expect(requests).toHaveLength(12)
  })

  it('lets conversations, not turns, arrive at the rate', () => {
    const load = { kind: 'open', ratePerSecond: 1, process: 'constant', maxInFlight: 9 } as const
    const asked = measuredOf(planOf(workloadOf([THREE], load), { requests: 9 }))
    expect(asked.map(({ intendedMs }) => intendedMs)).toEqual([
      ...[0, undefined, undefined],
      ...[1000, undefined, undefined],
      ...[2000, undefined, undefined],
    ])
  })
})

describe('what conversations are expected to take', () => {
  const prices = {
    kind: 'tokens',
    input: 1,
    cachedInput: 1,
    output: 0,
    reasoning: 0,
    request: 0,
  } as const

  it('is more with every turn, for each is sent with all before it', () => {
    const inputs = [1, 2, 3].map((requests) => {
      const plan = planWorkload(workloadOf([FIVE]), {
        ...{ arms: 'candidate', requests, probes: 0, warmup: 0, round: 0, nonce: 'n' },
      })
      return estimate(plan, prices).costUsd ?? 0
    })
    const [one = 0, two = 0, three = 0] = inputs
    // Ten tokens of the answer before, a letter, and everything that was said.
    expect(two - one).toBeGreaterThanOrEqual(one + 10)
    expect(three - two).toBeGreaterThanOrEqual(two - one + 10)
  })

  it('counts the time in which users think', () => {
    const quick = planOf(workloadOf([THREE]), { requests: 12 })
    const slow = planOf(workloadOf([prompt('three', [says('and', 500), says('so', 700)])]), {
      requests: 12,
    })
    const past = { meanAnswerMs: 100, meanTtftMs: 10 }
    const [a = 0, b = 0] = [quick, slow].map((plan) => estimate(plan, prices, past).durationMs)
    // Four conversations, two at a time.
    expect(b - a).toBeCloseTo((4 * 1200) / 2)
  })
})

describe('the load shape', () => {
  const hashOf = (prompts: readonly Prompt[]) => {
    const endpoint = { api: 'openai-chat', url: 'http://h', model: 'm', headers: {}, body: {} }
    const gate = { endpoint, workload: workloadOf(prompts) } as unknown as Gate
    return comparableOf(gate)
  }

  it('is another one with other turns, thoughts or answers', () => {
    const shapes = [
      [ALONE],
      [prompt('alone', [says('and')])],
      [prompt('alone', [says('and?')])],
      [prompt('alone', [says('and', 100)])],
      [prompt('alone', [{ ...says('and'), maxOutputTokens: 11 }])],
    ].map((prompts) => hashOf(prompts).loadShapeHash)
    expect(new Set(shapes).size).toBe(shapes.length)
  })

  it('says that conversations are in flight, and how many turns they have', () => {
    const { loadShape } = hashOf([THREE])
    expect(loadShape.load).toBe('closed, 2 conversations in flight')
    expect(loadShape['prompt three']).toContain('weight 1, 3 turns, up to 10 tokens')
  })
})
