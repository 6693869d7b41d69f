// Charts of a gate as data: the distribution, base against candidate, the trend over the history,
// and the run's own course. Each line chart brings the same numbers as a table.

import type { Chart, ChartSeries, Sentence, Table } from '../../model/report-document.ts'
import type { ChartData, GateResult } from '../../model/verdict.ts'
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

/** More dots than this only make a page heavy: every so many are drawn, and it says so. */
const MAX_DOTS = 2000

function timeline({ timeline }: ChartData): readonly Chart[] {
  if (timeline.length < 2) return []
  const answered = timeline.filter((point) => Number.isFinite(point.ttftMs))
  const failed = timeline.filter((point) => !Number.isFinite(point.ttftMs))
  const slowest = answered.reduce((most, point) => Math.max(most, point.ttftMs), 0)
  const lastMs = timeline.reduce((most, point) => Math.max(most, point.atMs), 0)
  const every = Math.ceil(answered.length / MAX_DOTS)
  const thinned = every === 1 ? '' : ` One request in ${every} is drawn.`
  return [
    {
      kind: 'dots',
      title: 'TTFT during the run',
      description: `${format.count(answered.length, 'request')} started over ${format.span(lastMs)}, the slowest first token after ${format.milliseconds(slowest)}; ${format.count(failed.length, 'request')} without a first token.${thinned}`,
      xTitle: 'seconds since the start',
      yTitle: 'ms',
      dots: answered
        .filter((point, index) => index % every === 0 || point.ttftMs === slowest)
        .map((point) => ({ x: point.atMs / 1000, y: point.ttftMs })),
      failures: failed.slice(0, MAX_DOTS).map((point) => point.atMs / 1000),
    },
  ]
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
