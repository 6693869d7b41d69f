// A mean per answer over the runs of a history, on the log scale.

import type { SpreadPrior } from './level-forecast.ts'
import type { MeanStatistic } from './ratio-mean.ts'
import type { RunToRun } from './run-to-run.ts'
import { runToRun } from './run-to-run.ts'

/**
 * Standard deviation between runs before any history: 2 %. Prices do not drift; what does is how
 * long answers are, which is all of `output_tokens` and most of `cost_per_answer`.
 */
const TYPICAL = 0.02
const DOUBT = 0.4

/** `at`: when the run was made, ms of the epoch. */
export type RunMean = MeanStatistic & { readonly count: number; readonly at?: number }

export type MeanBaseline = {
  readonly runs: RunToRun
  /** Mean of v n over the runs: for what can be detected. */
  readonly perRequest: number
}

/** The same engine as percentiles have, with both sides equal. Needs at least one run. */
export function meanBaseline(means: readonly RunMean[], priors = meanPriors): MeanBaseline {
  const statistics = means.map(({ variance, ...rest }) => ({
    ...rest,
    low: variance,
    up: variance,
  }))
  const average = (read: (mean: RunMean) => number) =>
    means.reduce((sum, mean) => sum + read(mean), 0) / means.length
  return {
    runs: runToRun(statistics, { priors, inflation: 1, shared: 0, waiting: 1 }),
    perRequest: average(({ variance, count }) => variance * count),
  }
}

export function meanPriors(sampling: number): readonly SpreadPrior[] {
  return [{ typical: Math.sqrt(TYPICAL ** 2 + sampling), doubt: DOUBT, weight: 1 }]
}
