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
  return WEIGHTS[reachOf(metric)]
}

const WEIGHTS = { middle: 2, tail: 1.5, extreme: 0.5 } as const

/** How far out a percentile lies: one beyond the 97th is known badly by hundreds of requests. */
export function reachOf({
  quantile = MEDIAN,
}: Pick<ParsedMetricId, 'quantile'>): 'middle' | 'tail' | 'extreme' {
  if (quantile <= 0.75) return 'middle'
  return quantile > 0.97 ? 'extreme' : 'tail'
}
