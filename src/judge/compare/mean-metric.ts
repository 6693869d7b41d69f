// Everything there is to say of a mean per answer: cost, output tokens.

import type { MetricComparison, RelativeTest } from '../../model/comparison.ts'
import type { CostSeries, Summary } from '../../model/summary.ts'
import type { Reason } from '../../model/verdict.ts'
import type { MeanBaseline, RunMean } from '../../stats/mean-baseline.ts'
import { meanCeiling } from './ceiling.ts'
import { type Context, headingOf } from './context.ts'
import { detectableRatio } from './detectable-ratio.ts'
import { driftOf } from './drift.ts'
import { meanAgainstHistory, meanHistory, meanOf } from './mean.ts'
import { type Metric, ratioChange } from './metric.ts'
import { ratioTest } from './pairs.ts'

export function compareMean(metric: Metric, context: Context): MetricComparison {
  const { candidate } = context
  const history = context.history.problem ?? meanHistory(metric, context.history.runs)
  const baseline =
    'kind' in history
      ? { history: 0 }
      : { baseline: Math.exp(history.runs.centre), history: history.runs.runs }
  const mean = meanOf(metric, candidate)
  if (mean === undefined) {
    const missing = missingOf(metric, candidate)
    return { ...headingOf(metric), ...baseline, ...billed(metric, candidate), missing }
  }
  const relative = relativeOf(metric, context, { mean, history })
  const drift = driftOf(metric, context, (anchor) => {
    const first = meanHistory(metric, anchor)
    if ('kind' in first) return undefined
    return {
      difference: meanAgainstHistory(mean, first).difference,
      centre: first.runs.centre,
    }
  })
  const ceiling = metric.limit?.ceiling
  const detectable = detectableRatio(
    metric,
    'kind' in history ? undefined : { ...history, perRequestLow: history.perRequest },
    mean.count,
  )
  const missing: Reason = 'kind' in history ? history : { kind: 'no-samples' }
  return {
    ...headingOf(metric),
    ...baseline,
    candidate: Math.exp(mean.value),
    requests: mean.count,
    ...changeOf(metric, relative, context),
    ...(relative === undefined ? { missing } : { relative }),
    ceiling:
      ceiling === undefined
        ? undefined
        : meanCeiling(metric, { summary: candidate, mean }, ceiling),
    drift,
    detectable,
  }
}

function missingOf({ family }: Metric, { cost }: Summary): Reason {
  if (family !== 'cost_per_answer') return { kind: 'no-samples' }
  if (!cost.known) return { kind: cost.reason }
  return isFree(cost) ? { kind: 'free' } : { kind: 'no-samples' }
}

/** Answers that cost nothing have a mean, though no logarithm of one. */
function billed({ family }: Metric, { cost }: Summary) {
  return family === 'cost_per_answer' && cost.known && isFree(cost)
    ? { candidate: 0, requests: cost.perRequestUsd.length }
    : { requests: 0 }
}

function isFree({ perRequestUsd, completed }: Extract<CostSeries, { known: true }>): boolean {
  return completed > 0 && perRequestUsd.every((usd) => usd === 0)
}

function relativeOf(
  metric: Metric,
  context: Context,
  against: { readonly mean: RunMean; readonly history: MeanBaseline | Reason },
): RelativeTest | undefined {
  const { mean, history } = against
  const stored = 'kind' in history ? undefined : meanAgainstHistory(mean, history)
  const reference = context.paired && meanOf(metric, context.paired.reference)
  const log = 'kind' in history ? reference?.value : history.runs.centre
  const baseline = log === undefined ? undefined : Math.exp(log)
  return ratioTest(metric, context, { stored, baseline })
}

function changeOf(
  metric: Metric,
  relative: RelativeTest | undefined,
  { paired }: Context,
): Partial<Pick<MetricComparison, 'change' | 'interval' | 'baseline' | 'candidate' | 'requests'>> {
  if (relative === undefined) return {}
  const own = paired && meanOf(metric, paired.candidate)
  const other = paired && meanOf(metric, paired.reference)
  const arms =
    relative.evidence !== 'history' && own !== undefined && other !== undefined
      ? { baseline: Math.exp(other.value), candidate: Math.exp(own.value), requests: own.count }
      : {}
  return {
    ...arms,
    ...ratioChange(metric, relative),
  }
}
