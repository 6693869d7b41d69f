// A mean per answer over the runs of a history, on the log scale.

import type { MeanStatistic } from './ratio-mean.ts'
import type { RunToRun } from './run-to-run.ts'
import { runToRun } from './run-to-run.ts'

/**
 * Expected standard deviation between runs before any history: 2 %. Prices do not drift; what does
 * is how long answers are, which is all of `output_tokens` and most of `cost_per_answer`.
 */
export const TAU_MEAN = 0.02

export type RunMean = MeanStatistic & { readonly count: number }

export type MeanBaseline = {
  readonly runs: RunToRun
  /** Mean of v n over the runs, and their mean requests: for what can be detected. */
  readonly perRequest: number
  readonly meanRequests: number
}

/** The same engine as percentiles have, with both sides equal. Needs at least one run. */
export function meanBaseline(means: readonly RunMean[]): MeanBaseline {
  const statistics = means.map(({ value, variance }) => ({ value, low: variance, up: variance }))
  const average = (read: (mean: RunMean) => number) =>
    means.reduce((sum, mean) => sum + read(mean), 0) / means.length
  return {
    runs: runToRun(statistics, { tau0: TAU_MEAN, inflation: 1 }),
    perRequest: average(({ variance, count }) => variance * count),
    meanRequests: average(({ count }) => count),
  }
}
