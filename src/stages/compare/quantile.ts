// A percentile of the candidate against the same percentile of the history's runs.

import type { Summary } from '../../model/summary.ts'
import type { Reason } from '../../model/verdict.ts'
import { autocorrelationInflation, lagOneRankCorrelation } from '../../stats/autocorrelation.ts'
import { clusterFactor, stratificationFactor } from '../../stats/design-factor.ts'
import { differenceFromHistory } from '../../stats/difference.ts'
import type { QuantileStatistic } from '../../stats/quantile-statistic.ts'
import { quantileStatistic } from '../../stats/quantile-statistic.ts'
import type { RunToRun } from '../../stats/run-to-run.ts'
import { runToRun } from '../../stats/run-to-run.ts'
import type { Sample, Values } from '../../stats/sample.ts'
import { sampleOf } from '../../stats/sample.ts'
import type { Evidence } from './evidence.ts'
import { FEWEST, type Metric, needsToFail, needsToPass, valuesOf } from './metric.ts'

/** Expected standard deviation between runs before any history: 8 % for a percentile. */
export const TAU_QUANTILE = 0.08

export type QuantileHistory = {
  readonly runs: RunToRun
  readonly inflation: number
  readonly design: Design
  /** Mean of phi lo n over the history, and its mean requests: for what can be detected. */
  readonly perRequestLow: number
  readonly meanRequests: number
}

/** Whether the requests per prompt class are the same in all runs, so that the classes help. */
export type Design = 'stratified' | 'unequal'

/** The history's runs that can speak of this percentile, or why none can. */
export function quantileHistory(
  metric: Metric,
  history: readonly Summary[],
  candidate: Values | undefined,
): QuantileHistory | Reason {
  if (history.length === 0) return { kind: 'no-history' }
  const q = metric.quantile ?? 0.5
  const samples = history.flatMap((run) => {
    const values = valuesOf(metric, run)
    return values === undefined ? [] : [sampleOf(values)]
  })
  const large = samples.filter((sample) => requestsOf(sample) >= FEWEST)
  const design = designOf([...large, ...(candidate === undefined ? [] : [candidate])])
  const usable = large
    .map((sample) => ({ sample, statistic: statisticOf(sample, q, design) }))
    .filter(({ statistic }) => Number.isFinite(statistic.value) && Number.isFinite(statistic.low))
  if (usable.length === 0) return { kind: 'history-unusable', problem: problemOf(samples, large) }
  const everyRun = usable.map(({ sample }) => sample)
  const inflation = inflationOf(
    candidate === undefined ? everyRun : [...everyRun, sampleOf(candidate)],
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

function problemOf(all: readonly Sample[], large: readonly Sample[]): string {
  if (all.length === 0) return 'no run of it has this metric'
  if (large.length === 0) return `its runs have fewer than ${FEWEST} requests each`
  return 'failures reach this percentile in every run of it'
}

/** Undefined when the candidate's percentile is beyond what was measured. */
export function againstHistory(
  metric: Metric,
  candidate: { readonly values: Values; readonly refused: number },
  history: QuantileHistory,
): Evidence | undefined {
  const q = metric.quantile ?? 0.5
  const sample = sampleOf(candidate.values)
  const own = statisticOf(sample, q, history.design)
  if (!Number.isFinite(own.value)) return undefined
  const difference = differenceFromHistory(own, history.runs, history.inflation)
  const worst = statisticOf(withRefused(sample, candidate.refused), q, history.design)
  const { runs, inflation } = history
  return {
    source: 'history',
    difference,
    withFailures:
      candidate.refused === 0 ? difference : differenceFromHistory(worst, runs, inflation),
    has: sample.finite,
    needsToFail: needsToFail(q),
    needsToPass: needsToPass(q),
    spread: {
      between: runs.between + Math.max(runs.total, runs.within) / runs.runs,
      withinFail: own.count * Math.max(inflation * own.low, runs.within / 2),
      withinPass: own.count * Math.max(inflation * own.up, runs.within),
      df: runs.df,
    },
  }
}

export function statisticOf(sample: Sample, q: number, design: Design): QuantileStatistic {
  const factor =
    sample.requests !== undefined
      ? clusterFactor(sample, q)
      : design === 'stratified'
        ? stratificationFactor(sample, q)
        : 1
  return quantileStatistic(sample, { q, design: factor })
}

/** The sample as it would be had every refused request been slower than everything. */
export function withRefused(sample: Sample, refused: number): Sample {
  if (refused === 0) return sample
  const worst = new Array<number>(refused).fill(Number.POSITIVE_INFINITY)
  return { ...sample, values: sample.values, sorted: [...sample.sorted, ...worst] }
}

export function inflationOf(samples: readonly Sample[], q: number): number {
  return autocorrelationInflation(average(samples.map(lagOneRankCorrelation)), q)
}

/** Several values of one request count as one request. */
export function requestsOf({ values, requests }: Values): number {
  return requests === undefined ? values.length : new Set(requests).size
}

/** Shares of the prompt classes may differ by this much: failures leave a few requests out. */
const SAME_SHARE = 0.05

export function designOf(samples: readonly Values[]): Design {
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

function sharesOf({ classes }: Values): readonly number[] {
  const shares: number[] = []
  for (const group of classes) shares[group] = (shares[group] ?? 0) + 1 / classes.length
  return shares
}

function average(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
