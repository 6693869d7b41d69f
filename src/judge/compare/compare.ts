// Numbers of a candidate run against its history, its reference arm, its ceilings and the epoch's
// first runs, for every metric that is limited or always shown. No policy and no verdict: `decide`
// makes those. Same inputs, same numbers, to the last bit.

import type { Comparison, Looks, MetricComparison, Paired } from '../../model/comparison.ts'
import type { Limit } from '../../model/config.ts'
import {
  METRICS,
  type MetricFamily,
  type MetricId,
  metricRow,
  parseMetricId,
} from '../../model/metric.ts'
import { type Summary, unknownOf } from '../../model/summary.ts'
import { SHOWN_OF_TURNS } from '../../model/turn-metrics.ts'
import type { Reason } from '../../model/verdict.ts'
import { ALPHA, ONE_LOOK } from '../../model/verdict-policy.ts'
import { alwaysShown, waitFamilyOf, waitSeries } from '../../model/wait.ts'
import { betweenMeasurements } from '../../stats/between-measurements.ts'
import type { EndpointKind } from '../../stats/endpoint-kind.ts'
import { endpointKind } from '../../stats/quantile-baseline.ts'
import { fewestToPass } from '../../stats/threshold.ts'
import { errorWeight, reachOf } from '../error-weight.ts'
import { type Context, headingOf, type Usable } from './context.ts'
import { compareMean } from './mean-metric.ts'
import type { Metric } from './metric.ts'
import { compareQuantile } from './quantile-metric.ts'
import { compareRate } from './rate-metric.ts'
import { compareSingle } from './single-metric.ts'

export { headingOf, labelOf } from './context.ts'
export { compareShare, type ShareTest } from './share.ts'

export type ComparisonInput = {
  readonly candidate: Summary
  /** Accepted runs, oldest first. */
  readonly history: readonly Summary[]
  /** The epoch's first runs, against which small steps are summed. */
  readonly anchor: readonly Summary[]
  readonly limits: readonly Limit[]
  /** Metrics to compare although they have no limit. */
  readonly shown?: readonly MetricId[]
  readonly paired?: PairedSummaries
  /** Absent: this is the only look there will be. */
  readonly looks?: Looks
}

export type PairedSummaries = Omit<Paired, 'movement'> & {
  /** The reference was measured at another time: whose server both asked. Absent = in alternation. */
  readonly apart?: 'own-server' | 'any-server'
}

/** Throws a TypeError for a metric id that `parseMetricId` does not know: a bug of the caller. */
export function compare(input: ComparisonInput): Comparison {
  const { candidate, limits } = input
  const paired = input.paired && withMovement(input.paired, input.history)
  const history = usableRuns(candidate, input.history)
  const anchor = usableRuns(candidate, input.anchor).runs
  const looks = input.looks ?? ONE_LOOK
  const kind = kindOfEndpoint(history.runs)
  const context: Context = { candidate, history, anchor, paired, looks, kind }
  const shown = [...limits.map(({ metric }) => metric), ...(input.shown ?? usuallyShown(candidate))]
  const gated = limits.filter((limit) => shortOf(limit, candidate) === undefined)
  const metrics = metricsOf(gated, shown, looks)
  return {
    metrics: metrics.map((metric) => {
      const settles = paired?.metrics?.includes(metric.id) ?? true
      const compared = compareMetric(metric, settles ? context : { ...context, paired: undefined })
      const short = limits.find(({ metric: id }) => id === metric.id && !gated.some(isOf(id)))
      return short === undefined ? compared : { ...compared, missing: shortOf(short, candidate) }
    }),
    historyRuns: history.runs.length,
    paired: paired !== undefined,
    movement: paired?.movement,
  }
}

function withMovement({ apart, ...paired }: PairedSummaries, history: readonly Summary[]): Paired {
  if (apart === undefined) return paired
  return {
    ...paired,
    movement: betweenMeasurements(apart === 'own-server' ? OWN : kindOfEndpoint(history)),
  }
}

const OWN: EndpointKind = { own: 1 }

/** What the server said of itself is shown wherever it did. */
function usuallyShown(candidate: Summary): readonly MetricId[] {
  const { series } = candidate
  const exported = METRICS.filter(({ family, from }) => {
    return from === 'server' && series[family] !== undefined
  })
  return [
    ...alwaysShown(waitFamilyOf(candidate)),
    ...(series.later_turn_ttft === undefined ? [] : SHOWN_OF_TURNS),
    ...exported.map(({ family }) => family),
  ]
}

function isOf(id: MetricId): (limit: Limit) => boolean {
  return ({ metric }) => metric === id
}

/**
 * A limit that nobody stated is one that the run can satisfy. Where the first tokens it counted on
 * were not asked for after all (probes that tell nothing, a budget that ended), it is left out as it
 * is for a smaller plan. Failures leave nothing out: they were asked for.
 */
function shortOf({ stated, family, quantile }: Limit, candidate: Summary): Reason | undefined {
  const has = candidate.series[family]?.of
  if (stated || quantile === undefined || has === undefined) return undefined
  const needs = fewestToPass(quantile, ALPHA)
  return has < needs ? { kind: 'too-few-requests', has, needs } : undefined
}

/** Read from what every run has: TTFT, or the latency of a whole answer; others follow it. */
export function kindOfEndpoint(history: readonly Summary[]): EndpointKind {
  return endpointKind(history.flatMap((run) => waitSeries(run) ?? []))
}

function metricsOf(
  limits: readonly Limit[],
  shown: readonly MetricId[],
  { pairs }: Looks,
): readonly Metric[] {
  const relative = limits.filter((limit) => limit.worsening !== undefined)
  const weights = relative.reduce((sum, limit) => sum + errorWeight(limit), 0)
  const limited = new Map(limits.map((limit) => [limit.metric, limit]))
  const metrics = [...new Set([...limited.keys(), ...shown])].map((id) => {
    const parsed = parseMetricId(id)
    if (parsed === undefined) throw new TypeError(`unknown metric id ${id}`)
    const level = weights === 0 ? ALPHA : Math.min(ALPHA, (ALPHA * errorWeight(parsed)) / weights)
    const limit = limited.get(id)
    // While pairs may follow, what they could still show is not passed over: little of an extreme.
    const isAsked = pairs.taken < pairs.planned && reachOf(parsed) !== 'extreme'
    const auto = limit?.autoDetect === true && !isAsked
    return { ...parsed, row: metricRow(parsed.family), limit, level, auto }
  })
  return metrics.sort(
    (a, b) =>
      METRICS.indexOf(a.row) - METRICS.indexOf(b.row) || (a.quantile ?? 0) - (b.quantile ?? 0),
  )
}

function compareMetric(metric: Metric, context: Context): MetricComparison {
  const what = unknownOf(context.candidate, metric.family)
  if (what !== undefined) {
    const missing = { kind: 'unknown-in-import', what } as const
    return { ...headingOf(metric), history: 0, requests: 0, missing }
  }
  const knowing = {
    ...context,
    history: runsThatKnow(metric.family, context.history),
    anchor: runsThatKnow(metric.family, { runs: context.anchor }).runs,
  }
  switch (metric.row.statistic) {
    case 'quantile':
      return compareQuantile(metric, knowing)
    case 'mean':
      return compareMean(metric, knowing)
    case 'rate':
      return compareRate(metric, knowing)
    case 'single':
      return compareSingle(metric, knowing)
  }
}

/**
 * Which runs of a history may be compared with a candidate at all. Numbers of another load shape or
 * another definition of TTFT are never compared, wherever they came from.
 */
export function usableRuns(candidate: Summary, stored: readonly Summary[]): Usable {
  const history = inOrder(stored)
  const sameShape = history.filter((run) => run.loadShapeHash === candidate.loadShapeHash)
  const runs = sameShape.filter((run) => run.ttftDefinition === candidate.ttftDefinition)
  if (runs.length > 0 || history.length === 0) return { runs }
  const problem =
    sameShape.length === 0
      ? 'all its runs have another load shape'
      : 'all its runs define TTFT differently'
  return { runs, problem: { kind: 'history-unusable', problem } }
}

/** Oldest first, whatever the order they were given in; runs of one moment keep theirs. */
function inOrder(runs: readonly Summary[]): readonly Summary[] {
  const moment = ({ startedAt }: Summary) => Date.parse(startedAt) || 0
  return [...runs].sort((one, other) => moment(one) - moment(other))
}

/** Without the runs whose imported files cannot say this metric: their numbers would be guesses. */
function runsThatKnow(family: MetricFamily, usable: Usable): Usable {
  const runs = usable.runs.filter((run) => unknownOf(run, family) === undefined)
  if (runs.length === usable.runs.length) return usable
  if (runs.length > 0) return { runs }
  const problem = 'the imported files of all its runs say nothing of it'
  return { runs, problem: { kind: 'history-unusable', problem } }
}
