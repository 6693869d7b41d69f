// Both arms in alternation: whatever the provider does in these minutes, it does to both.

import type { Paired, RelativeTest, ValuePair } from '../../model/comparison.ts'
import { MEDIAN } from '../../model/metric.ts'
import { PER_HOUR } from '../../model/price-members.ts'
import type { Summary } from '../../model/summary.ts'
import { ALPHA, FEWEST_PAIRS } from '../../model/verdict-policy.ts'
import { combine, type Difference } from '../../stats/difference.ts'
import { designOf, inflationOf, statisticOf, withRefused } from '../../stats/quantile-baseline.ts'
import type { QuantileStatistic } from '../../stats/quantile-statistic.ts'
import { mirror, sampleOf } from '../../stats/sample.ts'
import { FEWEST, fewestToFail, fewestToPass } from '../../stats/threshold.ts'
import { trimmedMean } from '../../stats/trimmed-mean.ts'
import type { Context } from './context.ts'
import { levelsOf } from './context.ts'
import { type Contrast, relativeTest } from './contrast.ts'
import type { ErrorLevels } from './levels.ts'
import { meanOf } from './mean.ts'
import { type Bounds, type Metric, ratioBounds, valuesOf } from './metric.ts'

/**
 * A ratio by the pairs where there are any, else by the history. `baseline`: on the scale where larger is
 * worse, what the limit is a share of.
 */
export function ratioTest(
  metric: Metric,
  context: Context,
  {
    stored,
    baseline,
  }: { readonly stored: Contrast | undefined; readonly baseline: number | undefined },
): RelativeTest | undefined {
  const levels = levelsOf(metric, context)
  const bounds = baseline === undefined ? undefined : ratioBounds(metric, baseline)
  const paired =
    context.paired &&
    pairedTest(metric, context.paired, { fromHistory: stored, levels: levels.pairs, bounds })
  return paired ?? (stored && relativeTest(stored, levels.history, bounds))
}

/** The contrast of the pairs alone, put together with that of the history where there is some. */
function pairedTest(
  metric: Metric,
  paired: Paired,
  context: {
    readonly fromHistory: Contrast | undefined
    readonly levels: ErrorLevels
    readonly bounds: Bounds | undefined
  },
): RelativeTest | undefined {
  const found = pairedEvidence(metric, paired)
  if (found === undefined) return undefined
  // An earlier run and the history are compared with the same requests: two opinions of one sample.
  const isEarlier = paired.movement !== undefined
  const contrast = isEarlier ? found : withHistory(found, context.fromHistory)
  const source = isEarlier ? 'earlier' : 'reference'
  return relativeTest({ ...contrast, source }, context.levels, context.bounds)
}

function pairedEvidence(metric: Metric, paired: Paired): Contrast | undefined {
  if (metric.row.statistic === 'mean') return betweenMeans(metric, paired)
  const median = metric.quantile === MEDIAN ? medianOfPairs(metric, paired) : undefined
  return median ?? betweenArms(metric, paired)
}

function withHistory(found: Contrast, history: Contrast | undefined): Contrast {
  if (history === undefined) return found
  const failures = found.withFailures
  return {
    ...found,
    difference: combine(found.difference, history.difference),
    // Failures of the pairs that reach the percentile cannot be outvoted by an earlier hour.
    withFailures:
      Number.isFinite(failures.up) && Number.isFinite(failures.value)
        ? combine(failures, history.withFailures)
        : failures,
  }
}

/** Paired log ratios; a pair with a failed half is dropped, and ranked worst against a pass. */
function medianOfPairs(metric: Metric, paired: Paired): Contrast | undefined {
  const pairs = paired.pairs[metric.family] ?? []
  const ratios: number[] = []
  const ranked: number[] = []
  for (const pair of pairs) {
    const [candidate, reference] = turned(metric, pair)
    if (!Number.isFinite(reference)) continue
    const ratio = Math.log(candidate) - Math.log(reference)
    ranked.push(ratio)
    if (Number.isFinite(ratio)) ratios.push(ratio)
  }
  if (ratios.length < FEWEST_PAIRS) return undefined
  const between = betweenOf(paired)
  const difference = shiftOf(ratios, between)
  const within = ratios.length * (difference.low ** 2 - between)
  return {
    source: 'reference',
    difference,
    withFailures: ranked.length === ratios.length ? difference : shiftOf(ranked, between),
    has: ratios.length,
    needsToFail: FEWEST_PAIRS,
    needsToPass: FEWEST_PAIRS,
    spread: { between, withinFail: within, withinPass: within, df: difference.df },
  }
}

/** One machine that is asked twice: a tenth of a per cent, so that equal values are no certainty. */
const LEAST_DIFFERING = 0.001

/** Variance of the difference of two deployments of the same thing, and of two measurements. */
function betweenOf({ differs, movement = 0 }: Paired): number {
  return 2 * Math.max(differs, LEAST_DIFFERING) ** 2 + movement
}

function turned({ row }: Metric, [candidate, reference]: ValuePair): ValuePair {
  return row.better === 'lower' ? [candidate, reference] : [mirror(candidate), mirror(reference)]
}

/** More failures than the trimming takes make the shift infinite: then nothing can pass. */
function shiftOf(ratios: readonly number[], between: number): Difference {
  const { value, variance, df } = trimmedMean(ratios)
  if (!Number.isFinite(value)) return { value: Number.POSITIVE_INFINITY, low: 1, up: 1, df: 1 }
  const error = Math.sqrt(variance + between)
  return { value, low: error, up: error, df }
}

/** A tail: the arms' percentiles, each with its own sampling error; drift is common to both. */
function betweenArms(metric: Metric, paired: Paired): Contrast | undefined {
  const q = metric.quantile ?? MEDIAN
  const own = valuesOf(metric, paired.candidate)
  const other = valuesOf(metric, paired.reference)
  if (own === undefined || other === undefined) return undefined
  const samples = { own: sampleOf(own), other: sampleOf(other) }
  const design = designOf([own, other])
  const inflation = inflationOf([samples.own, samples.other], q)
  const reference = statisticOf(samples.other, q, design)
  if (!Number.isFinite(reference.value)) return undefined
  const refusedBy = ({ series }: Summary) => series[metric.family]?.refused ?? 0
  // Those of the same minutes are the provider's: what is more is ranked against a pass.
  const refused = Math.max(0, refusedBy(paired.candidate) - refusedBy(paired.reference))
  const candidate = statisticOf(samples.own, q, design)
  if (!Number.isFinite(candidate.value)) return undefined
  const worst = statisticOf(withRefused(samples.own, refused), q, design)
  const between = betweenOf(paired)
  const difference = unpaired(candidate, reference, { inflation, between })
  const count = Math.min(samples.own.finite, samples.other.finite)
  return {
    source: 'reference',
    difference,
    withFailures: unpaired(worst, reference, { inflation, between }),
    has: count,
    needsToFail: fewestToFail(q),
    needsToPass: fewestToPass(q, ALPHA),
    spread: {
      between,
      withinFail: count * (difference.low ** 2 - between),
      withinPass: count * (difference.up ** 2 - between),
      df: difference.df,
    },
  }
}

function unpaired(
  candidate: QuantileStatistic,
  reference: QuantileStatistic,
  { inflation, between }: { readonly inflation: number; readonly between: number },
): Difference {
  return {
    value: candidate.value - reference.value,
    low: Math.sqrt(inflation * (candidate.low + reference.up) + between),
    up: Math.sqrt(inflation * (candidate.up + reference.low) + between),
    df: Math.max(1, Math.min(candidate.count, reference.count) - 1),
  }
}

/** Two deployments cost the same per token: what is left is how long their answers are. */
const DEPLOYMENT_SPREAD_MEAN = 0.01

function betweenMeans(metric: Metric, paired: Paired): Contrast | undefined {
  const own = meanOf(metric, paired.candidate)
  const other = meanOf(metric, paired.reference)
  if (own === undefined || other === undefined) return undefined
  const count = Math.min(own.count, other.count)
  if (count < FEWEST) return undefined
  const between = 2 * DEPLOYMENT_SPREAD_MEAN ** 2 + movementOfCost(paired)
  const within = own.variance + other.variance
  const error = Math.sqrt(within + between)
  const difference = { value: own.value - other.value, low: error, up: error, df: count - 1 }
  const spread = { between, withinFail: count * within, withinPass: count * within, df: count - 1 }
  return {
    source: 'reference',
    difference,
    withFailures: difference,
    has: count,
    needsToFail: FEWEST,
    needsToPass: FEWEST,
    spread,
  }
}

/** Tokens are the same at any hour; what is paid by the hour is as slow as the server is. */
function movementOfCost({ candidate, movement = 0 }: Paired): number {
  return candidate.subject[PER_HOUR] === undefined ? 0 : movement
}
