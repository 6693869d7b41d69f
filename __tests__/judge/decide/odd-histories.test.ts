// Histories as they should not be: each leads to a verdict, and to the right one.

import { describe, expect, it } from '@jest/globals'
import { compare } from '../../../src/judge/compare/compare.ts'
import { decide } from '../../../src/judge/decide/decide.ts'
import type { Summary } from '../../../src/model/summary.ts'
import { drawSummary, limitOf, normals } from '../../synthetic-summaries.ts'

const DAY_MS = 86_400_000
const FIRST_MS = Date.parse('2026-01-05T03:00:00Z')
const limits = ['ttft_p50', 'ttft_p95', 'error_rate'].map((id) => ({
  ...limitOf(id),
  autoDetect: true,
}))

function run(seed: number, day: number, factor = 1): Summary {
  const drawn = drawSummary(normals(seed), { requests: 200, tau: 0.03, factor }, `run-${seed}`)
  return { ...drawn, startedAt: new Date(FIRST_MS + day * DAY_MS).toISOString() }
}

const ordered = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => run(seed, seed))
const [first, ...rest] = ordered
if (first === undefined) throw new Error('no run')
const sameTimes = ordered.map((each) => ({ ...each, startedAt: first.startedAt }))
const withGap = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => run(seed, seed < 5 ? seed : seed + 150))
const steppedAtEnd = [...ordered.slice(0, 6), run(7, 7, 1.6), run(8, 8, 1.6)]
const oneSlowAtEnd = [...ordered.slice(0, 7), run(8, 8, 1.6)]
const identical = ordered.map((each) => ({ ...first, startedAt: each.startedAt }))

function verdictOf(history: readonly Summary[], candidate: Summary): string {
  return decide(compare({ candidate, history, anchor: [], limits, shown: [] })).verdict
}

describe('a gate with a history', () => {
  it.each([
    { name: 'in order', history: ordered, same: 'passed', half: 'failed' },
    {
      name: 'out of order',
      history: [...rest].reverse().concat(first),
      same: 'passed',
      half: 'failed',
    },
    { name: 'of equal times', history: sameTimes, same: 'passed', half: 'failed' },
    { name: 'with a gap of months', history: withGap, same: 'passed', half: 'failed' },
    { name: 'of one run', history: [first], same: 'inconclusive', half: 'inconclusive' },
    { name: 'of identical runs', history: identical, same: 'passed', half: 'failed' },
    { name: 'of none', history: [], same: 'no-baseline', half: 'no-baseline' },
  ])('$name: unchanged $same, half as slow again $half', ({ history, same, half }) => {
    expect(verdictOf(history, run(20, 160))).toBe(same)
    expect(verdictOf(history, run(21, 160, 1.5))).toBe(half)
  })

  it('whose level stepped at the very end does not block what is at the new level', () => {
    expect(verdictOf(ordered, run(20, 9, 1.6))).toBe('failed')
    expect(verdictOf(steppedAtEnd, run(20, 9, 1.6))).not.toBe('failed')
    expect(verdictOf(oneSlowAtEnd, run(20, 9, 1.6))).not.toBe('failed')
    expect(verdictOf(steppedAtEnd, run(21, 9, 1.6 * 2.5))).toBe('failed')
  })
})
