// A percentile of the candidate against the same percentile of the history's runs.

import type { MetricFamily } from '../../model/metric.ts'
import { MEDIAN } from '../../model/metric.ts'
import type { Summary } from '../../model/summary.ts'
import type { Reason } from '../../model/verdict.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import { differenceFromHistory } from '../../stats/difference.ts'
import type { EndpointKind } from '../../stats/endpoint-kind.ts'
import { compareFailureRates, failureLaw } from '../../stats/failure-rate.ts'
import {
  type QuantileBaseline,
  quantileBaseline,
  type RecordedValues,
  statisticOf,
  type Unusable,
  withRefused,
} from '../../stats/quantile-baseline.ts'
import { sampleOf, type Values } from '../../stats/sample.ts'
import { FEWEST, fewestToFail, fewestToPass } from '../../stats/threshold.ts'
import type { Contrast } from './contrast.ts'
import { type Metric, recordedValues } from './metric.ts'

/** The history's runs that can speak of this percentile, or why none can. */
export function quantileHistory(
  metric: Metric,
  history: readonly Summary[],
  of: { readonly candidate: RecordedValues | undefined; readonly kind: EndpointKind },
): QuantileBaseline | Reason {
  if (history.length === 0) return { kind: 'no-history' }
  const runs = history.flatMap((run) => recordedValues(metric, run) ?? [])
  const baseline = quantileBaseline(runs, { q: metric.quantile ?? MEDIAN, ...of })
  return typeof baseline === 'string'
    ? { kind: 'history-unusable', problem: PROBLEMS[baseline] }
    : baseline
}

const PROBLEMS: Readonly<Record<Unusable, string>> = {
  missing: 'no run of it has this metric',
  'too-small': `its runs have fewer than ${FEWEST} requests each`,
  failures: 'failures reach this percentile in every run of it',
}

export type OwnValues = {
  readonly values: Values
  /** Refused at once; and how many of them are more than the history makes usual. */
  readonly refused: number
  readonly unusual: number
}

/**
 * Refusals beyond those that an unchanged endpoint has in 95 of 100 cases: ranked slower than everything
 * against a pass. The usual ones are in both, and are the error rate's business. Without a history
 * all are unusual.
 */
export function unusualRefusals(
  family: MetricFamily,
  candidate: Summary,
  history: readonly Summary[],
): number {
  const refused = candidate.series[family]?.refused ?? 0
  const before = history.flatMap(({ series }) => {
    const own = series[family]
    return own === undefined ? [] : { events: own.refused ?? 0, trials: own.of }
  })
  if (refused === 0 || before.length === 0) return refused
  const law = failureLaw(before)
  const trials = candidate.series[family]?.of ?? refused
  let usual = 0
  while (usual < refused && compareFailureRates({ events: usual + 1, trials }, law).p > ALPHA) {
    usual += 1
  }
  return refused - usual
}

/** Undefined when failures reach the candidate's percentile. */
export function againstHistory(
  metric: Metric,
  candidate: OwnValues,
  history: QuantileBaseline,
): Contrast | undefined {
  const q = metric.quantile ?? MEDIAN
  const sample = sampleOf(candidate.values)
  const own = statisticOf(sample, q, history.design)
  if (!Number.isFinite(own.value)) return undefined
  const { runs, inflation } = history
  const difference = differenceFromHistory(own, runs, inflation)
  const worst = statisticOf(withRefused(sample, candidate.unusual), q, history.design)
  return {
    source: 'history',
    difference,
    withFailures:
      candidate.unusual === 0 ? difference : differenceFromHistory(worst, runs, inflation),
    has: sample.requests === undefined ? sample.finite : sample.from,
    needsToFail: fewestToFail(q),
    needsToPass: fewestToPass(q, ALPHA),
    spread: {
      between: runs.between,
      withinFail: own.count * (difference.low ** 2 - runs.between),
      withinPass: own.count * (difference.up ** 2 - runs.between),
      df: runs.df,
    },
  }
}
