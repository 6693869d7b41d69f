// "Raise requests to N" is advice that people pay for: it is held against runs that went on to N.

import { describe, expect, it } from '@jest/globals'
import { compare } from '../../../src/judge/compare/compare.ts'
import { decide } from '../../../src/judge/decide/decide.ts'
import type { Limit } from '../../../src/model/config.ts'
import type { Summary } from '../../../src/model/summary.ts'
import { ceilingOf, drawHistory, limitOf, normals, summaryOf } from '../../synthetic-summaries.ts'

const normal = normals(11)
const LONGEST = 2000
/** As in the histories. */
const MEDIANS_MS = [200, 300, 450, 800]

/** One run, as it would be after any number of requests: its level is one for all of them. */
function longRun(change: { readonly tau: number; readonly factor?: number }) {
  const level = change.tau * normal() + Math.log(change.factor ?? 1)
  const classes = Array.from({ length: LONGEST }, (_, i) => i % 4)
  const values = classes.map((c) => (MEDIANS_MS[c] ?? 0) * Math.exp(level + 0.4 * normal()))
  return (requests: number): Summary =>
    summaryOf({ values: values.slice(0, requests), classes: classes.slice(0, requests) })
}

type World = {
  readonly limit: Limit
  readonly tau: number
  readonly requests: number
  readonly factor?: number
  /** More where the advice is rare: a share of ten cases tells nothing. */
  readonly draws?: number
}

/** How often the advice is given, and how often following it settles the metric. */
function advice({ limit, tau, requests, factor, draws = 80 }: World) {
  let [given, settled] = [0, 0]
  for (let draw = 0; draw < draws; draw += 1) {
    const history = drawHistory(normal, 10, { requests: 300, tau })
    const run = longRun({ tau, factor })
    const judged = (candidate: Summary) => {
      const { metrics } = decide(compare({ candidate, history, anchor: [], limits: [limit] }))
      const metric = metrics.find(({ id }) => id === limit.metric)
      if (metric === undefined) throw new Error('the metric is gone')
      return metric
    }
    const first = judged(run(requests)).settles.find(({ kind }) => kind === 'more-requests')
    if (first?.kind !== 'more-requests' || first.requests > LONGEST) continue
    given += 1
    const after = judged(run(first.requests)).verdict
    if (after !== 'inconclusive' && after !== 'suspect') settled += 1
  }
  return { given, share: settled / given }
}

describe('"raise requests to N"', () => {
  const worlds: Readonly<Record<string, World>> = {
    'an unchanged median': { limit: limitOf('ttft_p50'), tau: 0.04, requests: 40, draws: 160 },
    'a median that is 8 % slower': {
      limit: limitOf('ttft_p50'),
      tau: 0.04,
      requests: 40,
      factor: 1.08,
      draws: 320,
    },
    'an unchanged tail': { limit: limitOf('ttft_p95'), tau: 0.04, requests: 100 },
    'a tail that has too few': { limit: limitOf('ttft_p95'), tau: 0.04, requests: 50 },
    'a ceiling that holds': { limit: ceilingOf('ttft_p95', 1600), tau: 0.04, requests: 100 },
  }
  for (const [what, world] of Object.entries(worlds)) {
    it(`settles ${what} at least as often as not`, () => {
      const { given, share } = advice(world)
      expect(given).toBeGreaterThan(5)
      expect(share).toBeGreaterThanOrEqual(0.5)
    })
  }

  it('is not said of a ceiling that so many are beyond', () => {
    const values = Array.from({ length: 100 }, (_, i) => (i < 6 ? 2000 : 400))
    const { metrics } = decide(
      compare({
        candidate: summaryOf({ values }),
        history: [],
        anchor: [],
        limits: [ceilingOf('ttft_p95', 1000)],
      }),
    )
    const p95 = metrics.find(({ id }) => id === 'ttft_p95')
    expect(p95).toMatchObject({ reason: { kind: 'ceiling-open' }, settles: [] })
  })
})
