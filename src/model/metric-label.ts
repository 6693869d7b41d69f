// What a metric is called and counted in, by its id alone.

import { type MetricId, type MetricUnit, metricRow, parseMetricId } from './metric.ts'

/** As people read it: `TTFT p95`. An unknown id stands for itself. */
export function metricLabel(id: MetricId): string {
  const parsed = parseMetricId(id)
  if (parsed === undefined) return id
  const { label } = metricRow(parsed.family)
  return id === parsed.family ? label : `${label} ${id.slice(parsed.family.length + 1)}`
}

/** Milliseconds for an unknown id. */
export function metricUnit(id: MetricId): MetricUnit {
  return metricRow(parseMetricId(id)?.family ?? 'ttft').unit
}
