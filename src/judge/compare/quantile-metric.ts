// Everything there is to say of one percentile of one candidate.

import type { MetricComparison, RelativeTest } from '../../model/comparison.ts'
import { changesBetween } from '../../model/member-changes.ts'
import { MEDIAN } from '../../model/metric.ts'
import { isPriceMember } from '../../model/price-members.ts'
import type { Summary } from '../../model/summary.ts'
import type { Reason } from '../../model/verdict.ts'
import { binomialUpperTail } from '../../stats/binomial.ts'
import { clumping } from '../../stats/clumping.ts'
import { compareFailureRates, failureLaw } from '../../stats/failure-rate.ts'
import type { Rate } from '../../stats/newcombe.ts'
import type { QuantileBaseline, RecordedValues } from '../../stats/quantile-baseline.ts'
import { logAtRank, percentileOf } from '../../stats/quantile-statistic.ts'
import type { LevelStep } from '../../stats/run-to-run.ts'
import { sampleOf, type Values } from '../../stats/sample.ts'
import { quantileCeiling } from './ceiling.ts'
import { type Context, headingOf } from './context.ts'
import type { Contrast } from './contrast.ts'
import { detectableRatio } from './detectable-ratio.ts'
import { driftOf } from './drift.ts'
import {
  inUnit,
  type Metric,
  naturalRatio,
  ratioChange,
  recordedValues,
  valuesOf,
} from './metric.ts'
import { ratioTest } from './pairs.ts'
import { againstHistory, type OwnValues, quantileHistory, unusualRefusals } from './quantile.ts'

export function compareQuantile(metric: Metric, context: Context): MetricComparison {
  const values = recordedValues(metric, context.candidate)
  const history = historyOf(metric, context, values)
  if (values === undefined) {
    return {
      ...headingOf(metric),
      ...baselineOf(metric, history, context.history.runs),
      requests: 0,
      missing: { kind: 'no-samples' },
    }
  }
  const { candidate, history: before } = context
  const own = {
    values,
    refused: candidate.series[metric.family]?.refused ?? 0,
    unusual: unusualRefusals(metric.family, candidate, before.runs),
  }
  const relative = relativeOf(metric, context, { own, history })
  const drift = driftOf(metric, context, (anchor) => {
    const first = quantileHistory(metric, anchor, { candidate: values, kind: context.kind })
    if ('kind' in first) return undefined
    const found = againstHistory(metric, own, first)
    return found && { difference: found.difference, centre: first.runs.centre }
  })
  const beyond = beyondOf(metric, context, values)
  const ceiling = metric.limit?.ceiling
  const detectable = detectableRatio(
    metric,
    'kind' in history ? undefined : history,
    sampleOf(values).from,
  )
  return {
    ...headingOf(metric),
    ...baselineOf(metric, history, before.runs),
    ...ownValues(metric, values),
    requests: sampleOf(values).from,
    ...changeOf(metric, relative, context),
    ...(relative === undefined ? { missing: missingOf(history) } : { relative }),
    ceiling: ceiling === undefined ? undefined : quantileCeiling(metric, own, ceiling),
    beyond,
    drift,
    detectable,
  }
}

function historyOf(
  metric: Metric,
  { history, kind }: Context,
  candidate: RecordedValues | undefined,
): QuantileBaseline | Reason {
  return history.problem ?? quantileHistory(metric, history.runs, { candidate, kind })
}

function missingOf(history: QuantileBaseline | Reason): Reason {
  return 'kind' in history ? history : { kind: 'no-samples' }
}

function relativeOf(
  metric: Metric,
  context: Context,
  against: {
    readonly own: OwnValues
    readonly history: QuantileBaseline | Reason
  },
): RelativeTest | undefined {
  const { own, history } = against
  const stored: Contrast | undefined =
    'kind' in history ? undefined : againstHistory(metric, own, history)
  const baseline =
    'kind' in history ? referenceValue(metric, context) : Math.exp(history.runs.centre)
  return ratioTest(metric, context, { stored, baseline })
}

/** The reference arm's percentile, turned so that larger is worse. */
function referenceValue(metric: Metric, { paired }: Context): number | undefined {
  const values = paired && valuesOf(metric, paired.reference)
  return values && turnedQuantile(metric, values)
}

function turnedQuantile({ quantile = MEDIAN }: Metric, values: Values): number {
  return percentileOf(values, quantile)
}

function baselineOf(
  metric: Metric,
  history: QuantileBaseline | Reason,
  recorded: readonly Summary[],
): Pick<MetricComparison, 'baseline' | 'history' | 'step'> {
  if ('kind' in history) return { history: 0 }
  const { centre, runs, step } = history.runs
  return {
    baseline: inUnit(metric, Math.exp(centre)),
    history: runs,
    step: step && stepOf(metric, step, recorded),
  }
}

function stepOf(
  metric: Metric,
  { since, change, setAside }: LevelStep,
  recorded: readonly Summary[],
): MetricComparison['step'] {
  if (!Number.isFinite(since)) return undefined
  const iso = new Date(since).toISOString()
  const settings = settingsChangedAt(since, recorded)
  return { since: iso, change: naturalRatio(metric, change), setAside, settings }
}

/** Between the first run of the level and the one before it. Prices slow nothing down. */
function settingsChangedAt(
  since: number,
  recorded: readonly Summary[],
): readonly string[] | undefined {
  const timed = recorded
    .map(({ startedAt, subject }) => ({ at: Date.parse(startedAt), subject }))
    .sort((a, b) => a.at - b.at)
  const before = timed.findLast(({ at }) => at < since)
  const after = timed.find(({ at }) => at >= since)
  if (before === undefined || after === undefined) return undefined
  return changesBetween(before.subject, after.subject)
    .map(({ member }) => member)
    .filter((member) => !isPriceMember(member))
}

function ownValues(
  metric: Metric,
  values: Values,
): Pick<MetricComparison, 'candidate' | 'survivorsOnly'> {
  const { finite, sorted } = sampleOf(values)
  const candidate = inUnit(metric, turnedQuantile(metric, values))
  if (finite === sorted.length || finite === 0) return { candidate }
  const rank = 1 + (finite - 1) * (metric.quantile ?? MEDIAN)
  return { candidate, survivorsOnly: inUnit(metric, Math.exp(logAtRank(sorted, rank))) }
}

/** Where pairs decide, both values shown are those of the pairs. */
function changeOf(
  metric: Metric,
  relative: RelativeTest | undefined,
  context: Context,
): Partial<Pick<MetricComparison, 'change' | 'interval' | 'baseline' | 'candidate' | 'requests'>> {
  if (relative === undefined) return {}
  return {
    ...(relative.evidence !== 'history' ? armsOf(metric, context) : {}),
    ...ratioChange(metric, relative),
  }
}

function armsOf(
  metric: Metric,
  { paired }: Context,
): Partial<Pick<MetricComparison, 'baseline' | 'candidate' | 'requests'>> {
  const own = paired && valuesOf(metric, paired.candidate)
  const other = paired && valuesOf(metric, paired.reference)
  if (own === undefined || other === undefined) return {}
  return {
    baseline: inUnit(metric, turnedQuantile(metric, other)),
    candidate: inUnit(metric, turnedQuantile(metric, own)),
    requests: sampleOf(own).from,
  }
}

/**
 * Present when the percentile itself is +Infinity: failures alone reach it. They are judged against
 * what the percentile allows and, where there is a history, against how many the history had.
 */
function beyondOf(
  metric: Metric,
  { history, paired }: Context,
  values: Values,
): MetricComparison['beyond'] {
  const q = metric.quantile ?? MEDIAN
  const { sorted, finite } = sampleOf(values)
  const of = sorted.length
  if (logAtRank(sorted, 1 + (of - 1) * q) !== Number.POSITIVE_INFINITY) return undefined
  const own = waitedInVain(values)
  const reference = paired === undefined ? [] : [paired.reference]
  const runs = history.runs.length > 0 ? history.runs : reference
  const before = runs.flatMap((run) => {
    const each = valuesOf(metric, run)
    return each === undefined ? [] : waitedInVain(each)
  })
  const failed = of - finite
  const p = binomialUpperTail(failed / own.together, of / own.together, 1 - q)
  const unusual = before.length === 0 ? 0 : compareFailureRates(own, failureLaw(before)).p
  return { failed, of, p: Math.max(p, unusual) }
}

function waitedInVain(values: Values): Rate & { readonly together: number } {
  const inVain = values.values.map((value) => value === Number.POSITIVE_INFINITY)
  const { sorted, finite } = sampleOf(values)
  return { events: sorted.length - finite, trials: sorted.length, together: clumping(inVain) }
}
