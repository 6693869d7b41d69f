// What the runs of an unchanged endpoint say of the gate that would judge it: noise, kind, power, and
// the requests and limits that suit them.

import type {
  ArmsDiffer,
  Calibration,
  ChosenSettings,
  MetricNoise,
  SizeFinds,
} from '../model/calibration.ts'
import type { Gate, Limit } from '../model/config.ts'
import { isOfConversations } from '../model/conversation.ts'
import { MEDIAN, metricRow } from '../model/metric.ts'
import { type PlannedSize, plannedSamples } from '../model/planned-samples.ts'
import type { Run } from '../model/run.ts'
import type { Summary } from '../model/summary.ts'
import { ALPHA, DEPLOYMENT_SPREAD, FEWEST_PAIRS, MOST_DIFFERING } from '../model/verdict-policy.ts'
import { waitFamilyOf, waitSeries } from '../model/wait.ts'
import { type EndpointKind, spreadPriors } from '../stats/endpoint-kind.ts'
import { normalQuantileAbove } from '../stats/normal-distribution.ts'
import {
  endpointKind,
  type QuantileBaseline,
  quantileBaseline,
} from '../stats/quantile-baseline.ts'
import { mirror, mirrored } from '../stats/sample.ts'
import { fewestToPass } from '../stats/threshold.ts'
import { trimmedMean } from '../stats/trimmed-mean.ts'
import { detectability } from './detectability.ts'
import { waitRatios } from './pair-values.ts'

export type CalibrationRuns = {
  readonly gate: Pick<Gate, 'limits' | 'workload'>
  /** Oldest first, those recorded earlier included. */
  readonly summaries: readonly Summary[]
  readonly recorded: number
  /** Rounds of both arms in alternation. */
  readonly rounds: readonly { readonly candidate: Run; readonly reference: Run }[]
  /** What a run of a size would take, as far as is known. */
  readonly takes: (size: PlannedSize) => Pick<SizeFinds, 'usd' | 'ms'>
}

/** Answers a run that are worth a line. */
const SIZES = [50, 100, 200, 400]
/** A size is enough where twice as many and more find hardly less than this much more. */
const ENOUGH = 1.1

export function calibrate(by: CalibrationRuns): Calibration {
  const { gate, summaries, recorded, rounds } = by
  const kind = endpointKind(summaries.flatMap((run) => waitSeries(run) ?? []))
  const probes = probesFor(gate)
  const counts = [...new Set([...SIZES, gate.workload.requests])].sort((a, b) => a - b)
  const sizes = counts.map((requests) => sizeOf(by, { requests, probes: probes(requests) }))
  const requests = enoughOf(sizes)
  const { prompts } = gate.workload
  const size = { requests, probes: probes(requests), prompts }
  const noise = gate.limits.flatMap((limit) => noiseOf(limit, summaries, { kind, size }))
  const arms = rounds.length === 0 ? undefined : armsOf(rounds)
  return {
    runs: summaries.length,
    recorded,
    spanMs: spanOf(summaries),
    likeness: { own: kind.own, spread: likenessSpread(summaries, kind) },
    noise: noise.map(({ shown }) => shown),
    sizes,
    arms,
    chosen: chosenOf({ size, noise, arms }),
  }
}

/** As many first tokens as the outermost limited percentile needs, and some to spare for failures. */
function probesFor({
  limits,
  workload,
}: Pick<Gate, 'limits' | 'workload'>): (requests: number) => number {
  if (isOfConversations(workload)) return () => 0
  const outermost = Math.max(...limits.flatMap(({ family, quantile }) => outer(family, quantile)))
  const needed = Math.ceil((fewestToPass(Math.max(MEDIAN, outermost), ALPHA) * SPARE) / 10) * 10
  return (requests) => Math.max(0, needed - requests)
}

const SPARE = 1.07

function outer(family: Limit['family'], quantile: number | undefined): readonly number[] {
  const fed = metricRow(family).feeds === 'answers-and-probes'
  return fed && quantile !== undefined ? [quantile] : [MEDIAN]
}

function sizeOf({ gate, summaries, takes }: CalibrationRuns, size: PlannedSize): SizeFinds {
  const { prompts } = gate.workload
  const finds = detectability(gate.limits, summaries, { ...size, prompts }).map((found) => ({
    metric: found.metric,
    scale: found.scale,
    change: found.detectable?.at80,
  }))
  return { ...size, finds, ...takes(size) }
}

/** The smallest size that finds nearly what the largest does, in the first metric that has a figure. */
function enoughOf(sizes: readonly SizeFinds[]): number {
  const changeOf = ({ finds }: SizeFinds) =>
    finds.find(({ change }) => change !== undefined)?.change
  const best = changeOf(sizes.at(-1) ?? { requests: 0, probes: 0, finds: [] })
  const enough = sizes.find((size) => {
    const change = changeOf(size)
    return change === undefined || best === undefined || change <= best * ENOUGH
  })
  return Math.max(FEWEST_ANSWERS, enough?.requests ?? FEWEST_ANSWERS)
}

/** The error rate and the cost of an answer have answers to go by as well. */
const FEWEST_ANSWERS = 100

type Noise = { readonly shown: MetricNoise; readonly limit: Limit }

function noiseOf(
  limit: Limit,
  summaries: readonly Summary[],
  { kind, size }: { readonly kind: EndpointKind; readonly size: PlannedSize },
): readonly Noise[] {
  const { family, quantile: q, metric } = limit
  const row = metricRow(family)
  if (row.statistic !== 'quantile' || q === undefined) return []
  const baseline = baselineOf(limit, summaries, kind)
  if (baseline === undefined) return []
  const requests = plannedSamples(family, size)
  const { centre, within, requests: usual, apart, runs } = baseline.runs
  const level = Math.exp(centre)
  const variance = (within * usual) / requests
  const typical = spreadPriors(kind, q, { variance, inflation: baseline.inflation }).reduce(
    (sum, prior) => sum + prior.weight * prior.typical,
    0,
  )
  return [
    {
      limit,
      shown: {
        metric,
        level: row.better === 'lower' ? level : mirror(level),
        within: Math.expm1(Math.sqrt(variance)),
        between: Math.expm1(apart),
        reach: Math.expm1(normalQuantileAbove(ALPHA) * pooled({ apart, runs, typical })),
      },
    },
  ]
}

/** Runs count for what is usual of their kind (two of them) until there are many. */
function pooled(of: { readonly apart: number; readonly runs: number; readonly typical: number }) {
  const { apart, runs, typical } = of
  const own = Math.max(0, runs - 1)
  return Math.sqrt((own * apart ** 2 + USUAL * typical ** 2) / (own + USUAL))
}

const USUAL = 2

function baselineOf(
  { family, quantile: q = MEDIAN }: Pick<Limit, 'family' | 'quantile'>,
  summaries: readonly Summary[],
  kind: EndpointKind,
): QuantileBaseline | undefined {
  const { better } = metricRow(family)
  const runs = summaries.flatMap(({ series, startedAt }) => {
    const own = series[family]
    if (own === undefined) return []
    return { ...(better === 'lower' ? own : mirrored(own)), at: Date.parse(startedAt) }
  })
  const baseline = quantileBaseline(runs, { q, kind })
  return typeof baseline === 'string' ? undefined : baseline
}

function likenessSpread(summaries: readonly Summary[], kind: EndpointKind): number {
  const [newest] = summaries
  if (newest === undefined) return Number.NaN
  const family = waitFamilyOf(newest)
  const baseline = baselineOf({ family, quantile: MEDIAN }, summaries, kind)
  return baseline === undefined ? Number.NaN : baseline.runs.apart
}

/**
 * The trimmed mean of the log ratios within pairs, round by round. One pair of deployments is one
 * draw of what two differ by, so all of it is taken for what each may be off by.
 */
function armsOf(rounds: CalibrationRuns['rounds']): ArmsDiffer | undefined {
  const each = rounds.flatMap(({ candidate, reference }) => {
    const logs = waitRatios(candidate, reference)
    return logs.length < FEWEST_PAIRS
      ? []
      : [{ value: trimmedMean(logs).value, pairs: logs.length }]
  })
  if (each.length === 0) return undefined
  const mean = each.reduce((sum, { value }) => sum + value, 0) / each.length
  const square = each.reduce((sum, { value }) => sum + value ** 2, 0) / each.length
  return {
    rounds: each.length,
    pairs: each.reduce((sum, { pairs }) => sum + pairs, 0),
    mean: Math.expm1(mean),
    each: Math.expm1(Math.sqrt(square)),
  }
}

/** Shares that people write down. */
const STEPS = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1]

function chosenOf(from: {
  readonly size: PlannedSize
  readonly noise: readonly Noise[]
  readonly arms: ArmsDiffer | undefined
}): ChosenSettings {
  const { size, noise, arms } = from
  const limits = noise.flatMap(({ limit, shown }) =>
    limit.worsening === undefined
      ? []
      : [{ metric: limit.metric, increase: STEPS.find((step) => step >= shown.reach) ?? 1 }],
  )
  const differs = arms === undefined ? 0 : Math.ceil(arms.each * 200) / 200
  const isStated = differs > DEPLOYMENT_SPREAD && differs <= MOST_DIFFERING
  return { ...size, limits, ...(isStated ? { differs } : {}) }
}

function spanOf(summaries: readonly Summary[]): number {
  const moments = summaries.map(({ startedAt }) => Date.parse(startedAt)).filter(Number.isFinite)
  return moments.length === 0 ? 0 : Math.max(...moments) - Math.min(...moments)
}
