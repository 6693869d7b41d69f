// Whether a gate's endpoint is waited for, left alone, and asked once before all else; and which metric
// is read from that answer alone.

import type { Endpoint, Gate } from './config.ts'
import { type MetricId, metricRow, parseMetricId } from './metric.ts'

/** What there is to do before the first request. */
export type OpeningPlan = {
  readonly idleMs: number
  /** A short answer is asked for: it counts as a request. */
  readonly asks: boolean
}

/** Undefined where there is nothing to do. */
export function openingOf({
  endpoint,
  limits,
}: Pick<Gate, 'endpoint' | 'limits'>): OpeningPlan | undefined {
  const { ready, idleMs = 0 } = endpoint
  if (ready === undefined && idleMs === 0) return undefined
  const isCold = idleMs > 0 || limits.some(({ family }) => family === 'cold_start')
  return { idleMs, asks: isCold || ready?.url === undefined }
}

/** Of an arm, or of a second try, that nobody's cold start is measured of: only whether it is there. */
export function readinessOf({ ready }: Endpoint): OpeningPlan | undefined {
  return ready && { idleMs: 0, asks: ready.url === undefined }
}

/** One number of a whole run, as a cold start: nothing that is measured afterwards says more of it. */
export function isOfOneNumber(id: MetricId): boolean {
  const family = parseMetricId(id)?.family
  return family !== undefined && metricRow(family).statistic === 'single'
}
