import { describe, expect, it } from '@jest/globals'
import { type ComparisonInput, compare } from '../../../src/judge/compare/compare.ts'
import { acceptRegression, type Decision, decide } from '../../../src/judge/decide/decide.ts'
import type { Limit } from '../../../src/model/config.ts'
import type { Summary } from '../../../src/model/summary.ts'
import type { MetricJudgement } from '../../../src/model/verdict.ts'
import {
  ceilingOf,
  drawHistory,
  drawSummary,
  limitOf,
  normals,
  summaryOf,
} from '../../synthetic-summaries.ts'

function judge(input: Partial<ComparisonInput> & { readonly candidate: Summary }): Decision {
  return decide(compare({ history: [], anchor: [], limits: [], shown: [], ...input }))
}

function only(decision: Decision): MetricJudgement {
  const [metric] = decision.metrics
  if (metric === undefined) throw new Error('nothing judged')
  return metric
}

const normal = normals(101)
const calm = { requests: 200, tau: 0.01, sigma: 0.25 }
const history = drawHistory(normal, 10, calm)
const same = drawSummary(normal, calm, 'same')
const slower = drawSummary(normal, { ...calm, factor: 1.6 }, 'slower')
const faster = drawSummary(normal, { ...calm, factor: 0.5 }, 'faster')
const p50 = [limitOf('ttft_p50')]

describe('a metric with a limit against the baseline', () => {
  it('passes an unchanged endpoint because what must be detected is ruled out', () => {
    const decision = judge({ candidate: same, history, limits: p50 })
    expect(decision.verdict).toBe('passed')
    expect(only(decision)).toMatchObject({ verdict: 'pass', evidence: 'history' })
    expect(only(decision).reason.kind).toBe('ruled-out')
  })

  it('passes the largest number of failures that is not suspect, and says what it rules out', () => {
    const limits: readonly Limit[] = [
      { ...limitOf('error_rate', { mustDetect: 0.02 }), autoDetect: true },
    ]
    const clean = new Array(10).fill(summaryOf({ values: new Array(200).fill(400) }))
    const verdicts = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((failed) => {
      const candidate = summaryOf({ values: new Array(200 - failed).fill(400), failed })
      return only(judge({ candidate, history: clean, limits }))
    })
    const kinds = verdicts.map(({ verdict }) => verdict)
    expect(kinds.filter((kind) => kind === 'inconclusive')).toEqual([])
    const largest = verdicts[kinds.lastIndexOf('pass')]
    expect(largest?.resolution).toBeGreaterThan(0.02)
    expect(largest?.resolution).toBeLessThan(0.05)
    expect(kinds.at(-1)).toBe('fail')
  })

  it('fails a slower one, with the adjusted p-value as the reason', () => {
    const decision = judge({ candidate: slower, history, limits: p50 })
    expect(decision.verdict).toBe('failed')
    expect(only(decision)).toMatchObject({ verdict: 'fail', reason: { kind: 'worse-than-limit' } })
    expect(only(decision).change).toBeGreaterThan(0.4)
    expect(only(decision).settles).toEqual([])
  })

  it('calls a faster one improved, which is a kind of pass', () => {
    const decision = judge({ candidate: faster, history, limits: p50 })
    expect(decision.verdict).toBe('passed')
    expect(only(decision)).toMatchObject({ verdict: 'improved', reason: { kind: 'better' } })
  })

  it('stays within its floor: a large share of very little is no fail', () => {
    const limits = [limitOf('ttft_p50', { floor: 1000 })]
    expect(judge({ candidate: slower, history, limits }).verdict).toBe('passed')
  })

  it('is inconclusive with one run of history, and says what would settle it', () => {
    const candidate = drawSummary(normal, { requests: 60 })
    const metric = only(judge({ candidate, history: history.slice(0, 1), limits: p50 }))
    expect(metric.verdict).toBe('inconclusive')
    expect(metric.reason.kind).toBe('interval-too-wide')
    expect(metric.settles.map(({ kind }) => kind)).toContain('more-history')
    expect(metric.settles.map(({ kind }) => kind)).toContain('reference-arm')
  })

  it('names the noise between runs as the floor where no number of requests helps', () => {
    const noisy = normals(102)
    const settles = only(
      judge({
        candidate: drawSummary(noisy, { requests: 300, tau: 0, factor: 1.5 }),
        history: drawHistory(noisy, 9, { requests: 300, tau: 0.3 }),
        limits: p50,
      }),
    ).settles
    expect(settles.find(({ kind }) => kind === 'noise-floor')).toMatchObject({
      change: expect.any(Number),
    })
  })

  it('cannot pass or fail on too few requests', () => {
    const candidate = drawSummary(normal, { requests: 19 })
    expect(only(judge({ candidate, history, limits: p50 }))).toMatchObject({
      verdict: 'inconclusive',
      reason: { kind: 'too-few-requests', has: 19, needs: 20 },
      settles: [{ kind: 'more-requests' }, { kind: 'reference-arm' }],
    })
    const p99 = only(judge({ candidate: same, history, limits: [limitOf('ttft_p99')] }))
    expect(p99).toMatchObject({
      verdict: 'inconclusive',
      reason: { kind: 'too-few-requests', has: 200, needs: 299 },
    })
  })

  it('is open with one sample, however slow, and with one that is no number', () => {
    for (const value of [9000, Number.NaN]) {
      const decision = judge({ candidate: summaryOf({ values: [value] }), history, limits: p50 })
      expect(decision.verdict).toBe('inconclusive')
    }
  })

  it('never passes a tail whose values are no numbers', () => {
    const values = Array.from({ length: 100 }, (_, i) => (i < 90 ? 300 : Number.NaN))
    const limits = [limitOf('ttft_p95')]
    expect(judge({ candidate: summaryOf({ values }), history, limits }).verdict).toBe(
      'inconclusive',
    )
    const broken = Array.from({ length: 4 }, () => summaryOf({ values }))
    const decision = judge({ candidate: same, history: broken, limits })
    expect(only(decision).reason.kind).toBe('history-unusable')
  })

  it('is suspect when significant alone, but not beside others', () => {
    const found = suspects()
    expect(found?.alone.verdict).toBe('fail')
    expect(found?.beside.reason).toMatchObject({ kind: 'significant-alone' })
    expect(found?.gate).toBe('inconclusive')
  })
})

/** The first factor at which one limit alone fails and five together only suspect. */
function suspects() {
  const limits = [
    ...p50,
    limitOf('ttft_p90'),
    limitOf('ttft_p95'),
    limitOf('error_rate'),
    limitOf('cost_per_answer'),
  ]
  for (let factor = 1.1; factor < 1.5; factor += 0.005) {
    const candidate = scaled(same, factor)
    const alone = only(judge({ candidate, history: history.slice(0, 4), limits: p50 }))
    const decision = judge({ candidate, history: history.slice(0, 4), limits })
    const beside = decision.metrics.find(({ id }) => id === 'ttft_p50')
    if (beside?.verdict === 'suspect') return { alone, beside, gate: decision.verdict }
  }
  return undefined
}

function scaled(summary: Summary, factor: number): Summary {
  const { ttft } = summary.series
  if (ttft === undefined) return summary
  const series = { ttft: { ...ttft, values: ttft.values.map((ms) => ms * factor) } }
  return { ...summary, series }
}

describe('a metric that pairs left open', () => {
  it('says how many pairs would settle it', () => {
    const reference = drawSummary(normal, { requests: 40, tau: 0 })
    const base = reference.series.ttft?.values ?? []
    const values = base.map((ms) => ms * 1.05 * Math.exp(0.6 * normal()))
    const own = summaryOf({ values, classes: reference.series.ttft?.classes ?? [] })
    const metric = only(
      judge({
        candidate: own,
        limits: p50,
        paired: {
          candidate: own,
          reference,
          pairs: { ttft: values.map((ms, i) => [ms, base[i] ?? 0]) },
          differs: 0.033,
        },
      }),
    )
    expect(metric).toMatchObject({ verdict: 'inconclusive', evidence: 'reference' })
    const [settlement] = metric.settles
    if (settlement?.kind !== 'more-pairs') throw new Error('no pairs would settle it')
    expect(settlement.pairs).toBeGreaterThan(40)
  })
})

describe('failures of the candidate', () => {
  const p95 = [limitOf('ttft_p95', { mustDetect: 2 })]

  it('that alone reach the percentile fail it', () => {
    const candidate = drawSummary(normal, { ...calm, timeouts: 30 })
    expect(only(judge({ candidate, history, limits: p95 }))).toMatchObject({
      verdict: 'fail',
      reason: { kind: 'failures-beyond-quantile', failed: 30, of: 200 },
      candidate: Number.POSITIVE_INFINITY,
    })
  })

  it('that reach it by chance leave it open', () => {
    const candidate = drawSummary(normal, { ...calm, timeouts: 12 })
    expect(only(judge({ candidate, history, limits: p95 }))).toMatchObject({
      verdict: 'inconclusive',
      reason: { kind: 'failures-hide-quantile', failed: 12, of: 200 },
    })
  })

  it('that were refused at once prevent a pass of a tail they would reach', () => {
    const sound = only(judge({ candidate: same, history, limits: p95 }))
    const candidate = drawSummary(normal, { ...calm, failed: 12 })
    const metric = only(judge({ candidate, history, limits: p95 }))
    expect(sound.verdict).toBe('pass')
    expect(metric.verdict).toBe('inconclusive')
  })

  it('all of them are no pass, whatever is limited', () => {
    const candidate = summaryOf({ values: [], failed: 50 })
    const limits = [limitOf('ttft_p50'), limitOf('error_rate'), limitOf('cost_per_answer')]
    const decision = judge({ candidate, history, limits })
    expect(decision.verdict).toBe('failed')
    expect(decision.metrics.map(({ verdict }) => verdict)).toEqual([
      'inconclusive',
      'fail',
      'inconclusive',
    ])
    expect(judge({ candidate, history, limits: p50 }).verdict).toBe('inconclusive')
  })
})

describe('a ceiling', () => {
  it('needs no baseline', () => {
    const limits = [ceilingOf('ttft_p95', 10_000), ceilingOf('error_rate', 0.05)]
    const decision = judge({ candidate: same, limits })
    expect(decision.verdict).toBe('passed')
    expect(only(decision)).toMatchObject({
      verdict: 'pass',
      evidence: 'ceiling',
      reason: { kind: 'within-ceiling', over: 0, of: 200 },
    })
  })

  it('fails when too many requests lie beyond it', () => {
    const decision = judge({ candidate: same, limits: [ceilingOf('ttft_p50', 100)] })
    expect(only(decision)).toMatchObject({ verdict: 'fail', reason: { kind: 'above-ceiling' } })
  })

  it('stays open until enough requests show that it holds', () => {
    const candidate = drawSummary(normal, { requests: 30 })
    const metric = only(judge({ candidate, limits: [ceilingOf('ttft_p95', 10_000)] }))
    expect(metric).toMatchObject({ verdict: 'inconclusive', reason: { kind: 'ceiling-open' } })
    expect(metric.settles).toMatchObject([{ kind: 'more-requests' }])
  })

  it('and a relative limit must both hold; the worse of them speaks', () => {
    const both = (candidate: Summary, ceiling: number) =>
      only(judge({ candidate, history, limits: [limitOf('ttft_p50', { ceiling })] }))
    expect(both(same, 10_000).verdict).toBe('pass')
    expect(both(same, 100)).toMatchObject({ verdict: 'fail', evidence: 'ceiling' })
    expect(both(slower, 10_000)).toMatchObject({ verdict: 'fail', evidence: 'history' })
  })

  it('without a history fails where it is broken, and is no baseline elsewhere', () => {
    const limits = [limitOf('ttft_p50', { ceiling: 10_000 })]
    expect(judge({ candidate: same, limits }).verdict).toBe('no-baseline')
    const low = [limitOf('ttft_p50', { ceiling: 100 })]
    expect(judge({ candidate: same, limits: low }).verdict).toBe('failed')
  })

  it('is said to hold, or not, where the limit on change is still open', () => {
    const holds = (ceiling: number) =>
      only(judge({ candidate: same, limits: [limitOf('ttft_p50', { ceiling })] })).ceilingHolds
    expect([holds(10_000), holds(100)]).toEqual([true, false])
    expect(only(judge({ candidate: same, limits: p50 })).ceilingHolds).toBeUndefined()
  })

  it('of which there is no sample is not met', () => {
    const candidate = summaryOf({ values: [], failed: 30 })
    const metric = only(judge({ candidate, limits: [ceilingOf('ttft_p95', 1000)] }))
    expect(metric).toMatchObject({ verdict: 'inconclusive', reason: { kind: 'no-samples' } })
  })
})

describe('a gate', () => {
  const unpriced: Summary = { ...same, cost: { known: false, reason: 'no-prices' } }

  it('is not left open by a price of $0: it cannot change', () => {
    const limits = [limitOf('ttft_p50'), limitOf('cost_per_answer')]
    const free = (run: Summary): Summary =>
      run.cost.known
        ? { ...run, cost: { ...run.cost, perRequestUsd: run.cost.perRequestUsd.map(() => 0) } }
        : run
    const decision = judge({ candidate: free(same), history: history.map(free), limits })
    expect(decision.verdict).toBe('passed')
    const cost = decision.metrics.find(({ id }) => id === 'cost_per_answer')
    expect(cost).toMatchObject({ verdict: 'not-gated', reason: { kind: 'free' }, candidate: 0 })
  })

  it('without any history has no baseline, and every metric says so', () => {
    const decision = judge({ candidate: same, limits: p50 })
    expect(decision.verdict).toBe('no-baseline')
    expect(only(decision)).toMatchObject({
      verdict: 'inconclusive',
      reason: { kind: 'no-history' },
      settles: [{ kind: 'more-history', runs: 8 }, { kind: 'reference-arm' }],
    })
  })

  it('with a history it cannot use has no baseline either', () => {
    const foreign = history.map((run) => ({ ...run, loadShapeHash: 'other' }))
    const decision = judge({ candidate: same, history: foreign, limits: p50 })
    expect(decision.verdict).not.toBe('passed')
    expect(only(decision).reason.kind).toBe('history-unusable')
  })

  it('of which nothing could be judged is inconclusive', () => {
    const limits = [limitOf('cost_per_answer')]
    const decision = judge({ candidate: unpriced, history, limits })
    expect(decision.verdict).toBe('inconclusive')
    expect(only(decision)).toMatchObject({ verdict: 'not-gated', reason: { kind: 'no-prices' } })
    expect(judge({ candidate: same, history }).verdict).toBe('inconclusive')
  })

  it('is not held up by a cost that nobody can know', () => {
    const limits = [...p50, limitOf('cost_per_answer')]
    expect(judge({ candidate: unpriced, history, limits }).verdict).toBe('passed')
  })

  it('shows metrics without a limit with their change and judges them not', () => {
    const shown = ['ttft_p95']
    const decision = judge({ candidate: slower, history, limits: [], shown })
    expect(only(decision)).toMatchObject({ verdict: 'not-gated', reason: { kind: 'no-limit' } })
    expect(only(decision).interval?.[0]).toBeGreaterThan(0)
    expect(only(decision).detectable?.at80).toBeGreaterThan(0)
  })
})

describe('drift', () => {
  const drawn = normals(55)
  const steady = { requests: 300, tau: 0.01 }
  const anchor = drawHistory(drawn, 6, steady)
  const later = Array.from({ length: 9 }, (_, i) =>
    drawSummary(drawn, { ...steady, factor: 1.05 ** (i + 1) }, `later-${i}`),
  )
  const candidate = drawSummary(drawn, { ...steady, factor: 1.05 ** 9 }, 'new')
  const warn = (change: Partial<Limit>) =>
    judge({ candidate, history: later, anchor, limits: [limitOf('ttft_p50', change)] })

  it('warns when small steps add up to more than twice the limit', () => {
    const metric = only(warn({ worsening: 0.15, mustDetect: 0.5 }))
    expect(metric.verdict).toBe('pass')
    expect(metric.drift).toMatchObject({ since: '2026-01-01T00:00:00Z', runs: 6 })
    expect(metric.drift?.total).toBeGreaterThan(0.3)
  })

  it('fails where the limit says how much is too much', () => {
    const decision = warn({ worsening: 0.15, mustDetect: 0.5, drift: 0.3 })
    expect(decision.verdict).toBe('failed')
    expect(only(decision)).toMatchObject({ verdict: 'fail', reason: { kind: 'drifted' } })
  })

  it('is silent while the sum is small', () => {
    const calmLater = drawHistory(drawn, 4, steady).map((run) => ({
      ...run,
      runId: `${run.runId}b`,
    }))
    const metric = only(
      judge({ candidate: calmLater[0] ?? candidate, history: calmLater, anchor, limits: p50 }),
    )
    expect(metric.drift).toBeUndefined()
  })
})

describe('an accept label', () => {
  it('turns fails into passes that say so, and nothing else', () => {
    const limits = [...p50, limitOf('ttft_p95', { mustDetect: 2 })]
    const failed = judge({ candidate: slower, history, limits })
    const accepted = acceptRegression(failed, { label: 'accept-it', by: 'ada' })
    expect(accepted.verdict).toBe('passed')
    expect(accepted.metrics[0]).toMatchObject({
      verdict: 'pass',
      reason: { kind: 'worse-than-limit' },
      accepted: { label: 'accept-it', by: 'ada' },
    })
  })

  it('leaves open metrics open, and other verdicts alone', () => {
    const limits = [...p50, limitOf('ttft_p99')]
    const candidate = drawSummary(normal, { ...calm, requests: 150, factor: 1.6 })
    const failed = judge({ candidate, history, limits })
    const accepted = acceptRegression(failed, { label: 'accept-it' })
    expect(accepted.verdict).toBe('inconclusive')
    expect(accepted.metrics[0]?.accepted).toEqual({ label: 'accept-it' })
    const passed = judge({ candidate: same, history, limits: p50 })
    expect(acceptRegression(passed, { label: 'accept-it' })).toBe(passed)
  })
})

describe('the odds of a gate of five limits', () => {
  const limits = ['ttft_p50', 'ttft_p95', 'ttft_p99', 'error_rate', 'cost_per_answer'].map((id) =>
    limitOf(id),
  )

  it('keep false fails of an unchanged endpoint few, with unequal runs', () => {
    const drawn = normals(77)
    let failed = 0
    const repeats = 250
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const runs = [150, 60, 80, 100, 60, 120, 80].map((requests, i) =>
        drawSummary(drawn, { requests, tau: 0.08 }, `run-${i}`),
      )
      const [candidate, ...earlier] = runs
      if (candidate === undefined) continue
      if (judge({ candidate, history: earlier, limits }).verdict === 'failed') failed += 1
    }
    expect(failed / repeats).toBeLessThan(0.06)
  })

  it('let no endpoint that became half as slow again pass', () => {
    const drawn = normals(78)
    const verdicts = Array.from({ length: 100 }, () => {
      const earlier = drawHistory(drawn, 8, { requests: 100, tau: 0.05 })
      const candidate = drawSummary(drawn, { requests: 150, tau: 0.05, factor: 1.5 })
      return judge({ candidate, history: earlier, limits: p50 }).verdict
    })
    expect(verdicts.filter((verdict) => verdict === 'passed').length).toBe(0)
    expect(verdicts.filter((verdict) => verdict === 'failed').length).toBeGreaterThan(90)
  })
})
