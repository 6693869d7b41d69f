// What `plan` prints before anything is sent.

import { describe, expect, it } from '@jest/globals'
import type { Gate } from '../../src/model/config.ts'
import { type PlanShown, planText } from '../../src/report/plan-text.ts'

const gate: Gate = {
  name: 'chat',
  endpoint: {
    api: 'openai-chat',
    url: 'https://inference.example.com/v1',
    model: 'llama-3.3-70b',
    headers: {},
    body: {},
  },
  reference: { kind: 'none' },
  workload: {
    prompts: [],
    requests: 200,
    probes: 0,
    load: { kind: 'closed', concurrency: 4 },
    warmup: 4,
    promptCache: 'bypass',
    timeouts: { connectMs: 10_000, firstTokenMs: 30_000, idleMs: 15_000, totalMs: 120_000 },
    maxClientDelayMs: 50,
    seed: 7,
  },
  limits: [],
  compare: [],
  prices: { kind: 'none' },
}

const shown: PlanShown = {
  gate,
  runs: 10,
  estimate: { requests: 204, costUsd: 0.368, durationMs: 41_000 },
  detects: [
    {
      metric: 'TTFT p95',
      scale: 'ratio',
      requests: 200,
      needsToFail: 40,
      needsToPass: 59,
      detectable: { at80: 0.234, best: 0.121 },
    },
    { metric: 'Error rate', scale: 'difference', requests: 200, needsToFail: 20, needsToPass: 20 },
  ],
}

function lines(change: Partial<PlanShown>, width = 100): readonly string[] {
  return planText({ ...shown, ...change }, { width }).split('\n')
}

describe('the text of a plan', () => {
  it('says what is sent, what it costs, how long it takes and what it can see', () => {
    expect(lines({}).slice(0, 8)).toEqual([
      'chat: openai-chat llama-3.3-70b at https://inference.example.com/v1',
      '  sends     204 requests: 200 answers, 4 to warm up',
      '  costs     about $0.37',
      '  takes     about 41 s',
      '  baseline  10 runs',
      '',
      expect.stringMatching(/Metric +Shows a change of +At best +Samples +To fail +To pass$/),
      expect.stringMatching(/TTFT p95 +\+23\.4 % +\+12\.1 % +200 +40 +59$/),
    ])
  })

  it('says which catalogue its cost is by', () => {
    const [input, output, source] = [1e-6, 2e-6, 'a catalogue 1.2.3: openai/gpt-4o']
    const by = { kind: 'tokens', input, output, cachedInput: input, reasoning: output } as const
    const catalogued = { ...gate, prices: { ...by, request: 0, source } }
    expect(lines({ gate: catalogued })).toContain(
      '  costs     about $0.37, by a catalogue 1.2.3: openai/gpt-4o',
    )
  })

  it('says what cannot be known yet', () => {
    const text = lines({ estimate: { requests: 204 }, runs: 0 }).join('\n')
    expect(text).toContain('costs     not known: no prices')
    expect(text).toContain('takes     not known until a first run is recorded')
    expect(text).toContain('baseline  0 runs: figures below are for a usual endpoint')
    expect(text).toMatch(/Error rate +– +– +200/)
  })

  it('says that the budget forbids it, and what to do', () => {
    const forbidden = {
      kind: 'budget',
      what: 'requests',
      allowed: 100,
      needed: 204,
      measured: 0,
    } as const
    const text = lines({ forbidden }, 300).join('\n')
    expect(text).toContain('over budget: budget.requests allows 100 requests')
    expect(text).toContain('Raise budget.requests')
  })

  it('names first-token probes', () => {
    const workload = { ...gate.workload, probes: 800 }
    expect(lines({ gate: { ...gate, workload } })[1]).toBe(
      '  sends     204 requests: 200 answers, 800 first-token probes, 4 to warm up',
    )
  })
})
