// What a run of an unchanged endpoint will show and how far it may be off: the noise that no number of
// requests in one run removes, and that of the requests, learnt from the recorded runs together.

import { mean, median, sampleStandardDeviation } from 'simple-statistics'
import type { SpreadPrior } from './level-forecast.ts'
import { forecastLevel } from './level-forecast.ts'
import { levelSteps } from './level-steps.ts'
import { type AtThisHour, atThisHour, type DatedValues, movedSince, onThisDay } from './moment.ts'

export type RunStatistic = {
  readonly value: number
  /** Sampling variances towards smaller and larger values, before inflation. */
  readonly low: number
  readonly up: number
  /** Requests behind it. */
  readonly count: number
  /** When the run was made, ms of the epoch. Absent = not known. */
  readonly at?: number
}

export type RunToRun = {
  /** Level to expect of the next run. */
  readonly centre: number
  /** Variance of the next run's level around it: what no number of requests removes. */
  readonly between: number
  /** Sampling variance of a run of the history's usual size, as far as its runs confirm it. */
  readonly within: number
  /** That share of the order statistics' variance: below 1 where runs repeat each other. */
  readonly confirmed: number
  /** Sampling variance downwards of the middle run, inflated: how well runs of its size know it. */
  readonly usualLow: number
  readonly df: number
  /** Runs behind the level, and their mean requests. */
  readonly runs: number
  readonly requests: number
  /** Standard deviation of a run as seen, which a reader can compare with other endpoints'. */
  readonly spread: number
  /** How far the runs of the present level lay apart: their plain standard deviation. */
  readonly apart: number
  /** The newest step of the level, where there is one: older runs are set aside. */
  readonly step?: LevelStep
  readonly hourMissing: boolean
}

export type LevelStep = {
  /** When the first run of the present level was made, ms of the epoch; NaN where not known. */
  readonly since: number
  /** Log ratio of the levels. */
  readonly change: number
  readonly setAside: number
}

export type Expectation = {
  /** How far apart runs may lie, given one run's sampling variance. */
  readonly priors: (sampling: number) => readonly SpreadPrior[]
  /** Autocorrelation's factor on the sampling variances. */
  readonly inflation: number
  /** Moment of the run to come, ms of the epoch. Absent = not known. */
  readonly next?: number
  /** Probability that others share the endpoint. */
  readonly shared: number
  /** The factor that neighbours' correlation puts on the variance of a median: 1 = none. */
  readonly waiting: number
}

/** Unchanged runs differ by this much, or by half of what is seen, whatever their sampling error. */
const SMALLEST_SPREAD = 0.02

/**
 * Level and error of the next run from the recorded ones, oldest first.
 *
 *   f, s  = the forecast of the recorded values and its standard error (level-forecast)
 *   v     = phi mean_r ((sqrt lo_r + sqrt up_r)/2)^2;   within = min(v, s^2 - min(s^2/2, 0.02^2))
 *   between = s^2 - within + doubt of the hour + movement since the newest run
 *   s is wider by 1 + (w - 1.5)/4 where requests wait for each other
 *
 * The error is that of runs as they were seen: it contains their sampling error, which is therefore
 * not added again. Where runs of one seed lie closer together than order statistics allow, only the
 * part of v that fits is believed. Needs at least one run with finite values.
 */
export function runToRun(runs: readonly RunStatistic[], by: Expectation): RunToRun {
  const raw = runs.map(({ value }) => value)
  const sampling = by.inflation * mean(runs.map(bothSides))
  const timed = {
    values: raw,
    at: runs.map(({ at }) => at ?? Number.NaN),
    next: by.next ?? Number.NaN,
    shared: by.shared,
  }
  const day = onThisDay(timed)
  const hour = hourOf({ ...timed, values: day.values }, by.priors(sampling), sampling)
  const found = levelSteps(hour.values, Math.sqrt(sampling))
  const forecast = forecastLevel(hour.values, found, by.priors(sampling))
  const { centre, df } = forecast
  const scale = forecast.scale * queueFactor(by.waiting)
  const within = Math.min(sampling, scale ** 2 - Math.min(scale ** 2 / 2, SMALLEST_SPREAD ** 2))
  const start = found.steps.at(-1) ?? 0
  return {
    centre,
    between: scale ** 2 - within + day.doubt + hour.doubt + movedSince(timed),
    within,
    confirmed: sampling > 0 ? within / sampling : 1,
    usualLow: by.inflation * median(runs.map(({ low }) => low)),
    df,
    runs: runs.length - start,
    requests: mean(runs.slice(start).map(({ count }) => count)),
    spread: scale,
    apart: apartOf(hour.values.slice(start)),
    step: stepOf(hour.values, timed.at, found.steps),
    hourMissing: hour.hourMissing,
  }
}

/**
 * Where each request waits for the one before it, a little more load is a lot more time: levels are
 * skewed, and the next one reaches further up than a symmetric law learnt from the others says. w is
 * 3.3 at 60 to 85 % load of one server; of 32 hosted endpoints none is above 1.3.
 */
function queueFactor(waiting: number): number {
  return 1 + Math.max(0, waiting - QUEUE_SHOWS) / 4
}

const QUEUE_SHOWS = 1.5

/** An endpoint whose runs lie as far apart as a shared one's may have a shared one's hours. */
function hourOf(timed: DatedValues, priors: readonly SpreadPrior[], sampling: number): AtThisHour {
  const first = atThisHour(timed)
  if (first.doubt === 0 && !first.hourMissing && first.values === timed.values) return first
  const steps = levelSteps(timed.values, Math.sqrt(sampling))
  const { scale } = forecastLevel(timed.values, steps, priors)
  const apart = Math.min(1, Math.max(0, (scale - CALM) / (WILD - CALM)))
  return timed.shared >= apart ? first : atThisHour({ ...timed, shared: apart })
}

/** Runs this close together are a machine of one's own; this far apart, nobody knows. */
const CALM = 0.025
const WILD = 0.05

function stepOf(
  values: readonly number[],
  moments: readonly number[],
  steps: readonly number[],
): LevelStep | undefined {
  const start = steps.at(-1)
  if (start === undefined) return undefined
  const before = values.slice(steps.at(-2) ?? 0, start)
  return {
    since: moments[start] ?? Number.NaN,
    change: median(values.slice(start)) - median(before),
    setAside: start,
  }
}

function apartOf(values: readonly number[]): number {
  return values.length > 1 ? sampleStandardDeviation([...values]) : 0
}

/** A side cut off by failures is as unknown as infinity: the other side stands for it. */
function bothSides({ low, up }: RunStatistic): number {
  return Number.isFinite(up) ? ((Math.sqrt(low) + Math.sqrt(up)) / 2) ** 2 : low
}
