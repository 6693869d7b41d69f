// Everything there is to say of a rate: errors, goodput.

import type { MetricComparison, RelativeTest } from '../../model/comparison.ts'
import { badEventsOf } from '../../model/summary.ts'
import type { Detectable, Reason } from '../../model/verdict.ts'
import { detectableRate, detectableRateAtBest } from '../../stats/detectable-rate.ts'
import { type FailureLaw, failureLaw } from '../../stats/failure-rate.ts'
import type { Rate } from '../../stats/newcombe.ts'
import { rateCeiling } from './ceiling.ts'
import { type Context, headingOf, levelsOf } from './context.ts'
import { type Metric, naturalDifference, orderedDifference, rateBounds } from './metric.ts'
import { rateAgainstHistory, rateAgainstReference } from './rate.ts'

export function compareRate(metric: Metric, context: Context): MetricComparison {
  const law = lawOf(metric, context)
  const baseline =
    'kind' in law ? { history: 0 } : { baseline: inUnit(metric, law.pooled), history: law.runs }
  const own = badEventsOf(context.candidate, metric.family)
  if (own === undefined) {
    return { ...headingOf(metric), ...baseline, requests: 0, missing: { kind: 'no-samples' } }
  }
  const relative = relativeOf(metric, context, { own, law })
  const ceiling = metric.limit?.ceiling
  const detectable = detectableOf(metric, law, own.trials)
  const missing: Reason = 'kind' in law ? law : { kind: 'no-samples' }
  return {
    ...headingOf(metric),
    ...baseline,
    candidate: inUnit(metric, own),
    requests: own.trials,
    ...changeOf(metric, relative, context),
    ...(relative === undefined ? { missing } : { relative }),
    ceiling:
      ceiling === undefined
        ? undefined
        : rateCeiling(own, 'kind' in law ? undefined : law.pooled, { metric, ceiling }),
    detectable,
  }
}

function lawOf(metric: Metric, { history, candidate }: Context): FailureLaw | Reason {
  if (history.problem !== undefined) return history.problem
  if (history.runs.length === 0) return { kind: 'no-history' }
  // What is valid by another expectation is another number.
  const alike = history.runs.filter(
    ({ answers }) =>
      metric.family !== 'answer_validity' ||
      answers?.expectation === candidate.answers?.expectation,
  )
  const rates = alike.flatMap((run) => badEventsOf(run, metric.family) ?? [])
  if (rates.length > 0) return failureLaw(rates)
  return { kind: 'history-unusable', problem: 'no run of it has this metric' }
}

function relativeOf(
  metric: Metric,
  context: Context,
  against: { readonly own: Rate; readonly law: FailureLaw | Reason },
): RelativeTest | undefined {
  const { own, law } = against
  const levels = levelsOf(metric, context)
  const { paired } = context
  const arms = paired && {
    own: badEventsOf(paired.candidate, metric.family),
    reference: badEventsOf(paired.reference, metric.family),
  }
  if (arms?.own !== undefined && arms.reference !== undefined) {
    if (paired?.movement !== undefined) {
      const earlier = { own: arms.own, law: failureLaw([arms.reference]) }
      return rateAgainstHistory(metric, earlier, { levels: levels.pairs, evidence: 'earlier' })
    }
    const beside = {
      own: arms.own,
      reference: arms.reference,
      law: 'kind' in law ? undefined : law,
    }
    return rateAgainstReference(metric, beside, levels.pairs)
  }
  return 'kind' in law
    ? undefined
    : rateAgainstHistory(metric, { own, law }, { levels: levels.history, evidence: 'history' })
}

function changeOf(
  metric: Metric,
  relative: RelativeTest | undefined,
  { paired }: Context,
): Partial<Pick<MetricComparison, 'change' | 'interval' | 'baseline' | 'candidate' | 'requests'>> {
  if (relative === undefined) return {}
  const own = paired && badEventsOf(paired.candidate, metric.family)
  const other = paired && badEventsOf(paired.reference, metric.family)
  const arms =
    relative.evidence !== 'history' && own !== undefined && other !== undefined
      ? {
          baseline: inUnit(metric, other),
          candidate: inUnit(metric, own),
          requests: own.trials,
        }
      : {}
  return {
    ...arms,
    change: naturalDifference(metric, relative.difference),
    interval: orderedDifference(metric, ...relative.interval),
  }
}

function inUnit({ row }: Metric, { events, trials }: Rate): number {
  return row.better === 'lower' ? events / trials : 1 - events / trials
}

function detectableOf(
  metric: Metric,
  law: FailureLaw | Reason,
  trials: number,
): Detectable | undefined {
  if ('kind' in law) return undefined
  const threshold = rateBounds(metric)?.threshold ?? 0
  const plan = { trials, threshold, level: metric.level }
  return { at80: detectableRate(law, plan), best: detectableRateAtBest(law, plan) }
}
