// What keeps a metric from a verdict is data, and the advice follows from it.

import { describe, expect, it } from '@jest/globals'
import { compare } from '../../../src/judge/compare/compare.ts'
import { decide } from '../../../src/judge/decide/decide.ts'
import type { Limit } from '../../../src/model/config.ts'
import type { Summary } from '../../../src/model/summary.ts'
import type { MetricJudgement } from '../../../src/model/verdict.ts'
import { drawHistory, drawSummary, limitOf, normals } from '../../synthetic-summaries.ts'

function judged(candidate: Summary, history: readonly Summary[], limit: Limit): MetricJudgement {
  const { metrics } = decide(
    compare({ candidate, history, anchor: [], limits: [limit], shown: [] }),
  )
  const [metric] = metrics
  if (metric === undefined) throw new Error('nothing judged')
  return metric
}

/** An endpoint of about 50 ms. */
const fast = { requests: 300, tau: 0.01, sigma: 0.2, factor: 0.14 }

describe('what holds a verdict back', () => {
  const normal = normals(7)
  const history = drawHistory(normal, 10, fast)
  const third = drawSummary(normal, { ...fast, factor: 1.33 * fast.factor }, 'third')

  it('is the floor, where a proven change exceeds the stated increase alone', () => {
    const metric = judged(third, history, limitOf('ttft_p50', { floor: 20 }))
    expect(metric.interval?.[0]).toBeGreaterThan(0.1)
    expect(metric.verdict).not.toBe('fail')
    expect(metric.heldBack).toMatchObject({ kind: 'floor', floor: 20, stated: 0.1 })
    const { heldBack } = metric
    expect(heldBack?.kind === 'floor' && heldBack.asChange).toBeCloseTo(
      20 / (metric.baseline ?? 0),
      2,
    )
    expect(metric.settles).toEqual([])
  })

  it('is the floor as well where a pass is owed to it', () => {
    const metric = judged(third, history, limitOf('ttft_p50', { floor: 200 }))
    expect(metric).toMatchObject({ verdict: 'pass', heldBack: { kind: 'floor' } })
  })

  it('is nothing where the change itself is within what is stated, whatever the floor', () => {
    const same = drawSummary(normal, fast, 'same')
    expect(judged(same, history, limitOf('ttft_p50', { floor: 20 })).heldBack).toBeUndefined()
  })

  it('is the limit, where a proven change lies within it and more cannot be ruled out', () => {
    const drawn = { requests: 150, tau: 0.01, sigma: 0.35 }
    const own = normals(21)
    const base = drawHistory(own, 10, drawn)
    const slower = drawSummary(own, { ...drawn, factor: 1.06 }, 'slower')
    const metric = judged(slower, base, limitOf('ttft_p50', { worsening: 0.15, mustDetect: 0.15 }))
    expect(metric.verdict).toBe('inconclusive')
    expect(metric.heldBack).toMatchObject({ kind: 'limit' })
  })

  it('is the noise between runs, where no number of requests helps', () => {
    const noisy = normals(102)
    const metric = judged(
      drawSummary(noisy, { requests: 300, tau: 0, factor: 1.2 }),
      drawHistory(noisy, 9, { requests: 300, tau: 0.15 }),
      limitOf('ttft_p50'),
    )
    expect(metric.heldBack).toMatchObject({ kind: 'noise-between-runs' })
    const { heldBack } = metric
    expect(heldBack?.kind === 'noise-between-runs' && heldBack.best).toBeGreaterThan(0.2)
    expect(metric.settles.map(({ kind }) => kind)).not.toContain('more-requests')
  })

  it('is the number of requests, where more of them would do', () => {
    const few = { requests: 40, tau: 0.005, sigma: 0.5 }
    const own = normals(31)
    const metric = judged(
      drawSummary(own, { ...few, factor: 1.15 }),
      drawHistory(own, 12, { ...few, requests: 400 }),
      limitOf('ttft_p50'),
    )
    expect(metric.heldBack).toMatchObject({ kind: 'requests' })
    expect(metric.settles.map(({ kind }) => kind)).toContain('more-requests')
    const tooFew = judged(drawSummary(own, { requests: 19 }), history, limitOf('ttft_p50'))
    expect(tooFew.heldBack).toEqual({ kind: 'requests', has: 19, needs: 20 })
  })

  it('is blindness, where a doubling could have gone unseen', () => {
    const wild = normals(44)
    const metric = judged(
      drawSummary(wild, { requests: 60, tau: 0 }),
      drawHistory(wild, 3, { requests: 60, tau: 0.9 }),
      limitOf('ttft_p50'),
    )
    expect(metric.verdict).toBe('inconclusive')
    expect(metric.heldBack).toMatchObject({ kind: 'blind' })
  })
})
