import { describe, expect, it } from '@jest/globals'
import { besideBase } from '../../src/judge/base-branch.ts'
import { compare } from '../../src/judge/compare/compare.ts'
import { decide } from '../../src/judge/decide/decide.ts'
import type { Limit } from '../../src/model/config.ts'
import type { Summary } from '../../src/model/summary.ts'
import { ceilingOf, drawHistory, drawSummary, limitOf, normals } from '../synthetic-summaries.ts'

const QUIET = { requests: 400, tau: 0.01, sigma: 0.2 }
const AUTO = { autoDetect: true } as const

/** Ten accepted runs, then some of the base branch that are slower by a factor. */
function judged(
  factor: number,
  beside: {
    readonly base?: number
    readonly heldRuns?: number
    readonly limits?: readonly Limit[]
    readonly blocks?: boolean
    readonly more?: object
  } = {},
) {
  const { base = 1.4, heldRuns = 1, limits = [limitOf('ttft_p50', AUTO)], blocks = false } = beside
  const normal = normals(11)
  const accepted = drawHistory(normal, 10, QUIET)
  const now = Array.from({ length: heldRuns }, (_, n) =>
    drawSummary(normal, { ...QUIET, factor: base, ...beside.more }, `held-${n}`),
  )
  const candidate: Summary = drawSummary(normal, { ...QUIET, factor, ...beside.more }, 'pull')
  const history = blocks ? accepted : [...accepted, ...now]
  const comparison = compare({ candidate, history, anchor: [], limits })
  const decision = decide(comparison)
  const by = { decision, comparison, candidate }
  return { decision, beside: besideBase(by, { accepted, now, blocks }, limits) }
}

describe('beside a base branch that became slower', () => {
  it.each([1, 2, 4])('an unchanged pull request passes after %d runs of it', (heldRuns) => {
    const { beside } = judged(1.4, { heldRuns })
    expect(beside.verdict).toBe('passed')
    const [metric] = beside.metrics
    expect(metric?.baseBranch?.change).toBeGreaterThan(0.3)
    expect(Math.abs(metric?.baseBranch?.added ?? 1)).toBeLessThan(0.1)
    expect(metric?.baseBranch?.beyond).toBe(false)
  })

  it('would be blocked against what was accepted, and is where the policy asks for it', () => {
    const { beside } = judged(1.4, { blocks: true })
    expect(beside.verdict).toBe('failed')
    expect(beside.metrics[0]?.baseBranch).toMatchObject({ beyond: false })
  })

  it.each([1, 2, 4])('a pull request that adds another 40 %% is blocked after %d', (heldRuns) => {
    const { beside } = judged(1.96, { heldRuns })
    expect(beside.verdict).toBe('failed')
    expect(beside.metrics[0]?.baseBranch).toMatchObject({ beyond: true })
  })

  it('one that adds less than the limit is not, however sure that is', () => {
    expect(judged(1.4 * 1.06).beside.verdict).not.toBe('failed')
  })

  it('a pull request that mends it passes as well', () => {
    const { beside } = judged(1)
    expect(beside.verdict).toBe('passed')
    expect(beside.metrics[0]?.baseBranch?.added).toBeLessThan(-0.2)
  })

  it('does not block for a ceiling that the base branch breaches already', () => {
    const limits = [ceilingOf('ttft_p50', 450)]
    expect(judged(1.4, { limits }).decision.verdict).toBe('failed')
    expect(judged(1.4, { limits }).beside.verdict).not.toBe('failed')
    expect(judged(1.96, { limits }).beside.verdict).toBe('failed')
  })

  it('does not block for failures that the base branch has already', () => {
    const limits = [limitOf('error_rate')]
    const more = { failed: 60 }
    const { decision, beside } = judged(1, { base: 1, limits, more })
    expect(decision.verdict).not.toBe('passed')
    expect(beside.verdict).not.toBe('failed')
    const rate = beside.metrics.find(({ id }) => id === 'error_rate')
    expect(rate?.baseBranch).toMatchObject({ beyond: false })
  })
})

describe('beside a base branch that is as it was accepted', () => {
  it('nothing is said of it', () => {
    const { decision, beside } = judged(1.4, { base: 1 })
    expect(beside).toEqual(decision)
  })
})
