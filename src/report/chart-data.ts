// The distribution, the trend and the course of a run, ready to draw and bounded in size, so that a
// report never touches samples.

import type { ChartData, LimitMark, Timeline } from '../model/chart-data.ts'
import { MEDIAN, parseMetricId } from '../model/metric.ts'
import type { Run } from '../model/run.ts'
import type { Series, Summary } from '../model/summary.ts'
import type { MetricJudgement } from '../model/verdict.ts'
import { type WaitFamily, waitFamilyOf, waitMs, waitSeries } from '../model/wait.ts'
import { percentileOf } from '../stats/quantile-statistic.ts'

const PROBABILITIES = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const
const MOST_RUNS = 20
const MOST_POINTS = 1000

/**
 * Undefined when the candidate has nothing to draw. The baseline's quantiles are geometric means of
 * its runs' (empty without a history), the trend ends with the candidate, and the time line of a run
 * too long to draw keeps the slowest and the middle request of every stretch.
 */
export function chartData(input: {
  readonly run: Run
  readonly candidate: Summary
  /** Oldest first. */
  readonly history: readonly Summary[]
  /** What was judged: its limits on what is drawn are drawn too. */
  readonly metrics: readonly MetricJudgement[]
}): ChartData | undefined {
  const family = waitFamilyOf(input.candidate)
  const own = input.candidate.series[family]
  if (own === undefined) return undefined
  const base = input.history.flatMap((run) => waitSeries(run) ?? [])
  return {
    family,
    quantiles: {
      probabilities: PROBABILITIES,
      baseline: base.length === 0 ? [] : PROBABILITIES.map((q) => geometricMean(base, q)),
      candidate: PROBABILITIES.map((q) => percentileOf(own, q)),
      band: bandOf(base),
      limits: input.metrics.flatMap((metric) => limitMarks(metric, family)),
    },
    trend: trendOf([...input.history, input.candidate]),
    timeline: timelineOf(input.run),
  }
}

function geometricMean(runs: readonly Series[], q: number): number {
  const logs = runs.map((run) => Math.log(percentileOf(run, q)))
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length)
}

function bandOf(runs: readonly Series[]): ChartData['quantiles']['band'] {
  if (runs.length < 2) return undefined
  const at = (q: number) => runs.map((run) => percentileOf(run, q))
  return {
    low: PROBABILITIES.map((q) => Math.min(...at(q))),
    high: PROBABILITIES.map((q) => Math.max(...at(q))),
  }
}

/** A worsening has to exceed the share and the floor, so the larger of the two is the limit. */
function limitMarks(
  { id, limit, baseline }: MetricJudgement,
  family: WaitFamily,
): readonly LimitMark[] {
  const parsed = parseMetricId(id)
  const probability = parsed?.quantile
  if (limit === undefined || parsed?.family !== family || probability === undefined) return []
  const { worsening, floor, ceiling } = limit
  const marks: LimitMark[] = []
  if (worsening !== undefined && baseline !== undefined && Number.isFinite(baseline)) {
    const ms = Math.max(baseline * (1 + worsening), baseline + floor)
    marks.push({ probability, ms, kind: 'worsening' })
  }
  if (ceiling !== undefined) marks.push({ probability, ms: ceiling, kind: 'ceiling' })
  return marks
}

function trendOf(runs: readonly Summary[]): ChartData['trend'] {
  const points = runs.flatMap((run) => {
    const { runId, startedAt } = run
    const series = waitSeries(run)
    if (series === undefined) return []
    return [
      { runId, startedAt, p50Ms: percentileOf(series, MEDIAN), p95Ms: percentileOf(series, 0.95) },
    ]
  })
  return points.slice(-MOST_RUNS)
}

type Point = Timeline['points'][number]

function timelineOf(run: Run): Timeline | undefined {
  const records = run.records.filter((record) => record.outcome !== 'aborted')
  const classes = [...new Set(records.map(({ promptClass }) => promptClass))]
  const points = records.map((record) => pointOf(record, classes)).sort((a, b) => a.atMs - b.atMs)
  if (!saysWhen(points)) return undefined
  const answered = points.filter(({ waitMs }) => Number.isFinite(waitMs))
  return {
    requests: points.length,
    failed: points.length - answered.length,
    overMs: points.at(-1)?.atMs ?? 0,
    slowestMs:
      answered.length === 0
        ? undefined
        : answered.reduce((most, { waitMs }) => Math.max(most, waitMs), 0),
    classes,
    points: drawable(points),
  }
}

function drawable(points: readonly Point[]): readonly Point[] {
  if (points.length <= MOST_POINTS) return points
  const stretches = MOST_POINTS / 2
  return Array.from({ length: stretches }, (_, index) => {
    const from = Math.floor((index * points.length) / stretches)
    const to = Math.floor(((index + 1) * points.length) / stretches)
    return representatives(points.slice(from, to))
  }).flat()
}

/** Some imported files keep no times: all their requests would stand at zero. */
function saysWhen(points: readonly Point[]): boolean {
  return points.some(({ atMs }) => atMs !== points[0]?.atMs)
}

function pointOf(record: Run['records'][number], classes: readonly string[]): Point {
  const { sentMs, startedMs, promptClass } = record
  return {
    atMs: sentMs ?? startedMs,
    waitMs: waitMs(record) ?? Number.POSITIVE_INFINITY,
    classIndex: classes.indexOf(promptClass),
  }
}

/** The worst of a stretch and its middle one, in order of time. */
function representatives(stretch: readonly Point[]): readonly Point[] {
  const bySpeed = [...stretch].sort((a, b) => a.waitMs - b.waitMs)
  const worst = bySpeed.at(-1)
  const middle = bySpeed[(bySpeed.length - 1) >> 1]
  const chosen = new Set([middle, worst])
  return stretch.filter((point) => chosen.has(point))
}
