// A total per answer (cost, output tokens) of the candidate against the history, on the log scale.

import { type Summary, totalOf } from '../../model/summary.ts'
import type { Reason } from '../../model/verdict.ts'
import { differenceFromHistory } from '../../stats/difference.ts'
import { type MeanBaseline, meanBaseline, type RunMean } from '../../stats/mean-baseline.ts'
import { logMean } from '../../stats/ratio-mean.ts'
import { FEWEST } from '../../stats/threshold.ts'
import type { Contrast } from './contrast.ts'
import type { Metric } from './metric.ts'

/** Undefined where the run says nothing of it: no prices, no completed answer, a total of zero. */
export function meanOf({ family }: Metric, summary: Summary): RunMean | undefined {
  const total = totalOf(summary, family)
  if (total === undefined) return undefined
  const { value, variance } = logMean(total.values, total.classes, total.divisor)
  return Number.isFinite(value) ? { value, variance, count: total.values.length } : undefined
}

export function meanHistory(metric: Metric, history: readonly Summary[]): MeanBaseline | Reason {
  if (history.length === 0) return { kind: 'no-history' }
  const means = history
    .flatMap((run) => meanOf(metric, run) ?? [])
    .filter(({ count }) => count >= FEWEST)
  if (means.length > 0) return meanBaseline(means)
  return { kind: 'history-unusable', problem: 'no run of it has this metric for enough answers' }
}

export function meanAgainstHistory(
  own: RunMean,
  { runs }: MeanBaseline,
  fewest = FEWEST,
): Contrast {
  const { value, variance, count } = own
  const statistic = { value, low: variance, up: variance, count }
  const difference = differenceFromHistory(statistic, runs, 1)
  return {
    source: 'history',
    difference,
    withFailures: difference,
    has: count,
    needsToFail: fewest,
    needsToPass: fewest,
    spread: {
      between: runs.between,
      withinFail: count * (difference.low ** 2 - runs.between),
      withinPass: count * (difference.up ** 2 - runs.between),
      df: runs.df,
    },
  }
}
