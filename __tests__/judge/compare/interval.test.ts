// The interval that is shown has one level: what looks, pairs and other limits take of the allowed error
// is the verdict's business, and the same data show the same interval.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compare } from '../../../src/judge/compare/compare.ts'
import type { Looks, Paired } from '../../../src/model/comparison.ts'
import { INTERVAL_LEVEL, ONE_LOOK } from '../../../src/model/verdict-policy.ts'
import * as format from '../../../src/report/format.ts'
import { drawHistory, drawSummary, limitOf, normals, summaryOf } from '../../synthetic-summaries.ts'

const normal = normals(29)
const drawn = { requests: 200, tau: 0.03, sigma: 0.3 }
const history = drawHistory(normal, 10, drawn)
const candidate = drawSummary(normal, { ...drawn, failed: 4 }, 'candidate')
const IDS = ['ttft_p50', 'ttft_p95', 'error_rate', 'cost_per_answer'] as const

function pairedWith(factor: number): Paired {
  const reference = drawSummary(normal, { requests: 100, tau: 0 }, 'reference')
  const base = reference.series.ttft?.values ?? []
  const values = base.map((ms) => ms * factor * Math.exp(0.1 * normal()))
  const classes = reference.series.ttft?.classes ?? []
  const pairs = { ttft: values.map((ms, at) => [ms, base[at] ?? 0] as const) }
  return { candidate: summaryOf({ values, classes }), reference, pairs, differs: 0.033 }
}
const paired = pairedWith(1.05)

const count = fc
  .integer({ min: 1, max: 4 })
  .chain((planned) =>
    fc.record({ taken: fc.integer({ min: 1, max: planned }), planned: fc.constant(planned) }),
  )
const looks: fc.Arbitrary<Looks> = fc.record({ history: count, pairs: count })
const limited = fc.subarray([...IDS, 'ttft_p90', 'ttft_p99', 'latency_p50'])

type Setting = { readonly looks: Looks; readonly limits: readonly string[] }

function intervals({ looks: at, limits }: Setting, beside?: Paired) {
  const { metrics } = compare({
    candidate,
    history,
    anchor: [],
    limits: limits.map((id) => limitOf(id)),
    shown: IDS,
    looks: at,
    paired: beside,
  })
  return IDS.map((id) => metrics.find((metric) => metric.id === id)?.interval)
}

describe('the interval that is shown', () => {
  it('is the same whatever looks there are and limits share the error', () => {
    const alone = intervals({ looks: ONE_LOOK, limits: [] })
    expect(alone).not.toContain(undefined)
    fc.assert(
      fc.property(looks, limited, (at, limits) => {
        expect(intervals({ looks: at, limits })).toEqual(alone)
      }),
      { numRuns: 40 },
    )
  })

  it('is so of pairs as well', () => {
    const once = { history: { taken: 1, planned: 1 }, pairs: { taken: 1, planned: 1 } }
    const alone = intervals({ looks: once, limits: [] }, paired)
    fc.assert(
      fc.property(looks, limited, (at, limits) => {
        expect(intervals({ looks: at, limits }, paired)).toEqual(alone)
      }),
      { numRuns: 40 },
    )
  })

  it('covers the true change as often as it is called after, at the last of several looks too', () => {
    const at: Looks = { history: { taken: 2, planned: 2 }, pairs: { taken: 3, planned: 3 } }
    const limits = ['ttft_p50', 'ttft_p95', 'error_rate'].map((id) => limitOf(id))
    const draws = 150
    let covered = 0
    for (let draw = 0; draw < draws; draw += 1) {
      const runs = drawHistory(normal, 8, drawn)
      const own = drawSummary(normal, { ...drawn, factor: 1.2 }, 'own')
      const { metrics } = compare({ candidate: own, history: runs, anchor: [], limits, looks: at })
      const [low, high] = metrics.find(({ id }) => id === 'ttft_p50')?.interval ?? [1, 0]
      if (low <= 0.2 && 0.2 <= high) covered += 1
    }
    // Three standard errors of the count below; above, the prior on the noise between runs is cautious.
    const error = Math.sqrt((INTERVAL_LEVEL * (1 - INTERVAL_LEVEL)) / draws)
    expect(covered / draws).toBeGreaterThan(INTERVAL_LEVEL - 3 * error)
  })

  it('is called after that level in every report', () => {
    expect(format.INTERVAL).toBe('90 % interval')
    expect(INTERVAL_LEVEL).toBeCloseTo(0.9, 12)
  })
})
