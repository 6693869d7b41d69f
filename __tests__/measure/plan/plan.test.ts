import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { apportion } from '../../../src/measure/plan/design.ts'
import type { PlanOptions } from '../../../src/measure/plan/plan.ts'
import { planWorkload } from '../../../src/measure/plan/plan.ts'
import type { Prompt, Workload } from '../../../src/model/config.ts'
import type { PlannedRequest } from '../../../src/model/plan.ts'

function prompt(name: string, change: Partial<Prompt> = {}): Prompt {
  return {
    name,
    promptClass: 'chat',
    weight: 1,
    messages: [
      { role: 'system', content: 'You are brief.' },
      { role: 'user', content: `Tell me about ${name}.` },
    ],
    maxOutputTokens: 64,
    ...change,
  }
}

const WORKLOAD: Workload = {
  prompts: [
    prompt('a', { promptClass: 'short', weight: 3 }),
    prompt('b', { promptClass: 'long', weight: 1 }),
    prompt('c', { promptClass: 'long', weight: 1 }),
  ],
  requests: 50,
  probes: 10,
  load: { kind: 'closed', concurrency: 4 },
  warmup: 4,
  promptCache: 'keep',
  maxClientDelayMs: 50,
  timeouts: { connectMs: 1, firstTokenMs: 2, idleMs: 3, totalMs: 4 },
  seed: 7,
}

const OPTIONS: PlanOptions = {
  arms: 'candidate',
  requests: 50,
  probes: 10,
  warmup: 4,
  round: 0,
  nonce: 'run 1',
}

function plan(workload: Partial<Workload> = {}, options: Partial<PlanOptions> = {}) {
  return planWorkload({ ...WORKLOAD, ...workload }, { ...OPTIONS, ...options })
}

function measured(requests: readonly PlannedRequest[]): readonly PlannedRequest[] {
  return requests.filter((request) => !request.warmup)
}

function counts(requests: readonly PlannedRequest[]): Record<string, number> {
  const groups = Object.groupBy(requests, (r) => `${r.kind} ${r.promptClass}`)
  return Object.fromEntries(
    Object.entries(groups).map(([name, group]) => [name, group?.length ?? 0]),
  )
}

describe('the design', () => {
  it('gives every class its share by weight, answers and probes alike', () => {
    expect(counts(measured(plan().requests))).toEqual({
      'answer short': 30,
      'answer long': 20,
      'probe short': 6,
      'probe long': 4,
    })
  })

  it('has the same counts in every round, whatever the order', () => {
    const rounds = [0, 1, 2].map((round) => measured(plan({}, { round }).requests))
    const [first, ...others] = rounds.map(counts)
    for (const other of others) expect(other).toEqual(first)
    expect(rounds[0]?.map((r) => r.prompt)).not.toEqual(rounds[1]?.map((r) => r.prompt))
  })

  it('is the same to the byte for the same arguments', () => {
    expect(JSON.stringify(plan())).toBe(JSON.stringify(plan()))
  })

  it('asks other prompts in another order for another seed, in the same numbers', () => {
    const other = measured(plan({ seed: 8 }).requests)
    expect(other.map((r) => r.prompt)).not.toEqual(measured(plan().requests).map((r) => r.prompt))
    expect(counts(other)).toEqual(counts(measured(plan().requests)))
  })

  it('mixes classes and probes evenly over the run', () => {
    const requests = measured(plan().requests)
    for (const half of [requests.slice(0, 30), requests.slice(30)]) {
      const { 'answer short': short = 0, 'probe short': probes = 0 } = counts(half)
      expect(short).toBeGreaterThanOrEqual(13)
      expect(short).toBeLessThanOrEqual(17)
      expect(probes).toBeGreaterThanOrEqual(2)
      expect(probes).toBeLessThanOrEqual(4)
    }
  })

  it('picks among more prompts than requests, and not always the first', () => {
    const prompts = Array.from({ length: 100 }, (_, at) => prompt(`p${at}`))
    const names = measured(plan({ prompts }, { requests: 10, probes: 0 }).requests).map(
      (r) => r.prompt,
    )
    expect(new Set(names).size).toBe(10)
    expect(names.some((name) => Number(name.slice(1)) > 20)).toBe(true)
  })

  it('asks one token of a probe and the prompt’s limit of an answer', () => {
    for (const request of plan().requests) {
      expect(request.maxOutputTokens).toBe(request.kind === 'probe' ? 1 : 64)
    }
  })
})

describe('the warm-up', () => {
  it('comes first, in answers', () => {
    const { requests } = plan()
    expect(requests.map((r) => r.warmup)).toEqual(requests.map((_, at) => at < 4))
    expect(requests.slice(0, 4).every((r) => r.kind === 'answer')).toBe(true)
  })

  it('stays cheap before a round of probes', () => {
    const { requests } = plan({}, { requests: 0 })
    expect(requests.every((r) => r.kind === 'probe')).toBe(true)
  })

  it('warms both arms of a round of pairs', () => {
    const warm = plan({}, { arms: 'pairs' }).requests.filter((r) => r.warmup)
    expect(warm.map((r) => r.arm).sort()).toEqual([
      ...Array.from({ length: 4 }, () => 'candidate'),
      ...Array.from({ length: 4 }, () => 'reference'),
    ])
  })
})

describe('pairs', () => {
  const pairs = Map.groupBy(measured(plan({}, { arms: 'pairs' }).requests), (r) => r.pair)

  it('send the same prompt to both arms, next to each other', () => {
    expect(pairs.size).toBe(60)
    for (const halves of pairs.values()) {
      expect(halves.map((half) => half.arm).sort()).toEqual(['candidate', 'reference'])
      expect(new Set(halves.map((half) => `${half.kind} ${half.prompt}`)).size).toBe(1)
      expect((halves[1]?.index ?? 0) - (halves[0]?.index ?? 0)).toBe(1)
    }
  })

  it('are numbered apart in every round', () => {
    const numbers = [0, 1].flatMap((round) =>
      measured(plan({}, { arms: 'pairs', round }).requests).map((request) => request.pair),
    )
    expect(new Set(numbers).size).toBe(120)
  })

  it('begin with either arm about as often', () => {
    const first = [...pairs.values()].filter((halves) => halves[0]?.arm === 'candidate').length
    expect(first).toBeGreaterThan(18)
    expect(first).toBeLessThan(42)
  })
})

describe('the prompt cache', () => {
  it('is bypassed by a prefix that differs from its first characters on', () => {
    const { requests } = plan({ promptCache: 'bypass' })
    const starts = requests.map((r) => r.messages[0]?.content ?? '')
    expect(new Set(starts).size).toBe(starts.length)
    // Two of 36 digits already tell most requests apart.
    expect(new Set(starts.map((text) => text.slice(1, 3))).size).toBeGreaterThan(50)
    expect(starts.every((text) => /^\[\w{8}-\w{4}\] You are brief\.$/.test(text))).toBe(true)
    expect(requests[0]?.messages[1]).toEqual(plan().requests[0]?.messages[1])
  })

  it('is bypassed anew in every run', () => {
    const first = plan({ promptCache: 'bypass' }).requests.map((r) => r.messages[0]?.content)
    const second = plan({ promptCache: 'bypass' }, { nonce: 'run 2' }).requests.map(
      (r) => r.messages[0]?.content,
    )
    expect(first.filter((text) => second.includes(text))).toEqual([])
  })

  it('is left alone with keep', () => {
    for (const request of plan().requests) {
      expect(request.messages[0]?.content).toBe('You are brief.')
    }
  })
})

describe('an open loop', () => {
  const load = { kind: 'open', ratePerSecond: 20, process: 'constant', maxInFlight: 9 } as const

  it('sends at a constant pace', () => {
    const times = measured(plan({ load }).requests).map((r) => r.intendedMs)
    expect(times.slice(0, 3)).toEqual([0, 50, 100])
    expect(plan({ load }).requests[0]?.intendedMs).toBeUndefined()
  })

  it('sends at Poisson times whose mean is the rate, the same for a seed', () => {
    const poisson = { ...load, process: 'poisson' } as const
    const times = measured(plan({ load: poisson }, { requests: 2000 }).requests).map(
      (r) => r.intendedMs ?? Number.NaN,
    )
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect((times.at(-1) ?? 0) / times.length).toBeGreaterThan(47)
    expect((times.at(-1) ?? 0) / times.length).toBeLessThan(53)
    const again = measured(plan({ load: poisson }, { requests: 2000, nonce: 'x' }).requests)
    expect(again.map((r) => r.intendedMs)).toEqual(times)
  })

  it('gives each arm the rate', () => {
    const times = measured(plan({ load }, { arms: 'pairs' }).requests).map((r) => r.intendedMs)
    expect(times.slice(0, 3)).toEqual([0, 25, 50])
  })
})

describe('apportion', () => {
  it('hands out exactly the total, each within one of its share', () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), {
      minLength: 1,
      maxLength: 20,
    })
    fc.assert(
      fc.property(weights, fc.nat({ max: 5000 }), (shares, total) => {
        const sum = shares.reduce((a, b) => a + b, 0)
        const given = apportion(shares, total)
        expect(given.reduce((a, b) => a + b, 0)).toBe(total)
        given.forEach((count, at) => {
          expect(Math.abs(count - ((shares[at] ?? 0) * total) / sum)).toBeLessThan(1 + 1e-6)
        })
      }),
      { seed: 1, numRuns: 200 },
    )
  })
})

describe('a second arm that is asked otherwise', () => {
  const otherwise = {
    prompts: [prompt('a', { maxOutputTokens: 9 }), prompt('z', { promptClass: 'long' })],
    promptCache: 'bypass',
  } as const
  const requests = measured(plan({}, { arms: 'pairs', otherwise }).requests)
  const halves = Map.groupBy(requests, ({ pair }) => pair)

  it('is asked its own prompts, pair by pair, by name and by class', () => {
    const names = new Set<string>()
    for (const pair of halves.values()) {
      const of = (arm: string) => pair.find((one) => one.arm === arm)
      names.add(`${of('candidate')?.prompt} ${of('reference')?.prompt}`)
      expect(of('candidate')?.kind).toBe(of('reference')?.kind)
      expect(of('candidate')?.promptClass).toBe(of('reference')?.promptClass)
    }
    expect([...names].sort()).toEqual(['a a', 'b z', 'c z'])
  })

  it('has its own answer lengths and cache mode', () => {
    const answers = requests.filter(({ kind }) => kind === 'answer')
    for (const { arm, prompt: name, maxOutputTokens, messages } of answers) {
      const isOwn = arm === 'candidate' || name !== 'a'
      expect(maxOutputTokens).toBe(isOwn ? 64 : 9)
      expect(messages[0]?.content === 'You are brief.').toBe(arm === 'candidate')
    }
  })

  it('leaves the candidate as it is without one', () => {
    const own = ({ arm }: PlannedRequest) => arm === 'candidate'
    const plain = measured(plan({}, { arms: 'pairs' }).requests)
    expect(requests.filter(own)).toEqual(plain.filter(own))
  })
})
