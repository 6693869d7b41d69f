// The rules that other gates use, on the same draws as ours: all decide at once and none can say
// that it does not know.

import type { Summary } from '../../src/model/summary.ts'
import { normalUpperTail } from '../../src/stats/normal-distribution.ts'
import { quantile } from '../../src/stats/quantile.ts'
import type { Random } from '../../src/stats/random.ts'
import { sampleOf } from '../../src/stats/sample.ts'
import { tQuantileAbove } from '../../src/stats/t-distribution.ts'

export const RIVALS = [
  'last run + 10 %',
  'rolling mean + 10 %',
  't-test on run percentiles',
  'Mann-Whitney, p < 0.02',
  'bootstrap, drift ignored',
] as const
export type Rival = (typeof RIVALS)[number]

const QUANTILES = [0.5, 0.95, 0.99]

export type RivalVerdict = Readonly<Record<Rival, boolean>>

/** Whether each rule fails the gate over p50, p95, p99, error rate and cost. */
export function judgeByRivals(
  candidate: Summary,
  history: readonly Summary[],
  uniform: Random,
): RivalVerdict {
  const own = numbersOf(candidate)
  const runs = history.map(numbersOf)
  const last = runs.at(-1) ?? own
  const mean = own.map((_, m) => average(runs.map((run) => run[m] ?? 0)))
  return {
    'last run + 10 %': own.some((value, m) => isWorse(value, last[m] ?? 0, m)),
    'rolling mean + 10 %': own.some((value, m) => isWorse(value, mean[m] ?? 0, m)),
    't-test on run percentiles':
      runs.length > 1 &&
      own.some((value, m) =>
        beyondSpread(
          value,
          runs.map((run) => run[m] ?? 0),
        ),
      ),
    'Mann-Whitney, p < 0.02': mannWhitney(candidate, history) < 0.02,
    'bootstrap, drift ignored': bootstrapFails(candidate, history, uniform),
  }
}

/** p50, p95, p99, error rate, cost per answer. */
function numbersOf(summary: Summary): readonly number[] {
  const sorted = Array.from(sampleOf(summary.series.ttft ?? { values: [], classes: [] }).sorted)
  const { cost } = summary
  const usd = cost.known ? cost.perRequestUsd.reduce((sum, each) => sum + each, 0) : 0
  return [
    ...QUANTILES.map((q) => quantile(sorted, q)),
    summary.failed / summary.requests,
    usd / summary.completed,
  ]
}

function isWorse(value: number, baseline: number, metric: number): boolean {
  if (metric === 3) return value > baseline + 0.01
  return value > baseline * (metric === 4 ? 1.05 : 1.1)
}

function beyondSpread(value: number, runs: readonly number[]): boolean {
  const mean = average(runs)
  const variance = runs.reduce((sum, run) => sum + (run - mean) ** 2, 0) / (runs.length - 1)
  return value > mean + tQuantileAbove(0.05, runs.length - 1) * Math.sqrt(variance)
}

/** Candidate slower than the pooled history, normal approximation. */
function mannWhitney(candidate: Summary, history: readonly Summary[]): number {
  const own = sampleOf(candidate.series.ttft ?? { values: [], classes: [] }).sorted
  let larger = 0
  let others = 0
  for (const run of history) {
    const { sorted } = sampleOf(run.series.ttft ?? { values: [], classes: [] })
    others += sorted.length
    let below = 0
    for (const value of own) {
      while (below < sorted.length && (sorted[below] ?? 0) < value) below += 1
      larger += below
    }
  }
  const n = own.length
  const spread = Math.sqrt((n * others * (n + others + 1)) / 12)
  return normalUpperTail((larger - (n * others) / 2) / spread)
}

const RESAMPLES = 200

/** Percentile bootstrap of each quantile's ratio: fails when the 95 % interval lies above 0. */
function bootstrapFails(candidate: Summary, history: readonly Summary[], uniform: Random): boolean {
  const own = Array.from(sampleOf(candidate.series.ttft ?? { values: [], classes: [] }).sorted)
  const pooled = Array.from(
    Float64Array.from(history.flatMap((run) => run.series.ttft?.values ?? [])).sort(),
  )
  return QUANTILES.some((q) => {
    if (own.length < 2 / (1 - q)) return false
    const ratio = Math.log(quantile(own, q) / quantile(pooled, q))
    if (ratio <= Math.log(1.1)) return false
    const draws = Float64Array.from({ length: RESAMPLES }, () =>
      Math.log(resampled(own, q, uniform) / resampled(pooled, q, uniform)),
    ).sort()
    return (draws[Math.floor(0.05 * RESAMPLES)] ?? 0) > 0
  })
}

/** A bootstrap quantile without resampling: its rank is that of an order statistic of uniforms. */
function resampled(sorted: readonly number[], q: number, uniform: Random): number {
  const n = sorted.length
  const rank = Math.floor((n - 1) * q) + 1
  const spread = Math.sqrt((q * (1 - q)) / n)
  if (rank > 20 && n - rank > 20) {
    const z = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
    return sorted[Math.min(n - 1, Math.max(0, Math.floor(n * (q + spread * z))))] ?? 0
  }
  let above = 1
  for (let left = n - rank + 1; left > 0; left -= 1) {
    above *= uniform() ** (1 / (rank + left - 1))
  }
  return sorted[Math.min(n - 1, Math.floor(n * above))] ?? 0
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
