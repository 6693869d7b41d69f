// Runs of other engines in the stages that every run goes through: what their files cannot say is in
// no number, whoever asks for it.

import { describe, expect, it } from '@jest/globals'
import { compare } from '../../src/judge/compare/compare.ts'
import { decide } from '../../src/judge/decide/decide.ts'
import { summarize } from '../../src/judge/summarize.ts'
import { mergeRuns } from '../../src/measure/merge-runs.ts'
import type { Limit } from '../../src/model/config.ts'
import type { MetricFamily } from '../../src/model/metric.ts'
import type { Run, Unknown } from '../../src/model/run.ts'
import { chartData } from '../../src/report/chart-data.ts'
import { sampleRun } from '../baseline-samples.ts'

function limitOn(metric: string, family: MetricFamily, more: Partial<Limit> = {}): Limit {
  return { metric, family, floor: 0, mustDetect: 0.5, stated: true, ...more }
}

const LIMITS: readonly Limit[] = [
  limitOn('ttft_p50', 'ttft', { quantile: 0.5, worsening: 0.2 }),
  limitOn('latency_p50', 'latency', { quantile: 0.5, ceiling: 60_000 }),
  limitOn('error_rate', 'error_rate', { worsening: 0.05, ceiling: 0.2 }),
  limitOn('goodput', 'goodput', { ceiling: 0.5 }),
]

const about = (family: MetricFamily): Unknown => ({ family, what: `the ${family}` })

function imported(seed: number, ...unknowns: readonly Unknown[]): Run {
  return { ...sampleRun({ seed, requests: 80, startedMs: seed * 3_600_000 }), unknowns }
}

function judged(candidate: Run, history: readonly Run[]) {
  const comparison = compare({
    candidate: summarize(candidate, LIMITS),
    history: history.map((run) => summarize(run, LIMITS)),
    anchor: [],
    limits: LIMITS,
  })
  return new Map(decide(comparison).metrics.map((metric) => [metric.id, metric]))
}

describe('a candidate whose file does not say a metric', () => {
  it('is not gated by it, history and ceiling or not', () => {
    const history = [1, 2, 3].map((seed) => imported(seed))
    const metrics = judged(imported(9, about('error_rate'), about('ttft')), history)
    for (const id of ['error_rate', 'ttft_p50']) {
      expect(metrics.get(id)).toMatchObject({
        verdict: 'not-gated',
        reason: { kind: 'unknown-in-import' },
        requests: 0,
      })
      expect(metrics.get(id)?.candidate).toBeUndefined()
    }
    expect(metrics.get('latency_p50')?.verdict).toBe('pass')
  })

  it('has no series of it, and no goodput that would need it', () => {
    const summary = summarize(imported(1, about('latency')), LIMITS)
    expect(summary.series.latency).toBeUndefined()
    expect(summary.series.ttft?.values).toHaveLength(80)
    expect(summary.unknowns).toEqual([about('latency'), { family: 'goodput', what: 'the latency' }])
    expect(judged(imported(1, about('latency')), []).get('goodput')?.reason).toEqual({
      kind: 'unknown-in-import',
      what: 'the latency',
    })
    const elsewhere = summarize(imported(1, about('itl')), LIMITS)
    expect(elsewhere.unknowns).toEqual([about('itl')])
    expect(elsewhere.goodput).toMatchObject({ of: 80 })
  })
})

describe('a history of which some files do not say a metric', () => {
  it('counts only the runs that do', () => {
    const history = [imported(1), imported(2, about('error_rate')), imported(3)]
    const metrics = judged(imported(9), history)
    expect(metrics.get('error_rate')?.history).toBe(2)
    expect(metrics.get('ttft_p50')?.history).toBe(3)
  })

  it('is of no use when none does', () => {
    const history = [1, 2].map((seed) => imported(seed, about('ttft')))
    expect(judged(imported(9), history).get('ttft_p50')).toMatchObject({
      verdict: 'inconclusive',
      reason: { kind: 'history-unusable' },
    })
  })
})

describe('shards of an imported run', () => {
  it('do not know together what one of them does not know', () => {
    const merged = mergeRuns([imported(1, about('itl')), imported(2, about('itl'), about('ttft'))])
    expect(merged.unknowns).toEqual([about('itl'), about('ttft')])
    expect(mergeRuns([sampleRun({ seed: 1 }), sampleRun({ seed: 2 })])).not.toHaveProperty(
      'unknowns',
    )
  })
})

describe('the course of a run', () => {
  it('is not drawn where the file has no times', () => {
    const run = imported(1)
    const timeless = {
      ...run,
      records: run.records.map((record) => ({ ...record, startedMs: 0, sentMs: 0 })),
    }
    const drawn = (of: Run) =>
      chartData({ run: of, candidate: summarize(of, LIMITS), history: [], metrics: [] })?.timeline
    expect(drawn(run)?.points.length).toBeGreaterThan(10)
    expect(drawn(timeless)).toBeUndefined()
  })
})
