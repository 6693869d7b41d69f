// Charts of a gate as data: the distribution, base against candidate, the trend over the history,
// and the run's own course. Each line chart brings the same numbers as a table.

import type { Chart, ChartSeries, Sentence, Table } from '../../model/report-document.ts'
import type { ChartData, GateResult, Timeline } from '../../model/verdict.ts'
import * as format from '../format.ts'
import { say } from '../phrase.ts'

export function charts(result: GateResult): readonly Chart[] {
  const { chartData } = result
  if (chartData === undefined) return []
  return [...quantiles(chartData), ...trend(chartData), ...timeline(chartData)]
}

function quantiles({ quantiles }: ChartData): readonly Chart[] {
  const { probabilities, baseline, candidate } = quantiles
  if (probabilities.length < 2) return []
  const labels = probabilities.map((p) => `p${Number((100 * p).toPrecision(5))}`)
  const series: readonly ChartSeries[] = [
    ...(baseline.length === 0
      ? []
      : [{ name: 'baseline', role: 'baseline' as const, values: baseline }]),
    { name: 'this run', role: 'candidate', values: candidate },
  ]
  return [
    {
      kind: 'lines',
      title: 'TTFT by percentile',
      description: `Time to first token at each percentile, ${series.map(ends(labels)).join('; ')}.`,
      xTitle: 'percentile',
      yTitle: 'ms',
      labels,
      series,
      twin: twin({ caption: 'TTFT by percentile', first: 'Percentile', labels, series }),
    },
  ]
}

function trend({ trend }: ChartData): readonly Chart[] {
  if (trend.length < 2) return []
  const labels = [...momentsOf(trend.slice(0, -1).map((run) => run.startedAt)), 'this run']
  const series: readonly ChartSeries[] = [
    { name: 'TTFT p50', role: 'baseline', values: trend.map((run) => run.p50Ms) },
    { name: 'TTFT p95', role: 'candidate', values: trend.map((run) => run.p95Ms) },
  ]
  return [
    {
      kind: 'lines',
      title: 'TTFT over the stored runs',
      description: `Oldest run first, this run last: ${series.map(ends(labels)).join('; ')}.`,
      xTitle: 'run',
      yTitle: 'ms',
      labels,
      series,
      twin: twin({ caption: 'TTFT over the stored runs', first: 'Run', labels, series }),
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

function timeline({ timeline }: ChartData): readonly Chart[] {
  if (timeline === undefined || timeline.points.length < 2) return []
  const { points } = timeline
  return [
    {
      kind: 'dots',
      title: 'TTFT during the run',
      description: courseInWords(timeline),
      xTitle: 'seconds since the start',
      yTitle: 'ms',
      dots: points
        .filter(({ ttftMs }) => Number.isFinite(ttftMs))
        .map(({ atMs, ttftMs }) => ({ x: atMs / 1000, y: ttftMs })),
      failures: points
        .filter(({ ttftMs }) => !Number.isFinite(ttftMs))
        .map(({ atMs }) => atMs / 1000),
    },
  ]
}

function courseInWords({ requests, failed, overMs, slowestMs, points }: Timeline): string {
  const sent = `${format.count(requests, 'request')} started over ${format.span(overMs)}`
  const drawn =
    points.length < requests
      ? ` ${points.length} of them are drawn: the slowest and the middle one of each stretch.`
      : ''
  if (slowestMs === undefined) return `${sent}, none with a first token.${drawn}`
  const without = failed === 0 ? 'all with a first token' : `${failed} without a first token`
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
}): Table {
  const { caption, first, labels, series } = input
  return {
    caption,
    columns: [
      { title: say`${first}`, align: 'left' },
      ...series.map(({ name }) => ({ title: say`${name}`, align: 'right' as const })),
    ],
    rows: labels.map((label, index) => ({
      keep: false,
      cells: [
        say`${label}`,
        ...series.map(({ values }): Sentence => say`${format.value(values[index], 'ms')}`),
      ],
    })),
  }
}
