// A percentile over the runs of a history: each run's value with its sampling error, what they have
// in common, and how far apart unchanged runs lie. Used to judge a run and to plan one.

import { autocorrelationInflation, lagOneRankCorrelation } from './autocorrelation.ts'
import { clusterFactor, stratificationFactor } from './design-factor.ts'
import type { EndpointKind, KindEvidence } from './endpoint-kind.ts'
import { kindOf, spreadPriors, UNKNOWN_KIND } from './endpoint-kind.ts'
import { levelSteps } from './level-steps.ts'
import type { QuantileStatistic } from './quantile-statistic.ts'
import { quantileStatistic } from './quantile-statistic.ts'
import type { RunToRun } from './run-to-run.ts'
import { runToRun } from './run-to-run.ts'
import type { Sample, Values } from './sample.ts'
import { sampleOf } from './sample.ts'
import { FEWEST } from './threshold.ts'

export type QuantileBaseline = {
  readonly runs: RunToRun
  /** Factor of the autocorrelation on sampling variances. */
  readonly inflation: number
  readonly design: Design
  /** Mean of phi lo n over the runs: for what can be detected. */
  readonly perRequestLow: number
}

/** A run's values and when it was made, ms of the epoch. */
export type RecordedValues = Values & { readonly at?: number }

export type QuantileQuestion = {
  readonly q: number
  /** The run to come, as far as it is known: its values take part in the autocorrelation and in the
   * check of the design, its moment in what is expected of this hour. */
  readonly candidate?: RecordedValues
  readonly kind?: EndpointKind
}

/** Whether the requests per prompt class are the same in all runs, so that the classes help. */
export type Design = 'stratified' | 'unequal'

export type Unusable = 'missing' | 'too-small' | 'failures'

/**
 * Baseline of one percentile, or why no run can speak of it. Runs with fewer than twenty requests,
 * and those whose percentile failures reach, are left out. Runs oldest first.
 */
export function quantileBaseline(
  runs: readonly RecordedValues[],
  { q, candidate, kind = UNKNOWN_KIND }: QuantileQuestion,
): QuantileBaseline | Unusable {
  const large = runs.filter((run) => sampleOf(run).from >= FEWEST)
  const design = designOf(candidate === undefined ? large : [...large, candidate])
  const usable = usableAt(large, q, design)
  if (usable.length === 0) return whyNot(runs, large)
  const samples = [
    ...usable.map(({ sample }) => sample),
    ...(candidate ? [sampleOf(candidate)] : []),
  ]
  const inflation = inflationOf(samples, q)
  const statistics = usable.map(({ statistic }) => statistic)
  return {
    runs: runToRun(statistics, {
      priors: (variance) => spreadPriors(kind, q, { variance, inflation }),
      inflation,
      next: candidate?.at,
      shared: 1 - kind.own,
      waiting: inflationOf(samples, 0.5),
    }),
    inflation,
    design,
    perRequestLow: average(statistics.map(({ low, count }) => inflation * low * count)),
  }
}

function usableAt(runs: readonly RecordedValues[], q: number, design: Design) {
  return runs
    .map((run) => {
      const sample = sampleOf(run)
      return { sample, statistic: { ...statisticOf(sample, q, design), at: run.at } }
    })
    .filter(({ statistic }) => Number.isFinite(statistic.value) && Number.isFinite(statistic.low))
}

/** Percentiles that tell the kinds of endpoint apart. */
const TELLING = [0.5, 0.9, 0.99]

/** What kind of endpoint these runs come from; nothing is learnt from a single one. */
export function endpointKind(runs: readonly RecordedValues[]): EndpointKind {
  const large = runs.filter((run) => sampleOf(run).from >= FEWEST)
  if (large.length < 2) return UNKNOWN_KIND
  const design = designOf(large)
  return kindOf(TELLING.flatMap((q) => evidenceOf(large, q, design)))
}

function evidenceOf(
  runs: readonly RecordedValues[],
  q: number,
  design: Design,
): readonly KindEvidence[] {
  const usable = usableAt(runs, q, design)
  if (usable.length < 2) return []
  const inflation = inflationOf(
    usable.map(({ sample }) => sample),
    q,
  )
  const variance =
    inflation *
    average(
      usable.map(({ statistic: { low, up } }) =>
        Number.isFinite(up) ? ((Math.sqrt(low) + Math.sqrt(up)) / 2) ** 2 : low,
      ),
    )
  const values = usable.map(({ statistic }) => statistic.value)
  return [
    {
      q,
      values,
      steps: levelSteps(values, Math.sqrt(variance)).steps,
      sampling: { variance, inflation },
    },
  ]
}

function whyNot(runs: readonly Values[], large: readonly Values[]): Unusable {
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
