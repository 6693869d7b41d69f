// Everything there is to say of one number of a whole run: a cold start, what the server says of itself.
// The run's number against the forecast of the history's, on the log scale, where positive is worse; a
// ceiling against the number itself. Pairs say nothing of it: both arms may ask one server.

import type { CeilingTest, MetricComparison, RelativeTest } from '../../model/comparison.ts'
import type { MetricUnit } from '../../model/metric.ts'
import type { Summary } from '../../model/summary.ts'
import type { Reason } from '../../model/verdict.ts'
import type { SpreadPrior } from '../../stats/level-forecast.ts'
import { type MeanBaseline, meanBaseline, type RunMean } from '../../stats/mean-baseline.ts'
import { type Context, headingOf, levelsOf } from './context.ts'
import { relativeTest } from './contrast.ts'
import { detectableRatio } from './detectable-ratio.ts'
import { driftOf } from './drift.ts'
import { meanAgainstHistory } from './mean.ts'
import { type Metric, ratioBounds, ratioChange } from './metric.ts'

/** How far two cold starts of the same thing lie apart before anything is known of them: 30 %. */
const COLD_START_SPREAD = 0.3

/**
 * What a server says is exact, and its runs lie apart by what nobody knows beforehand: 50 %, in great
 * doubt. So an unchanged number whose runs lie 10 or 60 % apart fails in at most 3 or 7 of 100 after 3
 * to 10 runs, and three times as much is found in 99 to 100 or about 40.
 */
const SERVER_SPREAD: readonly SpreadPrior[] = [{ typical: 0.5, doubt: 0.9, weight: 1 }]
const SERVER_ERROR = 0.02

/** Of a metric that a run has one value of, one run is enough to be compared, with all its uncertainty. */
const FEWEST_VALUES = 1

export function compareSingle(metric: Metric, context: Context): MetricComparison {
  const { candidate } = context
  const value = numberOf(metric, candidate)
  const history = context.history.problem ?? historyOf(metric, context.history.runs)
  const before = 'kind' in history ? { history: 0 } : baselineOf(metric, context, history)
  if (value === undefined) {
    return { ...headingOf(metric), ...before, requests: 0, missing: missingOf(metric) }
  }
  const own = onScale(metric, value)
  const relative = relativeOf(metric, context, { own, history })
  const drift = driftOf(metric, context, (anchor) => {
    const first = historyOf(metric, anchor)
    if ('kind' in first) return undefined
    const { difference } = meanAgainstHistory(own, first, FEWEST_VALUES)
    return { difference, centre: inUnitLog(metric, first.runs.centre) }
  })
  const ceiling = metric.limit?.ceiling
  return {
    ...headingOf(metric),
    ...before,
    candidate: value,
    requests: 1,
    ...(relative && ratioChange(metric, relative)),
    ...('kind' in history ? { missing: history } : { relative }),
    ceiling: ceiling === undefined ? undefined : ceilingTest(metric, value, ceiling),
    drift,
    detectable: detectableOf(metric, history),
  }
}

function missingOf({ row }: Metric): Reason {
  return { kind: row.feeds === 'server' ? 'not-exported' : 'no-samples' }
}

function numberOf({ family }: Metric, summary: Summary): number | undefined {
  return summary.series[family]?.values[0]
}

/** What is less counts as this much: nothing has no logarithm, and below it nothing is worth a word. */
function leastOf(unit: MetricUnit): number {
  return unit === 'ratio' ? 0.01 : 1
}

function onScale({ row }: Metric, value: number): RunMean {
  const log = Math.log(Math.max(value, leastOf(row.unit)))
  const error = row.feeds === 'server' ? SERVER_ERROR : COLD_START_SPREAD
  return { value: row.better === 'lower' ? log : -log, variance: error ** 2, count: 1 }
}

function inUnitLog({ row }: Metric, value: number): number {
  return row.better === 'lower' ? value : -value
}

function historyOf(metric: Metric, history: readonly Summary[]): MeanBaseline | Reason {
  if (history.length === 0) return { kind: 'no-history' }
  const values = history.flatMap((run) => numberOf(metric, run) ?? [])
  if (values.length > 0) {
    const numbers = values.map((value) => onScale(metric, value))
    return metric.row.feeds === 'server'
      ? meanBaseline(numbers, () => SERVER_SPREAD)
      : meanBaseline(numbers)
  }
  return { kind: 'history-unusable', problem: 'no run of it has this number' }
}

/** Where every run had next to nothing, that is what is shown. */
function baselineOf(metric: Metric, { history }: Context, { runs }: MeanBaseline) {
  const values = history.runs.flatMap((run) => numberOf(metric, run) ?? [])
  const most = Math.max(...values)
  const centre = Math.exp(inUnitLog(metric, runs.centre))
  return { baseline: most < leastOf(metric.row.unit) ? most : centre, history: runs.runs }
}

function relativeOf(
  metric: Metric,
  context: Context,
  against: { readonly own: RunMean; readonly history: MeanBaseline | Reason },
): RelativeTest | undefined {
  const { own, history } = against
  if ('kind' in history) return undefined
  const bounds = ratioBounds(metric, Math.exp(inUnitLog(metric, history.runs.centre)))
  const contrast = meanAgainstHistory(own, history, FEWEST_VALUES)
  return relativeTest(contrast, levelsOf(metric, context).history, bounds)
}

/** The one number there is lies within its ceiling, or it does not. */
function ceilingTest({ row }: Metric, value: number, ceiling: number): CeilingTest {
  const isWithin = row.better === 'lower' ? value <= ceiling : value >= ceiling
  return {
    over: isWithin ? 0 : 1,
    of: 1,
    pAbove: isWithin ? 1 : 0,
    pWithin: isWithin ? 0 : 1,
    needs: FEWEST_VALUES,
    settles: isWithin ? FEWEST_VALUES : undefined,
  }
}

function detectableOf(metric: Metric, history: MeanBaseline | Reason) {
  if ('kind' in history || metric.row.better === 'higher') return undefined
  return detectableRatio(metric, { ...history, perRequestLow: history.perRequest }, 1)
}
