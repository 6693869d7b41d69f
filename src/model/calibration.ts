// What measuring an endpoint against itself a few times shows: how far its runs lie apart, what so
// many requests find, and the settings that follow from it.

import type { MetricId } from './metric.ts'

/** How far apart runs lie, and what kind of endpoint that is like. */
export type Likeness = {
  /** Probability that it is a server of one's own. */
  readonly own: number
  /** Standard deviation of a run's median TTFT as seen, log scale. */
  readonly spread: number
}

/** One percentile over the runs. All but the level are ratios minus one. */
export type MetricNoise = {
  readonly metric: MetricId
  /** In the metric's unit. */
  readonly level: number
  /** What one run's requests leave open, one standard deviation. */
  readonly within: number
  /** How far the runs lay apart, one standard deviation. */
  readonly between: number
  /** What unchanged runs stay below 19 times of 20 once some ten are recorded. */
  readonly reach: number
}

/** What a run of so many requests would find four times of five, and take. */
export type SizeFinds = {
  readonly requests: number
  readonly probes: number
  readonly finds: readonly {
    readonly metric: MetricId
    readonly scale: 'ratio' | 'difference'
    readonly change?: number
  }[]
  readonly usd?: number
  readonly ms?: number
}

/** What candidate and reference differ by, as a ratio minus one. */
export type ArmsDiffer = {
  readonly rounds: number
  readonly pairs: number
  readonly mean: number
  /** For each of the two: what `reference.differs` should be. */
  readonly each: number
}

export type ChosenSettings = {
  readonly requests: number
  readonly probes: number
  readonly limits: readonly { readonly metric: MetricId; readonly increase: number }[]
  /** Absent without a second arm, and where what is assumed is enough. */
  readonly differs?: number
}

export type Calibration = {
  readonly runs: number
  /** Of them recorded earlier. */
  readonly recorded: number
  /** From the first to the last run. */
  readonly spanMs: number
  readonly likeness: Likeness
  readonly noise: readonly MetricNoise[]
  readonly sizes: readonly SizeFinds[]
  readonly arms?: ArmsDiffer
  readonly chosen: ChosenSettings
}
