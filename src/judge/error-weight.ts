// How the error that one gate's limits may have together is shared among them.

import { MEDIAN, metricRow, type ParsedMetricId } from '../model/metric.ts'

/**
 * A limit's share of the error that one gate's limits have together, as a weight. What a short run
 * can know well has most of it: the median, then the tail. A percentile beyond the 97th has little
 * to gain from a few hundred requests; a mean, counted in tokens, is plain with any share. At larger
 * shares they would cost the others more than they find. Fixed by the kind of metric, never by what
 * was measured.
 */
export function errorWeight(metric: Pick<ParsedMetricId, 'family' | 'quantile'>): number {
  const { statistic } = metricRow(metric.family)
  if (statistic === 'rate') return 1
  if (statistic === 'mean' || metric.quantile === undefined) return 0.5
  if (metric.quantile <= 0.75) return 2
  return isExtreme(metric) ? 0.5 : 1.5
}

/** A percentile so far out that hundreds of requests know it badly. */
export function isExtreme({ quantile = MEDIAN }: Pick<ParsedMetricId, 'quantile'>): boolean {
  return quantile > 0.97
}
