// Metrics by their ids: a family of the table of metrics, with a percentile where the family has one:
// ttft_p95, itl_p99.9, error_rate.

import { type MetricRowOf, ROWS } from './metric-rows.ts'

export type { MetricUnit, Statistic } from './metric-rows.ts'

/** Text as in a config: the family, then `_pNN` for a quantile family. */
export type MetricId = string

export type MetricFamily = (typeof ROWS)[number]['family']
export type MetricRow = MetricRowOf<MetricFamily>
export const METRICS: readonly MetricRow[] = ROWS
export const FAMILIES: readonly MetricFamily[] = ROWS.map(({ family }) => family)

/** Families whose id carries a percentile. The others name one number. */
export const PERCENTILE_FAMILIES: readonly MetricFamily[] = familiesWith((row) => row.percentiles)
/** Families of times, which a ceiling can bound for goodput. */
export const LATENCY_FAMILIES: readonly MetricFamily[] = familiesWith(
  ({ unit, from }) => unit === 'ms' && from === 'record',
)

function familiesWith(wanted: (row: MetricRow) => boolean): readonly MetricFamily[] {
  return METRICS.filter(wanted).map(({ family }) => family)
}

export function metricRow(family: MetricFamily): MetricRow {
  const row = METRICS.find((candidate) => candidate.family === family)
  if (row === undefined) throw new TypeError(`no row for the metric family ${family}`)
  return row
}

/** The percentile of whatever names none. */
export const MEDIAN = 0.5

export type ParsedMetricId = {
  readonly id: MetricId
  readonly family: MetricFamily
  /** 0..1, the median for a quantile whose id names no percentile. Absent for means and rates. */
  readonly quantile?: number
}

/**
 * Reads a metric id, or returns undefined for an unknown one.
 *
 *   id ::= percentile-family "_p" number | other-family       0 < number < 100
 */
export function parseMetricId(id: string): ParsedMetricId | undefined {
  const other = METRICS.find(({ family, percentiles }) => family === id && !percentiles)
  if (other?.statistic === 'quantile') return { id, family: other.family, quantile: MEDIAN }
  if (other !== undefined) return { id, family: other.family }
  const match = /^([a-z_]+)_p(\d{1,2}(?:\.\d{1,3})?)$/.exec(id)
  const family = PERCENTILE_FAMILIES.find((name) => name === match?.[1])
  const percentile = Number(match?.[2])
  if (family === undefined || !(percentile > 0)) return undefined
  return { id, family, quantile: Number((percentile / 100).toFixed(6)) }
}
