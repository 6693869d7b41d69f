// How long judging takes, from summaries that nothing has touched yet, and the memory it needs.

import { compare } from '../../src/judge/compare/compare.ts'
import { decide } from '../../src/judge/decide/decide.ts'
import type { Limit } from '../../src/model/config.ts'
import { FAMILIES, METRICS, PERCENTILE_FAMILIES, parseMetricId } from '../../src/model/metric.ts'
import type { Series, Summary } from '../../src/model/summary.ts'
import { type Draws, drawsOf } from './scenarios.ts'

const GAPS = 63
/** What a gate limits that states no limits; the other rows limit all there is. */
const BY_DEFAULT = ['ttft_p50', 'ttft_p95', 'ttft_p99', 'error_rate', 'cost_per_answer']

export function printTimings(): void {
  console.log(
    '### Time to judge, ms of processor time (compare and decide, summaries untouched before)\n',
  )
  console.log('| history x requests | metrics | first judgement | another look | memory, MB |')
  console.log('|---|---:|---:|---:|---:|')
  measure({ runs: 20, requests: 400, gaps: 0 }, BY_DEFAULT)
  measure(
    { runs: 20, requests: 400, gaps: 0 },
    metricIds((family) => family !== 'itl'),
  )
  measure(
    { runs: 20, requests: 400, gaps: GAPS },
    metricIds(() => true),
  )
  measure(
    { runs: 50, requests: 20_000, gaps: 0 },
    metricIds((family) => family !== 'itl'),
  )
  console.log('')
}

function metricIds(wanted: (family: string) => boolean): readonly string[] {
  return FAMILIES.filter(wanted).flatMap((family) =>
    PERCENTILE_FAMILIES.includes(family)
      ? [`${family}_p50`, `${family}_p95`, `${family}_p99`]
      : [family],
  )
}

type Size = { readonly runs: number; readonly requests: number; readonly gaps: number }

function measure(size: Size, metrics: readonly string[]): void {
  const limits = metrics.map(limitOf)
  const times: number[] = []
  const again: number[] = []
  let memory = 0
  const repeats = size.requests > 1000 ? 3 : 15
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const draws = drawsOf(repeat)
    const history = Array.from({ length: size.runs }, () => draw(size, draws))
    const candidate = draw(size, draws)
    const judge = () => decide(compare({ candidate, history, anchor: [], limits, shown: [] }))
    times.push(timed(judge))
    again.push(timed(judge))
    memory = Math.max(memory, process.memoryUsage().heapUsed / 1e6)
  }
  const name = `${size.runs} x ${size.requests}${size.gaps > 0 ? `, ${size.gaps} gaps each` : ''}`
  const cells = [name, metrics.length, median(times), median(again), memory]
  const text = cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(0) : cell))
  console.log(`| ${text.join(' | ')} |`)
}

function timed(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  return process.cpuUsage(before).user / 1000
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}

function limitOf(metric: string): Limit {
  const parsed = parseMetricId(metric)
  if (parsed === undefined) throw new TypeError(metric)
  const { family, quantile } = parsed
  return {
    metric,
    family,
    quantile,
    worsening: 0.1,
    floor: 0,
    mustDetect: 0.2,
    stated: true,
  }
}

function draw({ requests, gaps }: Size, { uniform, normal }: Draws): Summary {
  const classes = Array.from({ length: requests }, (_, i) => i % 4)
  const classNames = ['a', 'b', 'c', 'd']
  const plain = (scale: number): Series => ({
    values: classes.map((group) => scale * (1 + group) * Math.exp(0.4 * normal())),
    classes,
    classNames,
    leftOut: 0,
    of: requests,
  })
  const itl: Series = {
    values: Array.from({ length: requests * gaps }, () => 20 * Math.exp(0.3 * normal())),
    classes: Array.from({ length: requests * gaps }, (_, i) => Math.floor(i / gaps) % 4),
    requests: Array.from({ length: requests * gaps }, (_, i) => Math.floor(i / gaps)),
    classNames,
    leftOut: 0,
    of: requests,
  }
  const families = METRICS.filter(
    ({ statistic, family }) => statistic !== 'rate' && !['itl', 'cost_per_answer'].includes(family),
  )
  const series = Object.fromEntries(families.map(({ family }) => [family, plain(300)]))
  const failed = Math.floor(requests * 0.01 * uniform())
  return {
    runId: `run-${uniform()}`,
    startedAt: '2026-01-01T00:00:00Z',
    ttftDefinition: 'simulated',
    loadShape: {},
    loadShapeHash: 'simulated',
    subject: {},
    requests,
    completed: requests - failed,
    errors: {},
    failed,
    series: gaps === 0 ? series : { ...series, itl },
    cost: {
      known: true,
      perRequestUsd: classes.map(() => 2e-4 * Math.exp(0.3 * normal())),
      classes,
      completed: requests - failed,
      estimated: false,
    },
    goodput: { good: requests - 2 * failed, of: requests },
  }
}
