import { describe, expect, it } from '@jest/globals'
import { pairValues } from '../../src/judge/pair-values.ts'
import type { Limit } from '../../src/model/config.ts'
import type { MetricId } from '../../src/model/metric.ts'
import type { RequestRecord } from '../../src/model/request-record.ts'
import type { MetricJudgement } from '../../src/model/verdict.ts'
import { chartData } from '../../src/report/chart-data.ts'
import { answer, failure, runOf } from '../judge/measured.ts'
import { drawHistory, drawSummary, normals, summaryOf } from '../synthetic-summaries.ts'

const INFINITY = Number.POSITIVE_INFINITY

const normal = normals(3)
const candidate = drawSummary(normal, { requests: 80 }, 'candidate')
const history = drawHistory(normal, 30, { requests: 80 })
const records = Array.from({ length: 500 }, (_, index) =>
  answer(index, {
    startedMs: index * 10,
    sentMs: index * 10,
    firstTokenMs: index * 10 + (index === 250 ? 5000 : 100 + (index % 7)),
  }),
)

describe('the chartData of a run', () => {
  it('is bounded, whatever was measured', () => {
    const drawn = chartData({ run: runOf(records), candidate, history, metrics: [] })
    const long = Array.from({ length: 3000 }, (_, index) => answer(index, { sentMs: index }))
    const timeline = chartData({ run: runOf(long), candidate, history, metrics: [] })?.timeline
    expect(timeline?.requests).toBe(3000)
    expect(timeline?.points.length).toBeLessThanOrEqual(1000)
    expect(drawn?.trend).toHaveLength(20)
    expect(drawn?.quantiles.candidate).toHaveLength(drawn?.quantiles.probabilities.length ?? 0)
  })

  it('keeps the slowest request of its course and the order of time', () => {
    const timeline = chartData({ run: runOf(records), candidate, history, metrics: [] })?.timeline
    expect(timeline).toMatchObject({ requests: 500, failed: 0, overMs: 4990, slowestMs: 5000 })
    expect(Math.max(...(timeline?.points ?? []).map(({ waitMs }) => waitMs))).toBe(5000)
    const times = (timeline?.points ?? []).map(({ atMs }) => atMs)
    expect([...times].sort((a, b) => a - b)).toEqual(times)
  })

  it('shows requests without a first token as endless', () => {
    const failing = [answer(0), failure(1, { outcome: 'http-5xx', endMs: 5 })]
    const timeline = chartData({ run: runOf(failing), candidate, history, metrics: [] })?.timeline
    expect(timeline?.points.map(({ waitMs }) => waitMs)).toContain(INFINITY)
    expect(timeline).toMatchObject({ requests: 2, failed: 1, slowestMs: 100 })
  })

  it('names no slowest request where none was answered', () => {
    const hung = [0, 1, 2].map((index) =>
      failure(index, { outcome: 'timeout-first-token', startedMs: 60_000 * index }),
    )
    const timeline = chartData({ run: runOf(hung), candidate, history, metrics: [] })?.timeline
    expect(timeline).toMatchObject({ requests: 3, failed: 3, overMs: 120_000 })
    expect(timeline?.slowestMs).toBeUndefined()
  })

  it('ends the trend with the candidate', () => {
    const trend = chartData({ run: runOf(records), candidate, history, metrics: [] })?.trend ?? []
    expect(trend.at(-1)?.runId).toBe('candidate')
    expect(trend.at(-1)?.p95Ms).toBeGreaterThan(trend.at(-1)?.p50Ms ?? INFINITY)
  })

  it('has no baseline without a history, and is not drawn without any first token', () => {
    expect(
      chartData({ run: runOf(records), candidate, history: [], metrics: [] })?.quantiles.baseline,
    ).toEqual([])
    const dead = summaryOf({ values: [], failed: 3 })
    expect(chartData({ run: runOf([]), candidate: dead, history, metrics: [] })).toBeUndefined()
  })
})

describe('pairs of both arms', () => {
  const half = (pair: number, change: Partial<RequestRecord> = {}) =>
    answer(pair, { pair, ...change })

  it('match by pair and keep the arms apart', () => {
    const own = runOf([half(0, { firstTokenMs: 121 }), half(1, { firstTokenMs: 131 })])
    const other = runOf([half(1, { firstTokenMs: 51 }), half(0, { firstTokenMs: 41 })])
    expect(pairValues(own, other).ttft).toEqual([
      [120, 40],
      [130, 50],
    ])
  })

  it('count a failed half against its arm', () => {
    const lost = failure(0, { outcome: 'http-5xx', pair: 0 })
    const pairs = pairValues(runOf([lost]), runOf([half(0)]))
    expect(pairs.ttft).toEqual([[INFINITY, 100]])
    expect(pairs.output_tokens_per_second?.[0]?.[0]).toBe(0)
  })

  it('leave out halves without the other, and what was aborted', () => {
    const aborted = half(2, { outcome: 'aborted' })
    expect(pairValues(runOf([half(0), aborted]), runOf([half(1), half(2)])).ttft).toBeUndefined()
  })

  it('of probes say nothing of what follows the first token', () => {
    const probe = half(0, { kind: 'probe' })
    const pairs = pairValues(runOf([probe]), runOf([probe]))
    expect(pairs.ttft).toEqual([[100, 100]])
    expect(pairs.latency).toBeUndefined()
  })

  it('shows how far the baseline runs lie apart, where there are several', () => {
    const drawn = chartData({ run: runOf(records), candidate, history, metrics: [] })
    const { baseline = [], band } = drawn?.quantiles ?? {}
    expect(baseline).not.toEqual([])
    baseline.forEach((ms, index) => {
      expect(band?.low[index]).toBeLessThan(ms)
      expect(band?.high[index]).toBeGreaterThan(ms)
    })
    const one = chartData({
      run: runOf(records),
      candidate,
      history: history.slice(0, 1),
      metrics: [],
    })
    expect(one?.quantiles.band).toBeUndefined()
  })

  it('shows what the limits on TTFT allow: the share or the floor, whichever is more', () => {
    const judged = (id: MetricId, limit: Partial<Limit>, baseline?: number) =>
      ({ id, baseline, limit: { floor: 0, ...limit } }) as MetricJudgement
    const metrics = [
      judged('ttft_p50', { worsening: 0.1, floor: 5 }, 200),
      judged('ttft_p95', { worsening: 0.1, floor: 50, ceiling: 900 }, 300),
      judged('ttft_p99', { worsening: 0.1 }),
      judged('error_rate', { worsening: 0.01 }, 0.1),
      judged('latency_p50', { worsening: 0.1 }, 100),
    ]
    expect(
      chartData({ run: runOf(records), candidate, history, metrics })?.quantiles.limits,
    ).toEqual([
      { probability: 0.5, ms: expect.closeTo(220, 9), kind: 'worsening' },
      { probability: 0.95, ms: 350, kind: 'worsening' },
      { probability: 0.95, ms: 900, kind: 'ceiling' },
    ])
  })

  it('keeps the prompt class of every request', () => {
    const mixed = records.map((record, index) => ({
      ...record,
      promptClass: index % 3 === 0 ? 'long' : 'short',
    }))
    const timeline = chartData({ run: runOf(mixed), candidate, history, metrics: [] })?.timeline
    expect(timeline?.classes).toEqual(['long', 'short'])
    expect(timeline?.points.slice(0, 4).map(({ classIndex }) => classIndex)).toEqual([0, 1, 1, 0])
  })
})
