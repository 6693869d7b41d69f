import { describe, expect, it } from '@jest/globals'
import { compare } from '../../../src/judge/compare/compare.ts'
import { decide } from '../../../src/judge/decide/decide.ts'
import { nextStep, type Situation } from '../../../src/judge/next-step/next-step.ts'
import type { Looks } from '../../../src/model/comparison.ts'
import type { Limit } from '../../../src/model/config.ts'
import type { Summary } from '../../../src/model/summary.ts'
import { LOOKS_AHEAD } from '../../../src/model/verdict-policy.ts'
import { ceilingOf, drawHistory, drawSummary, limitOf, normals } from '../../synthetic-summaries.ts'

const normal = normals(7)
const history = drawHistory(normal, 10, { requests: 100, tau: 0.08 })
const candidate = drawSummary(normal, { requests: 100, tau: 0, factor: 1.12 })
const p50 = [limitOf('ttft_p50')]
const CLOSED = { kind: 'closed', concurrency: 4 } as const

function situation(
  change: Partial<Situation> = {},
  of: {
    readonly limits?: readonly Limit[]
    readonly candidate?: Summary
    readonly history?: readonly Summary[]
    readonly looks?: Looks
  } = {},
): Situation {
  const reference = change.reference ?? 'available'
  const looks = of.looks ?? LOOKS_AHEAD[reference === 'none' ? 'alone' : 'withReference']
  const comparison = compare({
    candidate: of.candidate ?? candidate,
    history: of.history ?? history,
    anchor: [],
    limits: of.limits ?? p50,
    shown: [],
    looks,
  })
  return {
    comparison,
    decision: decide(comparison),
    reference,
    differs: 0.033,
    looks,
    pairs: { taken: 0, planned: 0 },
    allowance: { requests: 800, costUsd: 1, durationMs: 600_000 },
    seen: { answer: { usd: 3e-4, ms: 2000 }, probe: { usd: 1e-4, ms: 500 }, load: CLOSED },
    warmup: 4,
    probes: 'usable',
    ...change,
  }
}

describe('the first looks', () => {
  it('leave room for pairs where there is a reference arm, and for more requests where not', () => {
    expect(LOOKS_AHEAD.withReference.pairs.planned).toBeGreaterThan(0)
    expect(LOOKS_AHEAD.withReference.history).toEqual({ taken: 1, planned: 1 })
    expect(LOOKS_AHEAD.alone).toEqual({
      history: { taken: 1, planned: 2 },
      pairs: { taken: 0, planned: 0 },
    })
  })
})

describe('a decided gate', () => {
  it('needs nothing more', () => {
    const fast = drawSummary(normal, { requests: 100, tau: 0, factor: 0.5 })
    const step = nextStep(situation({}, { candidate: fast }))
    expect(step).toMatchObject({ kind: 'stop', why: 'decided' })
    const again = situation(
      {},
      { candidate: fast, ...(step.kind === 'stop' && { looks: step.looks }) },
    )
    expect(again.decision.verdict).toBe('passed')
    const slow = drawSummary(normal, { requests: 100, tau: 0, factor: 4 })
    expect(nextStep(situation({}, { candidate: slow })).kind).toBe('stop')
  })
})

describe('an open gate with a reference arm', () => {
  it('measures pairs in probes when only the first token is open', () => {
    const step = nextStep(situation())
    expect(step).toMatchObject({ kind: 'pairs', request: 'probe', metrics: ['ttft_p50'] })
    if (step.kind !== 'pairs') throw new Error('no pairs')
    expect(step.pairs.taken).toBe(step.add)
    expect(step.pairs.planned).toBeGreaterThanOrEqual(step.add)
    expect(step.looks.pairs).toEqual({ taken: 1, planned: 2 })
  })

  it('measures whole answers when more is open, or when probes are no good', () => {
    const unknown = { history: [] }
    const limits = [...p50, limitOf('cost_per_answer')]
    expect(nextStep(situation({}, { ...unknown, limits }))).toMatchObject({
      kind: 'pairs',
      request: 'answer',
      metrics: ['ttft_p50', 'cost_per_answer'],
    })
    expect(nextStep(situation({ probes: 'unusable' }))).toMatchObject({ request: 'answer' })
  })

  it('takes all planned pairs in planned looks, and no more', () => {
    let state = situation()
    const taken: number[] = []
    for (let look = 0; look < 6; look += 1) {
      const step = nextStep(state)
      if (step.kind !== 'pairs') break
      taken.push(step.add)
      const open = { ...state.decision.metrics[0], verdict: 'inconclusive', evidence: 'reference' }
      const metrics = [open] as typeof state.decision.metrics
      state = {
        ...state,
        decision: { ...state.decision, metrics },
        pairs: step.pairs,
        looks: step.looks,
      }
    }
    expect(taken).toHaveLength(2)
    expect(taken.reduce((sum, add) => sum + add, 0)).toBe(state.pairs.planned)
    expect(nextStep(state)).toEqual({ kind: 'stop', why: 'looks-spent' })
  })

  it('plans no more than requests, money and time allow', () => {
    const planned = (allowance: Partial<Situation['allowance']>) => {
      const whole = { requests: 800, costUsd: 1, durationMs: 600_000, ...allowance }
      const limits = [limitOf('ttft_p95', { mustDetect: 0.4 })]
      const step = nextStep(situation({ allowance: whole }, { limits }))
      return step.kind === 'pairs' ? step.pairs.planned : step
    }
    expect(planned({ requests: 301 })).toBe(142)
    expect(planned({ costUsd: 0.03 })).toBe(142)
    expect(planned({ durationMs: 30_000 })).toBe(116)
    expect(planned({ requests: 30 })).toMatchObject({ kind: 'stop', why: 'no-budget' })
  })

  it('does not ask for money where no price is known', () => {
    const seen = { answer: { ms: 2000 }, probe: { ms: 500 }, load: CLOSED }
    const allowance = { requests: 800, costUsd: 0, durationMs: 600_000 }
    expect(nextStep(situation({ seen, allowance })).kind).toBe('pairs')
  })

  it('does not pay for a percentile that is far out of reach', () => {
    const allowance = { requests: 100, costUsd: 1, durationMs: 600_000 }
    const limits = [limitOf('ttft_p99')]
    const step = nextStep(situation({ allowance }, { limits }))
    expect(step).toMatchObject({ kind: 'stop', why: 'nothing-helps' })
    expect(step.kind === 'stop' && step.looks).toEqual({
      history: { taken: 1, planned: 1 },
      pairs: { taken: 0, planned: 0 },
    })
  })

  it('plans no pair for a rate that even none failing could not pass', () => {
    const limits = [limitOf('error_rate', { mustDetect: 0.02 })]
    const of = (requests: number) => {
      const allowance = { requests, costUsd: 1, durationMs: 600_000 }
      return nextStep(situation({ allowance }, { history: [], limits }))
    }
    // The last look's bound at 0 of n in both arms is 2.82/(n + 2.82): below 2 % from 138 pairs on.
    expect(of(2 * 137 + 16)).toMatchObject({ kind: 'stop', why: 'nothing-helps' })
    expect(of(2 * 138 + 16)).toMatchObject({ kind: 'pairs', pairs: { planned: 138 } })
  })

  it('plans pairs for what they can settle alone, in probes where that is the first token', () => {
    const limits = [...p50, limitOf('error_rate', { mustDetect: 0.001 })]
    const step = nextStep(situation({}, { history: [], limits }))
    expect(step).toMatchObject({ kind: 'pairs', request: 'probe', metrics: ['ttft_p50'] })
  })

  it('decides without a history as well', () => {
    const limits = [...p50, limitOf('ttft_p95'), limitOf('error_rate')]
    const step = nextStep(situation({}, { history: [], limits }))
    expect(step).toMatchObject({ kind: 'pairs', request: 'probe' })
  })

  it('sends more requests for a ceiling, which no reference settles', () => {
    const few = drawSummary(normal, { requests: 40, tau: 0 })
    const step = nextStep(situation({}, { candidate: few, limits: [ceilingOf('ttft_p95', 1e6)] }))
    expect(step.kind).toBe('stop')
    const none = situation(
      { reference: 'none' },
      { candidate: few, limits: [ceilingOf('ttft_p95', 1e6)] },
    )
    const more = nextStep(none)
    expect(more).toMatchObject({ kind: 'requests', request: 'probe' })
    expect(more.kind === 'requests' && more.add).toBeGreaterThanOrEqual(19)
  })
})

describe('an open gate without a reference arm', () => {
  const none = { reference: 'none' as const }
  const calm = { requests: 60, tau: 0.005, sigma: 0.3 }
  const drawn = normals(12)
  const calmHistory = drawHistory(drawn, 12, calm)

  it('adds requests where they can help, once', () => {
    const open = {
      candidate: drawSummary(drawn, calm),
      history: calmHistory,
      limits: [limitOf('ttft_p95')],
    }
    const step = nextStep(situation(none, open))
    expect(step).toMatchObject({
      kind: 'requests',
      request: 'probe',
      looks: { history: { taken: 2, planned: 2 } },
    })
    const looks = { history: { taken: 2, planned: 2 }, pairs: { taken: 0, planned: 0 } }
    expect(nextStep(situation(none, { ...open, looks }))).toMatchObject({ why: 'looks-spent' })
  })

  it('adds none where the noise between runs is the floor', () => {
    const noisy = drawHistory(normal, 10, { requests: 300, tau: 0.3 })
    const own = drawSummary(normal, { requests: 300, tau: 0 })
    expect(nextStep(situation(none, { candidate: own, history: noisy }))).toMatchObject({
      kind: 'stop',
      why: 'nothing-helps',
    })
  })

  it('gives the look that will not be taken back to the first one', () => {
    const noisy = drawHistory(normal, 10, { requests: 300, tau: 0.3 })
    const own = drawSummary(normal, { requests: 300, tau: 0 })
    const step = nextStep(situation(none, { candidate: own, history: noisy }))
    expect(step.kind === 'stop' && step.looks?.history).toEqual({ taken: 1, planned: 1 })
  })

  it('stops where the budget does not reach', () => {
    const open = {
      candidate: drawSummary(normal, calm),
      history: calmHistory,
      limits: [limitOf('ttft_p95')],
    }
    const allowance = { requests: 2, costUsd: 1, durationMs: 600_000 }
    expect(nextStep(situation({ ...none, allowance }, open))).toMatchObject({ why: 'no-budget' })
  })
})

describe('deployments that differ by more', () => {
  const open = (differs: number, change: Partial<Limit> = {}) =>
    nextStep(
      situation({ differs }, { history: [], limits: [{ ...limitOf('ttft_p50'), ...change }] }),
    )

  it('leave pairs their worth where a pass may rule out less', () => {
    const auto = { autoDetect: true }
    expect(open(0.033, auto)).toMatchObject({ kind: 'pairs' })
    expect(open(0.1, auto)).toMatchObject({ kind: 'pairs' })
  })

  it('are not paid for where they cannot rule out what was stated', () => {
    expect(open(0.033)).toMatchObject({ kind: 'pairs' })
    expect(open(0.1)).toMatchObject({ kind: 'stop', why: 'nothing-helps' })
  })
})
