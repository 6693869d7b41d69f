// A percentile over the runs of a history: each run's value with its sampling error, what they have
// in common, and how far apart unchanged runs lie. Used to judge a run and to plan one.

import { autocorrelationInflation, lagOneRankCorrelation } from './autocorrelation.ts'
import { clusterFactor, stratificationFactor } from './design-factor.ts'
import type { QuantileStatistic } from './quantile-statistic.ts'
import { quantileStatistic } from './quantile-statistic.ts'
import type { RunToRun } from './run-to-run.ts'
import { runToRun } from './run-to-run.ts'
import type { Sample, Values } from './sample.ts'
import { sampleOf } from './sample.ts'

/** Expected standard deviation between runs before any history: 9 %, log scale. */
export const TAU_QUANTILE = 0.09

/** Requests a run needs before anything is said of it. */
export const FEWEST = 20

export type QuantileBaseline = {
  readonly runs: RunToRun
  /** Factor of the autocorrelation on sampling variances. */
  readonly inflation: number
  readonly design: Design
  /** Mean of phi lo n over the runs, and their mean requests: for what can be detected. */
  readonly perRequestLow: number
  readonly meanRequests: number
}

/** Whether the requests per prompt class are the same in all runs, so that the classes help. */
export type Design = 'stratified' | 'unequal'

export type Unusable = 'missing' | 'too-small' | 'failures'

/**
 * Baseline of one percentile, or why no run can speak of it. Runs with fewer than twenty requests,
 * and those whose percentile failures reach, are left out. The candidate's values, when given,
 * take part in the autocorrelation and in the check of the design, in nothing else.
 */
export function quantileBaseline(
  runs: readonly Values[],
  q: number,
  candidate?: Values,
): QuantileBaseline | Unusable {
  const large = runs.map(sampleOf).filter((sample) => sample.from >= FEWEST)
  const everyone = candidate === undefined ? large : [...large, sampleOf(candidate)]
  const design = designOf(everyone)
  const usable = large
    .map((sample) => ({ sample, statistic: statisticOf(sample, q, design) }))
    .filter(({ statistic }) => Number.isFinite(statistic.value) && Number.isFinite(statistic.low))
  if (usable.length === 0) return whyNot(runs, large)
  const samples = usable.map(({ sample }) => sample)
  const inflation = inflationOf(
    candidate === undefined ? samples : [...samples, sampleOf(candidate)],
    q,
  )
  const statistics = usable.map(({ statistic }) => statistic)
  return {
    runs: runToRun(statistics, { tau0: TAU_QUANTILE, inflation }),
    inflation,
    design,
    perRequestLow: average(statistics.map(({ low, count }) => inflation * low * count)),
    meanRequests: average(statistics.map(({ count }) => count)),
  }
}

function whyNot(runs: readonly Values[], large: readonly Sample[]): Unusable {
  if (runs.length === 0) return 'missing'
  return large.length === 0 ? 'too-small' : 'failures'
}

/** The percentile with the design factor that its sample calls for. */
export function statisticOf(sample: Sample, q: number, design: Design): QuantileStatistic {
  if (sample.requests !== undefined) {
    return quantileStatistic(sample, { q, design: clusterFactor(sample, q) })
  }
  const factor = design === 'stratified' ? stratificationFactor(sample, q) : 1
  return quantileStatistic(sample, { q, design: factor })
}

/** The sample as it would be had every refused request been slower than everything. */
export function withRefused(sample: Sample, refused: number): Sample {
  if (refused === 0) return sample
  const sorted = new Float64Array(sample.sorted.length + refused).fill(Number.POSITIVE_INFINITY)
  sorted.set(sample.sorted)
  return { ...sample, sorted }
}

/** Mean lag-1 correlation of the runs, as a factor on variances. */
export function inflationOf(samples: readonly Sample[], q: number): number {
  return autocorrelationInflation(average(samples.map(lagOneRankCorrelation)), q)
}

/** Shares of the prompt classes may differ by this much: failures leave a few requests out. */
const SAME_SHARE = 0.05

export function designOf(samples: readonly Values[]): Design {
  // Several values of one request have a factor of their own, whatever the classes.
  if (samples.some(({ requests }) => requests !== undefined)) return 'unequal'
  const [first, ...others] = samples.map(sharesOf)
  if (first === undefined) return 'unequal'
  const same = others.every((shares) => {
    const length = Math.max(shares.length, first.length)
    for (let group = 0; group < length; group += 1) {
      if (Math.abs((shares[group] ?? 0) - (first[group] ?? 0)) > SAME_SHARE) return false
    }
    return true
  })
  return same ? 'stratified' : 'unequal'
}

const knownShares = new WeakMap<readonly number[], readonly number[]>()

function sharesOf({ classes }: Values): readonly number[] {
  const before = knownShares.get(classes)
  if (before !== undefined) return before
  const shares: number[] = []
  for (const group of classes) shares[group] = (shares[group] ?? 0) + 1 / classes.length
  knownShares.set(classes, shares)
  return shares
}

function average(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
