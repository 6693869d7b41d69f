// Whether the sentence names the cause that the simulator was given: right in at least 80 and wrong
// in at most 1 of 100 seeded runs of each cause, and silent where there is nothing to name.

import { describe, expect, it } from '@jest/globals'
import { attribute } from '../../../src/judge/attribute/attribute.ts'
import type { Attribution } from '../../../src/model/attribution.ts'
import type { Run } from '../../../src/model/run.ts'
import type { MetricJudgement } from '../../../src/model/verdict.ts'
import { type Simulated, simulatedRun } from './simulated-runs.ts'

type Kind = Attribution['kind']
type Law = Omit<Simulated, 'seed' | 'run'>
type Trial = {
  readonly change: Law
  readonly right: readonly Kind[]
  /** What it was before. Absent = `BEFORE`, six runs of it. */
  readonly before?: { readonly law: Law; readonly runs: number }
  readonly fails?: readonly string[]
}

const BEFORE: Law = { behaviour: { capacity: 6 }, exports: 'everything' }
const UPSTREAM = { exports: 'nothing', headers: 'upstream' } as const
const TIMING = { exports: 'nothing', headers: 'server-timing' } as const
const BY_LENGTH = 'queue length'
const SLOWER = { ttftMedianMs: 48, ttftPerInputTokenMs: 0.032 }
/** Long enough to be looked at ten times, once a second. */
const LONGER = { tokenGapMs: 20 }
/** Requests that are computed together on few cores make each other slower. */
const SHARED = { ttftMedianMs: 600, tokenGapMs: 60 }
const ALONE = { ttftMedianMs: 110, tokenGapMs: 11 }
const PAPERS = { 'read and': 110 }

const TRIALS: Readonly<Record<string, Trial>> = {
  queue: { change: { behaviour: { capacity: 3 }, exports: 'everything' }, right: ['queue'] },
  'a queue of which only the length is exported, after three runs': {
    before: { law: { behaviour: { capacity: 6, ...LONGER }, exports: BY_LENGTH }, runs: 3 },
    change: { behaviour: { capacity: 3, ...LONGER }, exports: BY_LENGTH },
    right: ['queue'],
  },
  'a queue that is longer than the rise, since who is served is served faster': {
    before: { law: { behaviour: { capacity: 6, ...SHARED }, exports: BY_LENGTH }, runs: 3 },
    change: { behaviour: { capacity: 1, ...ALONE }, exports: BY_LENGTH },
    right: ['queue'],
  },
  prefill: {
    change: { behaviour: { capacity: 6, ...SLOWER }, exports: 'everything' },
    right: ['prefill'],
  },
  'one class': {
    change: {
      behaviour: { capacity: 6, ttftMedianByTextMs: { write: 60 } },
      exports: 'everything',
    },
    right: ['one-class'],
  },
  'a gateway, by what the server behind it says to have taken': {
    before: { law: { behaviour: { capacity: 6 }, ...UPSTREAM, gatewayMs: 4 }, runs: 6 },
    change: { behaviour: { capacity: 6 }, ...UPSTREAM, gatewayMs: 34 },
    right: ['gateway'],
  },
  'a queue behind a gateway, by headers alone': {
    before: { law: { behaviour: { capacity: 6 }, ...TIMING, gatewayMs: 4 }, runs: 6 },
    change: { behaviour: { capacity: 3 }, ...TIMING, gatewayMs: 4 },
    right: ['queue'],
  },
  'a slower server behind a gateway, of which the headers do not say why': {
    before: { law: { behaviour: { capacity: 6 }, ...UPSTREAM, gatewayMs: 4 }, runs: 6 },
    change: { behaviour: { capacity: 6, ...SLOWER }, ...UPSTREAM, gatewayMs: 4 },
    right: [],
  },
  'long prompts, which are a class of their own': {
    change: { behaviour: { capacity: 6, ttftMedianByTextMs: PAPERS }, exports: 'everything' },
    right: ['one-class', 'long-prompts'],
  },
  'late in the run': {
    change: { behaviour: { capacity: 6, lateFrom: 96, lateFactor: 1.7 }, exports: 'everything' },
    right: ['late'],
  },
  'longer answers': {
    change: { behaviour: { capacity: 6 }, outputTokens: 30, exports: 'everything' },
    right: ['longer-answers'],
    fails: ['cost_per_answer'],
  },
  'a queue and longer answers': {
    change: { behaviour: { capacity: 3 }, outputTokens: 30, exports: 'everything' },
    right: ['queue', 'longer-answers'],
    fails: ['ttft_p50', 'cost_per_answer'],
  },
  'a queue and slower prefill': {
    change: { behaviour: { capacity: 3, ...SLOWER }, exports: 'everything' },
    right: ['queue', 'prefill'],
  },
  'one class, late in the run': {
    change: {
      behaviour: {
        capacity: 6,
        ttftMedianByTextMs: { write: 60 },
        lateFrom: 96,
        lateFactor: 1.7,
      },
      exports: 'everything',
    },
    right: ['one-class', 'late', 'prefill'],
  },
}

function causes(seed: number, trial: Omit<Trial, 'right'>): readonly Kind[] {
  const now = simulatedRun({ ...trial.change, seed, run: 7 })
  return attribute(now, historyOf(seed, trial.before), judged(trial.fails ?? ['ttft_p50'])).map(
    ({ kind }) => kind,
  )
}

const histories = new Map<string, readonly Run[]>()

function historyOf(
  seed: number,
  { law, runs }: NonNullable<Trial['before']> = { law: BEFORE, runs: 6 },
): readonly Run[] {
  const key = JSON.stringify([seed, law, runs])
  const made = () =>
    Array.from({ length: runs }, (_, run) => simulatedRun({ ...law, seed, run: run + 1 }))
  const history = histories.get(key) ?? made()
  histories.set(key, history)
  return history
}

function judged(ids: readonly string[]): readonly MetricJudgement[] {
  return ids.map((id) => ({ id, verdict: 'fail' }) as MetricJudgement)
}

function tally(trial: Trial): { right: number; wrong: number; silent: number } {
  const count = { right: 0, wrong: 0, silent: 0 }
  for (let seed = 1; seed <= 100; seed += 1) {
    const named = causes(seed, trial)
    if (named.length === 0) count.silent += 1
    else if (named.every((kind) => trial.right.includes(kind))) count.right += 1
    else count.wrong += 1
  }
  return count
}

describe('the cause that is named', () => {
  for (const [name, trial] of Object.entries(TRIALS)) {
    it(`is right for ${name}`, () => {
      const { right, wrong, silent } = tally(trial)
      // Where nothing carries a cause, silence is right.
      expect(trial.right.length === 0 ? silent : right).toBeGreaterThanOrEqual(80)
      expect(wrong).toBeLessThanOrEqual(1)
    })
  }

  it('is none where the server says nothing and every request is slower alike', () => {
    const change: Law = { behaviour: { capacity: 6, ...SLOWER }, exports: 'nothing' }
    expect(tally({ change, right: [] })).toEqual({ right: 0, wrong: 0, silent: 100 })
  })

  it('is none where nothing changed, whatever the verdict says', () => {
    const fails = ['ttft_p50', 'cost_per_answer']
    expect(tally({ change: BEFORE, right: [], fails }).wrong).toBeLessThanOrEqual(1)
  })
})
