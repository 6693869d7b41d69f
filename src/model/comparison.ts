// Numbers of a candidate against what it is compared with, metric by metric, without any judgement:
// `decide` alone turns them into verdicts, and nothing after it computes.

import type { MetricFamily, MetricId } from './metric.ts'
import type { MetricFigures } from './metric-figures.ts'
import type { Summary } from './summary.ts'
import type { Detectable, MetricJudgement, Reason } from './verdict.ts'

/** This look at the data and how many there may be. One look is {taken: 1, planned: 1}. */
export type LookCount = { readonly taken: number; readonly planned: number }

/**
 * Every occasion on which a verdict may be taken. Whether pairs may follow has to be known from the
 * first judgement on: it then leaves part of the allowed error to them.
 */
export type Looks = {
  /** Judgements of the planned (and added) requests against the history, this one included. */
  readonly history: LookCount
  /** Judgements of pairs against the reference arm. planned 0 = there will be none. */
  readonly pairs: LookCount
}

/** Values of both arms for one prompt and moment, in the metric's unit. +Infinity = failed. */
export type ValuePair = readonly [candidate: number, reference: number]

/** What was measured in alternation with the reference arm. */
export type Paired = {
  readonly candidate: Summary
  readonly reference: Summary
  readonly pairs: Readonly<Partial<Record<MetricFamily, readonly ValuePair[]>>>
  /** What deployments of the same thing lie apart of themselves, each as a deviation of logs. */
  readonly differs: number
  /**
   * Present where the reference was measured earlier instead of in alternation: the variance of what
   * the endpoint moves by between two measurements.
   */
  readonly movement?: number
  /** What it is to settle; other metrics keep their comparison with the history. Absent: all. */
  readonly metrics?: readonly MetricId[]
}

/** How the uncertainty of a test would change with more requests: variance = between + within/n. */
export type Spread = {
  /** Variance that no number of requests removes. */
  readonly between: number
  /** Variance of one request's worth of evidence, on the side that decides a fail, and a pass. */
  readonly withinFail: number
  readonly withinPass: number
  readonly df: number
}

/**
 * A change against the baseline, on the scale of the test: log ratio for quantiles and means,
 * difference for rates. Positive is always worse, whatever the metric.
 */
export type RelativeTest = {
  readonly evidence: 'history' | 'reference' | 'earlier'
  readonly difference: number
  /** Two-sided at `INTERVAL_LEVEL`, to be shown. */
  readonly interval: readonly [lower: number, upper: number]
  /** One-sided bounds at the levels of this look (95 % when there is only one). */
  readonly lower: number
  readonly upper: number
  /** `upper` with every failed request of the candidate ranked as slower than everything. */
  readonly upperWithFailures: number
  /** Chance of at least this worsening with no change; and counted for all looks. */
  readonly p: number
  readonly pForLooks: number
  /** What must be exceeded to fail, and ruled out to pass. Absent without a relative limit. */
  readonly threshold?: number
  readonly mustDetect?: number
  /** The worsening that this run would have shown with 95 % probability. Absent as those above. */
  readonly resolution?: number
  /** Successful requests (pairs, for a paired median), and how many a fail and a pass need. */
  readonly has: number
  readonly needsToFail: number
  readonly needsToPass: number
  /** Absent for rates. */
  readonly spread?: Spread
}

/** An objective that needs no baseline. It speaks of this run's minutes only. */
export type CeilingTest = {
  /** Requests on the wrong side of it, failures included. */
  readonly over: number
  readonly of: number
  /** Chance of at least so many, and of at most so many, were the metric exactly at the ceiling. */
  readonly pAbove: number
  readonly pWithin: number
  /** The same with the history's runs counted in, for rates that have one. */
  readonly withHistory?: { readonly over: number; readonly of: number; readonly pWithin: number }
  /** Requests with which a run without any violation would pass. */
  readonly needs: number
  /** Requests with which a run would pass at the share of violations seen. Absent where none do. */
  readonly settles?: number
}

/** The candidate against the epoch's first runs: the sum of all accepted steps. */
export type DriftTest = {
  /** Natural direction, as `change` of a judgement. */
  readonly total: number
  readonly interval: readonly [number, number]
  /** When the first of those runs was made, ISO 8601 UTC. */
  readonly since: string
  readonly runs: number
  /** On the scale of the test, positive = worse. */
  readonly difference: number
  readonly lower: number
  readonly p: number
  /** The relative limit, and the limit on the sum when there is one, on the same scale. */
  readonly threshold: number
  readonly tolerated?: number
}

export type MetricComparison = MetricFigures & {
  readonly family: MetricFamily
  /** 0..1; absent for families without a percentile. */
  readonly quantile?: number
  readonly relative?: RelativeTest
  /** Present exactly when there is no relative test: why. */
  readonly missing?: Reason
  readonly ceiling?: CeilingTest
  /** Failures that reach the percentile, and the chance of so many were it out of their reach. */
  readonly beyond?: { readonly failed: number; readonly of: number; readonly p: number }
  readonly drift?: DriftTest
  readonly detectable?: Detectable
  readonly step?: MetricJudgement['step']
}

export type Comparison = {
  readonly metrics: readonly MetricComparison[]
  /** As `Paired` has it. */
  readonly movement?: number
  /** Usable runs of the history, and whether a reference arm was measured. */
  readonly historyRuns: number
  readonly paired: boolean
}
