// Verdicts made again from a report's figures. Honest figures give the verdict that they had; a report
// that says something else than its figures, or brings limits of its own, gains nothing by it.

import { describe, expect, it } from '@jest/globals'
import { compare } from '../../../src/judge/compare/compare.ts'
import { decide } from '../../../src/judge/decide/decide.ts'
import { type GateRules, judgedByFigures } from '../../../src/judge/decide/from-figures.ts'
import type { Limit } from '../../../src/model/config.ts'
import type { ShareJudgement } from '../../../src/model/share.ts'
import type { GateResult, MetricJudgement } from '../../../src/model/verdict.ts'
import {
  ceilingOf,
  drawHistory,
  drawSummary,
  limitOf,
  normals,
  summaryOf,
} from '../../synthetic-summaries.ts'

const PRICES = {
  kind: 'tokens',
  input: 1e-6,
  cachedInput: 1e-6,
  output: 1e-6,
  reasoning: 1e-6,
  request: 0,
} as const

const rulesOf = (...limits: readonly Limit[]): GateRules => ({
  limits,
  compare: [],
  prices: PRICES,
})

function reported(metrics: readonly MetricJudgement[], more: Partial<GateResult> = {}): GateResult {
  return {
    gate: 'chat',
    verdict: 'passed',
    metrics,
    invalidities: [],
    warnings: [],
    notes: [],
    errors: {},
    requests: 200,
    completed: 200,
    probes: 0,
    spent: { estimated: false },
    subject: {},
    subjectChanges: [],
    loadShape: {},
    baselinePlace: '',
    baselineRuns: 8,
    effort: { pairs: 0, looks: 1, addedRequests: 0, reference: 'none' },
    seed: 7,
    ...more,
  }
}

const P50 = limitOf('ttft_p50', { worsening: 0.1, floor: 0, mustDetect: 0.25 })

/** Figures of TTFT p50 as a report may have them. */
function figure(more: Partial<MetricJudgement> = {}): MetricJudgement {
  return {
    id: 'ttft_p50',
    label: 'TTFT p50',
    unit: 'ms',
    better: 'lower',
    scale: 'ratio',
    baseline: 100,
    candidate: 101,
    change: 0.01,
    interval: [-0.04, 0.06],
    limit: P50,
    verdict: 'pass',
    reason: { kind: 'ruled-out', mustDetect: 0.25 },
    evidence: 'history',
    requests: 200,
    history: 8,
    settles: [],
    ...more,
  }
}
const SLOWER = { candidate: 300, change: 2, interval: [1.8, 2.2] } as const

function judge(metric: MetricJudgement, rules: GateRules = rulesOf(P50)): MetricJudgement {
  const [first] = judgedByFigures(reported([metric]), rules).metrics
  if (first === undefined) throw new Error('nothing judged')
  return first
}

describe('honest figures', () => {
  it.each([
    ['stated', P50],
    ['left open', { ...P50, autoDetect: true }],
    ['with a ceiling', { ...P50, ceiling: 5000 }],
    ['only a ceiling', ceilingOf('ttft_p50', 5000)],
    ['only a ceiling that is breached', ceilingOf('ttft_p50', 50)],
    ['of the tail', limitOf('ttft_p95', { worsening: 0.15, floor: 0, mustDetect: 0.5 })],
  ] as const)('have the verdict that they had, limit %s', (_, limit) => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= 60; seed += 1) {
      const normal = normals(seed)
      const calm = { requests: 200, tau: 0.03, sigma: 0.4 }
      const history = drawHistory(normal, 6, calm)
      const candidate = drawSummary(normal, { ...calm, factor: 0.6 + 0.02 * seed }, 'now')
      const input = { candidate, history, anchor: [], limits: [limit], shown: [] }
      const decision = decide(compare(input))
      const again = judgedByFigures(reported(decision.metrics), rulesOf(limit))
      const verdicts = (metrics: readonly MetricJudgement[]) =>
        metrics.map(({ verdict }) => verdict)
      expect([seed, verdicts(again.metrics)]).toEqual([seed, verdicts(decision.metrics)])
      expect(again.verdict).toBe(decision.verdict)
      for (const verdict of verdicts(again.metrics)) seen.add(verdict)
    }
    expect(seen.size).toBeGreaterThanOrEqual(limit.worsening === undefined ? 1 : 2)
  })

  it('keep a failure that no change shows', () => {
    const normal = normals(3)
    const history = drawHistory(normal, 6, { requests: 200, tau: 0.03, sigma: 0.4 })
    const candidate = summaryOf(
      {
        values: [...Array(50).fill(100), ...Array(150).fill(Number.POSITIVE_INFINITY)],
        timeouts: 150,
      },
      'now',
    )
    const { metrics } = decide(
      compare({ candidate, history, anchor: [], limits: [P50], shown: [] }),
    )
    expect(metrics[0]?.verdict).toBe('fail')
    expect(judgedByFigures(reported(metrics), rulesOf(P50)).verdict).toBe('failed')
  })
})

describe('figures that say another thing than the report', () => {
  it('fail where the report passes, without a p that nobody computed', () => {
    const judged = judge(figure(SLOWER))
    expect(judged).toMatchObject({ verdict: 'fail', reason: { kind: 'worse-than-limit' } })
    expect(judged.reason).not.toHaveProperty('pAdjusted')
  })

  it('carry no fail that the report claims', () => {
    const claimed = { verdict: 'fail', reason: { kind: 'worse-than-limit', pAdjusted: 0 } } as const
    expect(judge(figure(claimed)).verdict).toBe('pass')
  })

  it.each([
    ['an interval that does not hold the change', { interval: [-0.04, -0.02] }],
    ['values that lie beside the interval', { candidate: 300 }],
    ['no interval', { interval: undefined }],
    ['no baseline', { baseline: undefined }],
    ['a baseline of nothing', { baseline: 0 }],
    ['an interval without an end', { interval: [-1, Number.POSITIVE_INFINITY] }],
  ] as const)('pass nothing with %s', (_, change) => {
    const judged = judge(figure(change as Partial<MetricJudgement>))
    expect(judged).toMatchObject({ verdict: 'inconclusive', reason: { kind: 'not-shown' } })
  })

  it('may be more careful', () => {
    const open = { verdict: 'inconclusive', reason: { kind: 'no-history' } } as const
    expect(judge(figure(open))).toMatchObject(open)
    const alone = { kind: 'significant-alone', p: 0.04, pAdjusted: 0.09 } as const
    expect(judge(figure({ ...SLOWER, verdict: 'suspect', reason: alone })).verdict).toBe('suspect')
    const proven = { kind: 'significant-alone', p: 0.01, pAdjusted: 0.02 } as const
    expect(judge(figure({ ...SLOWER, verdict: 'suspect', reason: proven })).verdict).toBe('fail')
  })
})

describe('limits', () => {
  it('are those of the rules, whatever the report brings', () => {
    const lax = { ...P50, worsening: 9, mustDetect: 10 }
    const slower = { candidate: 130, change: 0.3, interval: [0.2, 0.4] } as const
    expect(judge(figure({ ...slower, limit: lax })).verdict).toBe('fail')
    expect(judge(figure({ ...slower, limit: undefined, verdict: 'not-gated' })).verdict).toBe(
      'fail',
    )
    expect(judge(figure({ limit: lax })).limit).toEqual(P50)
  })

  it('that the report does not speak of are open, and the gate with them', () => {
    const p95 = limitOf('ttft_p95', { worsening: 0.1 })
    const { verdict, metrics } = judgedByFigures(reported([figure()]), rulesOf(P50, p95))
    expect(metrics.map(({ id, verdict: one }) => [id, one])).toEqual([
      ['ttft_p50', 'pass'],
      ['ttft_p95', 'inconclusive'],
    ])
    expect(verdict).toBe('inconclusive')
  })

  it('that the rules do not have judge nothing', () => {
    const judged = judge(figure(SLOWER), rulesOf())
    expect(judged).toMatchObject({ verdict: 'not-gated', reason: { kind: 'no-limit' } })
    expect(judged.limit).toBeUndefined()
  })

  it('count a floor, and on a rate a difference', () => {
    const floored = { ...P50, floor: 50 }
    const slower = { candidate: 130, change: 0.3, interval: [0.2, 0.4] } as const
    expect(judge(figure(slower), rulesOf(floored)).verdict).toBe('pass')
    const rate = limitOf('error_rate', { worsening: 0.01, floor: 0, mustDetect: 0.02 })
    const errors = {
      ...figure({ baseline: 0, candidate: 0.1, change: 0.1, interval: [0.05, 0.15] }),
      id: 'error_rate',
    }
    expect(judge(errors, rulesOf(rate)).verdict).toBe('fail')
  })

  it('with a ceiling go by what was counted against no laxer one', () => {
    const ceiling = ceilingOf('ttft_p50', 150)
    const within = {
      verdict: 'pass',
      reason: { kind: 'within-ceiling', over: 0, of: 200 },
      ceilingHolds: true,
    } as const
    const against = (own: number, more: Partial<MetricJudgement> = within) =>
      judge(figure({ ...more, limit: ceilingOf('ttft_p50', own) }), rulesOf(ceiling)).verdict
    expect([against(120), against(150), against(9000)]).toEqual(['pass', 'pass', 'inconclusive'])
    expect(against(150, { ...within, candidate: 400 })).toBe('inconclusive')
    const breach = {
      candidate: 400,
      verdict: 'fail',
      reason: { kind: 'above-ceiling', p: 0.001, over: 180, of: 200 },
    } as const
    expect([against(150, breach), against(120, breach)]).toEqual(['fail', 'inconclusive'])
  })

  it('bound the sum of small steps only where they say so', () => {
    const drifted = {
      verdict: 'fail',
      reason: { kind: 'drifted', total: 0.8, since: '2026-11-01T00:00:00Z' },
    } as const
    expect(judge(figure(drifted)).verdict).toBe('pass')
    expect(judge(figure(drifted), rulesOf({ ...P50, drift: 0.3 })).verdict).toBe('fail')
    const words = { ...drifted, reason: { ...drifted.reason, since: 'curl | sh' } }
    expect(judge(figure(words), rulesOf({ ...P50, drift: 0.3 })).verdict).toBe('inconclusive')
  })
})

describe('what a metric is', () => {
  it('stands in our table, not in the report', () => {
    const turned = {
      ...SLOWER,
      better: 'higher',
      scale: 'difference',
      label: 'All is well',
    } as const
    expect(judge(figure(turned))).toMatchObject({
      verdict: 'fail',
      better: 'lower',
      scale: 'ratio',
      label: 'TTFT p50',
      unit: 'ms',
    })
  })

  it('is left out where the table has none of its name', () => {
    const { metrics } = judgedByFigures(reported([figure({ id: 'wellness' })]), rulesOf())
    expect(metrics).toEqual([])
  })

  it('takes no word of the base branch, of steps and of what the run could have shown', () => {
    const judged = judge(
      figure({
        resolution: 1e-6,
        baseBranch: { change: 3, beyond: false },
        step: { since: 'yesterday', change: 3, setAside: 9 },
        heldBack: { kind: 'blind' },
        accepted: { label: 'mine' },
      }),
    )
    for (const member of ['baseBranch', 'step', 'heldBack', 'accepted']) {
      expect(judged).not.toHaveProperty(member)
    }
    expect(judged.resolution).toBeCloseTo(0.25, 9)
  })
})

describe('a cost', () => {
  const cost = limitOf('cost_per_answer', { worsening: 0.05, mustDetect: 0.1 })
  const unknown = figure({
    id: 'cost_per_answer',
    baseline: undefined,
    candidate: undefined,
    change: undefined,
    interval: undefined,
    verdict: 'not-gated',
    reason: { kind: 'no-prices' },
  })

  it('is not left out because a report says that it has no prices', () => {
    expect(judge(unknown, rulesOf(cost)).verdict).toBe('inconclusive')
  })

  it('is where our own prices are none', () => {
    const rules = { ...rulesOf(cost), prices: { kind: 'none' } } as const
    expect(judge(unknown, rules)).toMatchObject({
      verdict: 'not-gated',
      reason: { kind: 'no-prices' },
    })
  })
})

describe('a gate', () => {
  it('that is void stays void, and its figures judge nothing', () => {
    const void_ = reported([figure()], { invalidities: [{ kind: 'aborted', measured: 3 }] })
    const { verdict, metrics } = judgedByFigures(void_, rulesOf(P50))
    expect([verdict, metrics[0]?.verdict]).toEqual(['invalid', 'not-gated'])
  })

  it('without a baseline says so only where nothing was compared', () => {
    const bare = figure({ change: undefined, interval: undefined, baseline: undefined })
    const said = { verdict: 'no-baseline' } as const
    expect(judgedByFigures(reported([bare], said), rulesOf(P50)).verdict).toBe('no-baseline')
    expect(judgedByFigures(reported([figure(SLOWER)], said), rulesOf(P50)).verdict).toBe('failed')
    expect(judgedByFigures(reported([figure()], said), rulesOf(P50)).verdict).toBe('passed')
  })

  it('is not passed for being unaffected', () => {
    const notAffected = { by: ['config'], changedFiles: 0 }
    const judged = judgedByFigures(reported([], { notAffected }), rulesOf(P50))
    expect(judged.verdict).toBe('inconclusive')
    expect(judged).not.toHaveProperty('notAffected')
  })
})

describe('a limit between gates', () => {
  const limit = {
    gate: 'cold',
    metric: 'ttft_p50',
    family: 'ttft',
    quantile: 0.5,
    share: 0.5,
    side: 'at-most',
  } as const
  const rules: GateRules = { ...rulesOf(P50), compare: [limit] }
  const share = (more: Partial<ShareJudgement>): ShareJudgement => ({
    ...limit,
    label: 'TTFT p50',
    unit: 'ms',
    own: 30,
    other: 100,
    interval: [0.28, 0.32],
    verdict: 'pass',
    ...more,
  })
  const judgeShare = (...shares: readonly ShareJudgement[]) =>
    judgedByFigures(reported([figure()], { shares }), rules)

  it('is judged by its interval and our share', () => {
    expect(judgeShare(share({})).verdict).toBe('passed')
    expect(judgeShare(share({ share: 9, own: 90, interval: [0.85, 0.95] })).verdict).toBe('failed')
    expect(judgeShare(share({ interval: [0.28, 0.7] })).verdict).toBe('inconclusive')
    expect(judgeShare(share({ own: 90 })).verdict).toBe('inconclusive')
  })

  it('is open where the report leaves it out, or has it turned', () => {
    expect(judgeShare().verdict).toBe('inconclusive')
    expect(judgeShare(share({ side: 'at-least' })).verdict).toBe('inconclusive')
  })

  it('that is the report’s own is left out', () => {
    expect(
      judgedByFigures(reported([figure()], { shares: [share({})] }), rulesOf(P50)),
    ).not.toHaveProperty('shares')
  })
})
