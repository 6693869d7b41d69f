// A total per answer (cost, output tokens) of the candidate against the history, on the log scale.

import type { Summary } from '../../model/summary.ts'
import type { Reason } from '../../model/verdict.ts'
import { differenceFromHistory } from '../../stats/difference.ts'
import type { MeanStatistic } from '../../stats/ratio-mean.ts'
import { logMean } from '../../stats/ratio-mean.ts'
import type { RunToRun } from '../../stats/run-to-run.ts'
import { runToRun } from '../../stats/run-to-run.ts'
import type { Evidence } from './evidence.ts'
import { FEWEST, type Metric } from './metric.ts'

/**
 * Expected standard deviation between runs before any history: 2 %. Prices do not drift; what does
 * is how long answers are, which is all of `output_tokens` and most of `cost_per_answer`.
 */
export const TAU_MEAN = 0.02

export type RunMean = MeanStatistic & { readonly count: number }

/** Undefined where the run says nothing of it: no prices, no completed answer, a total of zero. */
export function meanOf({ family }: Metric, summary: Summary): RunMean | undefined {
  if (family === 'cost_per_answer') {
    const { cost } = summary
    if (!cost.known || cost.completed === 0) return undefined
    return finite(cost.perRequestUsd, cost.classes, cost.completed)
  }
  const series = summary.series[family]
  if (series === undefined) return undefined
  return finite(series.values, series.classes, series.values.length)
}

function finite(
  values: readonly number[],
  classes: readonly number[],
  divisor: number,
): RunMean | undefined {
  const { value, variance } = logMean(values, classes, divisor)
  if (!Number.isFinite(value)) return undefined
  return { value, variance, count: values.length }
}

export type MeanHistory = {
  readonly runs: RunToRun
  readonly perRequest: number
  readonly meanRequests: number
}

export function meanHistory(metric: Metric, history: readonly Summary[]): MeanHistory | Reason {
  if (history.length === 0) return { kind: 'no-history' }
  const means = history
    .flatMap((run) => meanOf(metric, run) ?? [])
    .filter(({ count }) => count >= FEWEST)
  if (means.length === 0) {
    return { kind: 'history-unusable', problem: 'no run of it has this metric for enough answers' }
  }
  const statistics = means.map(({ value, variance }) => ({ value, low: variance, up: variance }))
  const average = (read: (mean: RunMean) => number) =>
    means.reduce((sum, mean) => sum + read(mean), 0) / means.length
  return {
    runs: runToRun(statistics, { tau0: TAU_MEAN, inflation: 1 }),
    perRequest: average(({ variance, count }) => variance * count),
    meanRequests: average(({ count }) => count),
  }
}

export function meanAgainstHistory(own: RunMean, { runs }: MeanHistory): Evidence {
  const statistic = { value: own.value, low: own.variance, up: own.variance }
  const difference = differenceFromHistory(statistic, runs, 1)
  return {
    source: 'history',
    difference,
    withFailures: difference,
    has: own.count,
    needsToFail: FEWEST,
    needsToPass: FEWEST,
    spread: {
      between: runs.between + Math.max(runs.total, runs.within) / runs.runs,
      withinFail: own.count * Math.max(own.variance, runs.within / 2),
      withinPass: own.count * Math.max(own.variance, runs.within),
      df: runs.df,
    },
  }
}
