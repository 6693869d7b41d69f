// What a run can see before it is made: the change each limited metric detects with 80 % power with
// the planned requests against this history, and the best that any number of requests could reach.

import type { Limit } from '../model/config.ts'
import { MEDIAN, type MetricId, type MetricRow, metricRow } from '../model/metric.ts'
import { type PlannedSize, plannedSamples } from '../model/planned-samples.ts'
import { badEventsOf, type Summary, totalOf } from '../model/summary.ts'
import type { Detectable } from '../model/verdict.ts'
import { ALPHA } from '../model/verdict-policy.ts'
import { waitSeries } from '../model/wait.ts'
import { detectableChange, type PlannedRun } from '../stats/detectable-change.ts'
import { detectableRate, detectableRateAtBest } from '../stats/detectable-rate.ts'
import { spreadPriors, UNKNOWN_KIND } from '../stats/endpoint-kind.ts'
import { failureLaw } from '../stats/failure-rate.ts'
import { meanBaseline } from '../stats/mean-baseline.ts'
import { endpointKind, quantileBaseline } from '../stats/quantile-baseline.ts'
import { usualSampling } from '../stats/quantile-statistic.ts'
import { logMean } from '../stats/ratio-mean.ts'
import { runToRun } from '../stats/run-to-run.ts'
import { mirrored } from '../stats/sample.ts'
import {
  FEWEST,
  fewestToFail,
  fewestToPass,
  rateThresholds,
  ratioThresholds,
  type Tolerance,
} from '../stats/threshold.ts'
import { errorWeight } from './error-weight.ts'

export type Detectability = {
  readonly metric: MetricId
  readonly scale: 'ratio' | 'difference'
  /** Planned requests that feed it, and how many a fail and a pass need at least. */
  readonly requests: number
  readonly needsToFail: number
  readonly needsToPass: number
  /** Runs behind it. 0: assumed, a usual latency distribution with one earlier run of this size. */
  readonly history: number
  /** Absent for a rate without a history, and where the history has no such metric. */
  readonly detectable?: Detectable
}

/** One row for each limit against the baseline; ceilings need no history and have no row. */
export function detectability(
  limits: readonly Limit[],
  history: readonly Summary[],
  size: PlannedSize,
): readonly Detectability[] {
  const relative = limits.filter((limit) => limit.worsening !== undefined)
  const weights = relative.reduce((sum, limit) => sum + errorWeight(limit), 0)
  return relative.map((limit) => {
    const level = (ALPHA * errorWeight(limit)) / weights
    const row = metricRow(limit.family)
    const requests = plannedSamples(limit.family, size)
    const q = limit.quantile ?? MEDIAN
    const quantile = row.statistic === 'quantile'
    const found = detectableOf(limit, history, { requests, level })
    return {
      metric: limit.metric,
      scale: row.statistic === 'rate' ? 'difference' : 'ratio',
      requests,
      needsToFail: quantile ? fewestToFail(q) : fewestOf(row),
      needsToPass: quantile ? fewestToPass(q, ALPHA) : fewestOf(row),
      history: found.runs,
      detectable: found.detectable,
    }
  })
}

/** A run has one number of some metrics, whatever is sent. */
function fewestOf({ statistic }: MetricRow): number {
  return statistic === 'single' ? 1 : FEWEST
}

type Planned = { readonly requests: number; readonly level: number }
type Found = { readonly runs: number; readonly detectable?: Detectable }

function detectableOf(limit: Limit, history: readonly Summary[], planned: Planned): Found {
  switch (metricRow(limit.family).statistic) {
    case 'quantile':
      return ofQuantile(limit, history, planned)
    case 'mean':
      return ofMean(limit, history, planned)
    case 'rate':
      return ofRate(limit, history, planned)
    case 'single':
      return { runs: history.filter(({ series }) => series[limit.family] !== undefined).length }
  }
}

function ofQuantile(limit: Limit, history: readonly Summary[], planned: Planned): Found {
  const { better } = metricRow(limit.family)
  const q = limit.quantile ?? MEDIAN
  const runs = history.flatMap(({ series, startedAt }) => {
    const own = series[limit.family]
    if (own === undefined) return []
    return { ...(better === 'lower' ? own : mirrored(own)), at: Date.parse(startedAt) }
  })
  const kind = endpointKind(history.flatMap((run) => waitSeries(run) ?? []))
  const baseline = quantileBaseline(runs, { q, kind })
  if (typeof baseline === 'string')
    return history.length === 0 ? assumed(limit, planned) : { runs: 0 }
  const centre = Math.exp(baseline.runs.centre)
  const plan: PlannedRun = {
    history: baseline.runs,
    perRequestLow: baseline.perRequestLow,
    threshold: thresholdOf(limit, better === 'lower' ? centre : 1000 / centre),
    level: planned.level,
  }
  return { runs: baseline.runs.runs, detectable: inRatios(plan, planned.requests) }
}

/** Sampling error of a percentile is c/sqrt n in a usual, heavy-tailed latency distribution. */
function assumed(limit: Limit, planned: Planned): Found {
  const q = limit.quantile ?? MEDIAN
  const variance = usualSampling(q) ** 2 / planned.requests
  const run = { value: 0, low: variance, up: variance, count: planned.requests }
  const plan: PlannedRun = {
    history: runToRun([run], {
      priors: (sampling) => spreadPriors(UNKNOWN_KIND, q, { variance: sampling, inflation: 1 }),
      inflation: 1,
      shared: 1 - UNKNOWN_KIND.own,
      waiting: 1,
    }),
    perRequestLow: variance * planned.requests,
    threshold: thresholdOf(limit, Number.POSITIVE_INFINITY),
    level: planned.level,
  }
  return { runs: 0, detectable: inRatios(plan, planned.requests) }
}

function ofMean(limit: Limit, history: readonly Summary[], planned: Planned): Found {
  const means = history.flatMap((summary) => {
    const total = totalOf(summary, limit.family)
    if (total === undefined || total.values.length < FEWEST) return []
    const mean = logMean(total.values, total.classes, total.divisor)
    return Number.isFinite(mean.value) ? [{ ...mean, count: total.values.length }] : []
  })
  if (means.length === 0) {
    if (history.length > 0) return { runs: 0 }
    const prior = meanBaseline([{ value: 0, variance: 0, count: planned.requests }]).runs
    const plan = {
      history: prior,
      perRequestLow: 0,
      threshold: thresholdOf(limit, Number.POSITIVE_INFINITY),
      level: planned.level,
    }
    return { runs: 0, detectable: inRatios(plan, planned.requests) }
  }
  const baseline = meanBaseline(means)
  const plan: PlannedRun = {
    history: baseline.runs,
    perRequestLow: baseline.perRequest,
    threshold: thresholdOf(limit, Math.exp(baseline.runs.centre)),
    level: planned.level,
  }
  return { runs: means.length, detectable: inRatios(plan, planned.requests) }
}

function ofRate(limit: Limit, history: readonly Summary[], planned: Planned): Found {
  const rates = history.flatMap((summary) => badEventsOf(summary, limit.family) ?? [])
  if (rates.length === 0) return { runs: 0 }
  const law = failureLaw(rates)
  const { threshold } = rateThresholds(toleranceOf(limit))
  const plan = { trials: planned.requests, threshold, level: planned.level }
  const best = detectableRateAtBest(law, plan)
  return { runs: rates.length, detectable: { at80: detectableRate(law, plan), best } }
}

function toleranceOf({ worsening = 0, floor, mustDetect }: Limit): Tolerance {
  return { worsening, floor, mustDetect }
}

function thresholdOf(limit: Limit, baseline: number): number {
  return ratioThresholds(toleranceOf(limit), baseline, metricRow(limit.family).better).threshold
}

function inRatios(plan: PlannedRun, requests: number): Detectable {
  return {
    at80: Math.expm1(detectableChange(plan, requests)),
    best: Math.expm1(detectableChange(plan, Number.POSITIVE_INFINITY)),
  }
}
