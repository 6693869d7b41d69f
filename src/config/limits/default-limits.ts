// The limits of a gate that states none, and what a pass has to rule out where a limit does not say.
// A default limit is one that the gate's own number of requests can satisfy: a limit that can only
// fail or be inconclusive would leave every pull request undecided. Documented in the schema; the
// reasons are in docs/decisions.

import type { Limit } from '../../model/config.ts'
import { MEDIAN, type MetricFamily, metricRow } from '../../model/metric.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import type { WaitFamily } from '../../model/wait.ts'
import { fewestToPass } from '../../stats/threshold.ts'
import type { RawPrices } from '../raw-config.ts'

/** `samples`: requests and probes, what the wait and the error rate are read from. */
export function defaultLimits(gate: {
  readonly samples: number
  readonly prices: RawPrices | undefined
  /** What is waited for. */
  readonly waits: WaitFamily
  /** Full answers to prompts that say what an answer must be. Absent = none. */
  readonly expecting?: number
}): readonly Limit[] {
  return [
    ...waitLimits(gate.waits).filter(
      ({ quantile }) => gate.samples >= fewestToPass(quantile, ALPHA),
    ),
    errorRate(gate.samples),
    ...(gate.expecting ? [answerValidity(gate.expecting)] : []),
    ...costLimits(gate.prices, gate.samples),
  ]
}

/** Also those that need more samples than a gate has. */
export function waitLimits(family: WaitFamily): readonly (Limit & { readonly quantile: number })[] {
  return WAIT_LIMITS.map((limit) => ({
    ...limit,
    mustDetect: interpolate(limit.quantile),
    metric: `${family}_p${100 * limit.quantile}`,
    family,
    autoDetect: true,
    stated: false,
  }))
}

const WAIT_LIMITS = [
  { quantile: MEDIAN, worsening: 0.1, floor: 5 },
  { quantile: 0.95, worsening: 0.15, floor: 10 },
  { quantile: 0.99, worsening: 0.25, floor: 20 },
] as const

function errorRate(samples: number): Limit {
  return {
    metric: 'error_rate',
    family: 'error_rate',
    worsening: 0.01,
    floor: 0,
    ceiling: atLeastShown(0.05, 3 / samples),
    mustDetect: defaultMustDetect({ family: 'error_rate' }, samples),
    autoDetect: true,
    stated: false,
  }
}

/** What an answer must be is stated, so that an answer that is not has to count. */
function answerValidity(samples: number): Limit {
  return {
    metric: 'answer_validity',
    family: 'answer_validity',
    worsening: 0.02,
    floor: 0,
    // A baseline of rubbish would make rubbish pass: an expectation that most answers miss is a fault.
    ceiling: 0.5,
    mustDetect: defaultMustDetect({ family: 'answer_validity' }, samples),
    autoDetect: true,
    stated: false,
  }
}

/** Tokens are counted, so their cost hardly varies; GPU hours are time, and vary as a usual wait does. */
function costLimits(prices: RawPrices | undefined, samples: number): readonly Limit[] {
  if (prices === undefined) return []
  const isTime = prices.gpu_hour !== undefined
  return [
    {
      metric: 'cost_per_answer',
      family: 'cost_per_answer',
      worsening: isTime ? WAIT_LIMITS[0].worsening : 0.05,
      floor: 0,
      mustDetect: isTime
        ? interpolate(MEDIAN)
        : defaultMustDetect({ family: 'cost_per_answer' }, samples),
      autoDetect: true,
      stated: false,
    },
  ]
}

/**
 * On the limit's own scale: a ratio minus one, or a difference for rates. `samples` are the requests
 * that feed the metric.
 */
export function defaultMustDetect(
  { family, quantile }: { readonly family: MetricFamily; readonly quantile?: number },
  samples: number,
): number {
  const { mustDetect, statistic } = metricRow(family)
  if (mustDetect === undefined) return interpolate(quantile ?? MEDIAN)
  return statistic === 'rate' ? rateToRuleOut(mustDetect, samples) : mustDetect
}

/**
 * Without a single failure in n requests a rate of about 3/n is still possible at 95 % (rule of
 * three), and about 4/n more than a short history without one.
 */
function rateToRuleOut(usual: number, samples: number): number {
  return atLeastShown(usual, 4 / samples)
}

/** The larger one, rounded up to a tenth of a point, at most everything. */
function atLeastShown(usual: number, shown: number): number {
  return Math.min(1, Math.max(usual, Math.ceil(Number((shown * 1000).toFixed(6))) / 1000))
}

/** Quantile and the worsening a pass rules out, from which the others are interpolated. */
const BY_QUANTILE = [
  [MEDIAN, 0.2],
  [0.9, 0.25],
  [0.95, 0.3],
  [0.99, 0.5],
] as const

/** Linear between the table's quantiles, constant outside them, to a thousandth. */
function interpolate(quantile: number): number {
  let lowQuantile = 0
  let low: number = BY_QUANTILE[0][1]
  for (const [highQuantile, high] of BY_QUANTILE) {
    if (quantile <= highQuantile) {
      const share = (quantile - lowQuantile) / (highQuantile - lowQuantile)
      return Number((low + share * (high - low)).toFixed(3))
    }
    lowQuantile = highQuantile
    low = high
  }
  return low
}
