// Charts of a gate as data: the distribution, base against candidate, the trend over the history,
// and the run's own course. Each line chart brings the same numbers as a table.

import type { ChartData, LimitMark, Timeline } from '../../model/chart-data.ts'
import { metricRow } from '../../model/metric.ts'
import type {
  Chart,
  ChartScale,
  ChartSeries,
  Sentence,
  Table,
} from '../../model/report-document.ts'
import type { GateResult } from '../../model/verdict.ts'
import type { WaitFamily } from '../../model/wait.ts'
import * as format from '../format.ts'
import { say } from '../phrase.ts'

export function charts(result: GateResult): readonly Chart[] {
  const { chartData } = result
  if (chartData === undefined) return []
  return [...quantiles(chartData), ...trend(chartData), ...timeline(chartData)]
}

function quantiles({ family, quantiles }: ChartData): readonly Chart[] {
  const { probabilities, baseline, candidate, band, limits } = quantiles
  if (probabilities.length < 2) return []
  const labels = probabilities.map(percentile)
  const series: readonly ChartSeries[] = [
    ...(baseline.length === 0
      ? []
      : [{ name: 'baseline', role: 'baseline' as const, values: baseline }]),
    { name: 'this run', role: 'candidate', values: candidate },
  ]
  const drawnLimits = limits.flatMap(({ probability, ms }) => {
    const at = probabilities.indexOf(probability)
    return at === -1 ? [] : [{ at, value: ms }]
  })
  return [
    {
      kind: 'lines',
      title: `${labelOf(family)} by percentile`,
      description: `${IN_WORDS[family]} at each percentile, ${series.map(ends(labels)).join('; ')}.${limitsInWords(limits)}`,
      xTitle: 'percentile',
      yTitle: 'ms',
      labels,
      series,
      scale: scaleOf([...series.flatMap(({ values }) => values), ...limits.map(({ ms }) => ms)]),
      band: band && { name: "the baseline's runs", ...band },
      limits: drawnLimits,
      twin: twin({
        caption: `${labelOf(family)} by percentile`,
        first: 'Percentile',
        labels,
        series,
        more: [...bandColumn(band), ...limitColumn(drawnLimits)],
      }),
    },
  ]
}

const IN_WORDS: Readonly<Record<WaitFamily, string>> = {
  ttft: 'Time to first token',
  latency: 'Latency of a whole answer',
}

function labelOf(family: WaitFamily): string {
  return metricRow(family).label
}

function percentile(probability: number): string {
  return `p${Number((100 * probability).toPrecision(5))}`
}

function limitsInWords(limits: readonly LimitMark[]): string {
  if (limits.length === 0) return ''
  const each = limits.map(
    ({ probability, ms }) => `${format.milliseconds(ms)} at ${percentile(probability)}`,
  )
  return ` Limits: ${each.join(', ')}.`
}

type TwinColumn = { readonly title: string; readonly cell: (index: number) => string }

function bandColumn(band: ChartData['quantiles']['band']): readonly TwinColumn[] {
  if (band === undefined) return []
  const end = (value: number | undefined) => format.value(value, 'ms')
  return [
    {
      title: "the baseline's runs",
      cell: (index) => `${end(band.low[index])} to ${end(band.high[index])}`,
    },
  ]
}

function limitColumn(limits: Extract<Chart, { kind: 'lines' }>['limits']): readonly TwinColumn[] {
  if (limits.length === 0) return []
  const cell = (index: number) =>
    limits
      .filter(({ at }) => at === index)
      .map(({ value }) => format.value(value, 'ms'))
      .join(', ')
  return [{ title: 'limit', cell }]
}

/** Past this ratio of the largest to the smallest a linear axis shows little but the largest. */
const LOG_FROM = 20

function scaleOf(values: readonly number[]): ChartScale {
  const drawn = values.filter((value) => Number.isFinite(value) && value > 0)
  const most = drawn.reduce((a, b) => Math.max(a, b), 0)
  const least = drawn.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  return most > LOG_FROM * least ? 'log' : 'linear'
}

function trend({ family, trend }: ChartData): readonly Chart[] {
  if (trend.length < 2) return []
  const label = labelOf(family)
  const labels = [...momentsOf(trend.slice(0, -1).map((run) => run.startedAt)), 'this run']
  const series: readonly ChartSeries[] = [
    { name: `${label} p50`, role: 'baseline', values: trend.map((run) => run.p50Ms) },
    { name: `${label} p95`, role: 'candidate', values: trend.map((run) => run.p95Ms) },
  ]
  return [
    {
      kind: 'lines',
      title: `${label} over the stored runs`,
      description: `Oldest run first, this run last: ${series.map(ends(labels)).join('; ')}.`,
      xTitle: 'run',
      yTitle: 'ms',
      labels,
      series,
      scale: scaleOf(series.flatMap(({ values }) => values)),
      limits: [],
      twin: twin({
        caption: `${label} over the stored runs`,
        first: 'Run',
        labels,
        series,
        more: [],
      }),
    },
  ]
}

/** Days where they are enough, else minutes; a chart draws equal labels on top of each other. */
function momentsOf(times: readonly string[]): readonly string[] {
  const days = times.map((time) => format.day(time).slice(5))
  if (new Set(days).size === days.length) return days
  const minutes = times.map((time) => time.slice(5, 16).replace('T', ' '))
  return minutes.map((label, index) => {
    const earlier = minutes.slice(0, index).filter((other) => other === label).length
    return earlier === 0 ? label : `${label} (${earlier + 1})`
  })
}

function timeline({ family, timeline }: ChartData): readonly Chart[] {
  if (timeline === undefined || timeline.points.length < 2) return []
  const { points } = timeline
  const answered = points.filter(({ waitMs }) => Number.isFinite(waitMs))
  return [
    {
      kind: 'dots',
      title: `${labelOf(family)} during the run`,
      description: courseInWords(timeline, family),
      xTitle: 'seconds since the start',
      yTitle: 'ms',
      scale: scaleOf(answered.map(({ waitMs }) => waitMs)),
      groups: groupsOf({ ...timeline, points: answered }),
      failures: points
        .filter(({ waitMs }) => !Number.isFinite(waitMs))
        .map(({ atMs }) => atMs / 1000),
    },
  ]
}

/** As many shapes as can be told apart; further classes share the last. */
const MOST_GROUPS = 4

function groupsOf({ classes, points }: Timeline): Extract<Chart, { kind: 'dots' }>['groups'] {
  const named = classes.length > MOST_GROUPS ? classes.slice(0, MOST_GROUPS - 1) : classes
  const names = classes.length > named.length ? [...named, 'other classes'] : named
  return names.map((name, group) => ({
    name,
    dots: points
      .filter(({ classIndex }) => Math.min(classIndex, names.length - 1) === group)
      .map(({ atMs, waitMs }) => ({ x: atMs / 1000, y: waitMs })),
  }))
}

function courseInWords(
  { requests, failed, overMs, slowestMs, points }: Timeline,
  family: WaitFamily,
): string {
  const reached = family === 'ttft' ? 'a first token' : 'an answer'
  const sent = `${format.count(requests, 'request')} started over ${format.span(overMs)}`
  const drawn =
    points.length < requests
      ? ` ${points.length} of them are drawn: the slowest and the middle one of each stretch.`
      : ''
  if (slowestMs === undefined) return `${sent}, none with ${reached}.${drawn}`
  const without = failed === 0 ? `all with ${reached}` : `${failed} without ${reached}`
  return `${sent}, ${without}; the slowest took ${format.milliseconds(slowestMs)}.${drawn}`
}

/** `baseline from 180 ms at p5 to 690 ms at p99`. */
function ends(labels: readonly string[]): (series: ChartSeries) => string {
  return ({ name, values }) => {
    const last = Math.min(values.length, labels.length) - 1
    return `${name} from ${format.value(values[0], 'ms')} at ${labels[0]} to ${format.value(values[last], 'ms')} at ${labels[last]}`
  }
}

function twin(input: {
  readonly caption: string
  readonly first: string
  readonly labels: readonly string[]
  readonly series: readonly ChartSeries[]
  readonly more: readonly TwinColumn[]
}): Table {
  const { caption, first, labels, series, more } = input
  return {
    caption,
    columns: [
      { title: say`${first}`, align: 'left' },
      ...[...series.map(({ name }) => name), ...more.map(({ title }) => title)].map((title) => ({
        title: say`${title}`,
        align: 'right' as const,
      })),
    ],
    rows: labels.map((label, index) => ({
      keep: false,
      cells: [
        say`${label}`,
        ...series.map(({ values }): Sentence => say`${format.value(values[index], 'ms')}`),
        ...more.map(({ cell }): Sentence => say`${cell(index)}`),
      ],
    })),
  }
}
