// The figures of a run as the history page draws them: each with how far the run's own requests may have
// moved it, two-sided 90 %. What separates one run from the next is on the page itself to see.

import {
  MEDIAN,
  type MetricFamily,
  type MetricId,
  metricRow,
  parseMetricId,
} from '../../model/metric.ts'
import { badEventsOf, type Summary, totalOf } from '../../model/summary.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import { alwaysShown, waitFamilyOf } from '../../model/wait.ts'
import { wilsonInterval } from '../../stats/newcombe.ts'
import { normalQuantileAbove } from '../../stats/normal-distribution.ts'
import { quantileStatistic } from '../../stats/quantile-statistic.ts'
import { sampleOf } from '../../stats/sample.ts'

/** What the page can show, in this order. */
const EVERY: readonly MetricId[] = [
  ...new Set((['ttft', 'latency'] as const).flatMap((family) => alwaysShown(family))),
]

type WithFigures = { readonly figures: Readonly<Record<MetricId, Figure | undefined>> }

/** What any of these runs can show; of none, what a gate usually has. */
export function shownBy(runs: readonly WithFigures[]): readonly MetricId[] {
  const some = EVERY.filter((id) => runs.some(({ figures }) => Object.hasOwn(figures, id)))
  return some.length === 0 ? alwaysShown('ttft') : some
}

/** Without a summary, the figures of a run that cannot be read. */
export function figuresOf(summary: Summary | undefined): WithFigures['figures'] {
  if (summary === undefined) return {}
  const ids = alwaysShown(waitFamilyOf(summary))
  return Object.fromEntries(ids.map((id) => [id, figureOf(summary, id)]))
}

export type Figure = { readonly value: number; readonly low: number; readonly high: number }

/** The error of each end. */
const Z = normalQuantileAbove(ALPHA)

/** Undefined where the run has no such figure, or failures reach it. */
export function figureOf(summary: Summary, id: string): Figure | undefined {
  const parsed = parseMetricId(id)
  if (parsed === undefined) return undefined
  switch (metricRow(parsed.family).statistic) {
    case 'quantile':
      return finite(percentile(summary, parsed.family, parsed.quantile ?? MEDIAN))
    case 'rate':
      return rate(summary, parsed.family)
    case 'mean':
      return finite(mean(summary, parsed.family))
    case 'single':
      return single(summary, parsed.family)
  }
}

function percentile(summary: Summary, family: MetricFamily, q: number): Figure | undefined {
  const series = summary.series[family]
  if (series === undefined || series.values.length === 0) return undefined
  const { value, low, up } = quantileStatistic(sampleOf(series), { q, design: 1 })
  return {
    value: Math.exp(value),
    low: Math.exp(value - Z * Math.sqrt(low)),
    high: Math.exp(value + Z * Math.sqrt(up)),
  }
}

/** The number itself: what another run would have is not in it. */
function single(summary: Summary, family: MetricFamily): Figure | undefined {
  const value = summary.series[family]?.values[0]
  return value === undefined ? undefined : { value, low: value, high: value }
}

function rate(summary: Summary, family: MetricFamily): Figure | undefined {
  const events = badEventsOf(summary, family)
  if (events === undefined) return undefined
  const [low, high] = wilsonInterval(events, Z)
  const value = events.events / events.trials
  return metricRow(family).better === 'lower'
    ? { value, low, high }
    : { value: 1 - value, low: 1 - high, high: 1 - low }
}

/** Normal on the mean: costs and lengths vary little. */
function mean(summary: Summary, family: MetricFamily): Figure | undefined {
  const total = totalOf(summary, family)
  if (total === undefined) return undefined
  const { values, divisor } = total
  const each = values.reduce((sum, one) => sum + one, 0) / values.length
  const squares = values.reduce((sum, one) => sum + (one - each) ** 2, 0)
  const error = Math.sqrt(squares / Math.max(1, values.length - 1) / values.length)
  const value = values.reduce((sum, one) => sum + one, 0) / divisor
  const reach = (Z * error * values.length) / divisor
  return { value, low: Math.max(0, value - reach), high: value + reach }
}

function finite(figure: Figure | undefined): Figure | undefined {
  const all = figure === undefined ? [] : [figure.value, figure.low, figure.high]
  return all.length > 0 && all.every(Number.isFinite) ? figure : undefined
}
