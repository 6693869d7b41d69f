// What the next run of an unchanged endpoint will show, from the recorded runs in their order, and
// how far off that may be: learnt from how well the same forecast did on those runs. Log scale.

import type { LevelSteps } from './level-steps.ts'
import { tQuantileAbove } from './t-distribution.ts'

/** How far apart runs of one kind of endpoint lie: log-normal around `typical`. */
export type SpreadPrior = {
  /** Median standard deviation of a run as seen, log scale. */
  readonly typical: number
  /** Standard deviation of its logarithm. */
  readonly doubt: number
  /** Share of the prior; the shares add up to 1. */
  readonly weight: number
}

export type LevelForecast = {
  readonly centre: number
  /** Standard error of a new run as seen, and degrees of freedom of its Student's t. */
  readonly scale: number
  readonly df: number
  /** Probability of each prior after the runs, in the order given. */
  readonly weights: readonly number[]
}

/** Shares of the newest run in the level: from nearly a mean to the last run alone. */
const RATES = [0.1, 0.3, 0.6, 1]
/** Standard deviations considered: 16 from 0.5 % to 100 %. */
const SPREADS = Array.from({ length: 16 }, (_, i) => 0.005 * 200 ** (i / 15))
/** Surprises are heavy-tailed: one hanging run must not widen what is expected of all others. */
const FIT_DF = 5
/** A single surprise moves the level by at most this many standard errors' worth. */
const LARGEST_MOVE = 2.5
/** Degrees of freedom of a prediction from one, two, and more runs: one may have been any day. */
const PREDICTION_DF = [1, 3, 8]
/** How often a run that lies apart from its level is the first of a new one. */
const PERSISTS = 0.3
/** Few runs' own errors understate the next one's by this much: levels step now and then. */
const WIDENING = 0.1
/** From this many runs on the errors contain such steps, and the widening shrinks as they grow. */
const WIDENED_RUNS = 5

/**
 * Forecast of the next value and its error. Exponentially weighted levels of several rates, each
 * with every spread of a grid, are weighted by how likely they made the runs seen so far:
 *
 *   e_t = y_t - f_t;   f_{t+1} = f_t + a_t clip(e_t, 2.5 s_t);   a_t = max(a, 1/(t + 1))
 *   s_t^2 = s^2 (1 + g_t);   g_{t+1} = (1 - a_t)^2 g_t + a_t^2;   weight ~ prior(s) prod t_5(e_t/s_t)/s_t
 *
 * The mixture's predictions are t with 8 degrees of freedom (1 after a single run, 3 after two),
 * wider by 10 % min(1, 5/K); the result is the t with the mixture's 95 % and 99.5 % points. At each of the steps the
 * level starts anew; the step counts as a surprise. Where the newest run lies apart, the mixture
 * takes in (30 %) that the next one will be like it; the centre stays. Needs at least one value. Deterministic; no draws.
 * Source: Brown (1959) for the levels; Raftery et al. (2010), Technometrics 52:52, for averaging
 * forecasts by their own record; widths and grid chosen on recorded runs. O(64 K).
 */
export function forecastLevel(
  values: readonly number[],
  { steps, pending }: LevelSteps,
  priors: readonly SpreadPrior[],
): LevelForecast {
  const wider = 1 + WIDENING * Math.min(1, WIDENED_RUNS / values.length)
  const known = weigh(filtersOf(values, steps), priors, wider)
  const centre = known.reduce((sum, { weight, level }) => sum + weight * level, 0)
  const parts = pending ? orNewLevel(known, values, { steps, priors, wider }) : known
  const level = values.length - (steps.at(-1) ?? 0)
  const df = PREDICTION_DF[Math.min(level, PREDICTION_DF.length) - 1] ?? 1
  return { centre, ...studentLike(parts, { centre, df }), weights: weightsOf(parts, priors) }
}

/** The newest run may be the first of a new level: then the next one will be like it. */
function orNewLevel(
  known: readonly Part[],
  values: readonly number[],
  { steps, priors, wider }: NewLevel,
): readonly Part[] {
  const moved = weigh(filtersOf(values, [...steps, values.length - 1]), priors, wider)
  return [
    ...known.map((part) => ({ ...part, weight: part.weight * (1 - PERSISTS) })),
    ...moved.map((part) => ({ ...part, weight: part.weight * PERSISTS })),
  ]
}

type NewLevel = {
  readonly steps: readonly number[]
  readonly priors: readonly SpreadPrior[]
  readonly wider: number
}

/** Log of how likely the runs are under each prior: what tells kinds of endpoints apart. */
export function logEvidenceOf(
  values: readonly number[],
  steps: readonly number[],
  priors: readonly SpreadPrior[],
): readonly number[] {
  const filters = filtersOf(values, steps)
  return priors.map((prior) => {
    const onGrid = logPrior(prior)
    return logSum(filters.map(({ logLikelihood, spread }) => logLikelihood + (onGrid[spread] ?? 0)))
  })
}

type Filter = {
  readonly spread: number
  readonly level: number
  /** Variance of the level's error, in squared standard deviations. */
  readonly doubt: number
  readonly logLikelihood: number
}

function filtersOf(values: readonly number[], steps: readonly number[]): readonly Filter[] {
  return RATES.flatMap((rate) =>
    SPREADS.map((_, spread) => filtered(values, steps, { rate, spread })),
  )
}

function filtered(
  values: readonly number[],
  steps: readonly number[],
  { rate, spread }: { readonly rate: number; readonly spread: number },
): Filter {
  const sigma = SPREADS[spread] ?? 1
  let level = values[0] ?? 0
  let doubt = 1
  let logLikelihood = 0
  let since = 1
  for (let t = 1; t < values.length; t += 1) {
    const value = values[t] ?? level
    const scale = sigma * Math.sqrt(1 + doubt)
    const error = value - level
    logLikelihood -=
      Math.log(scale) + ((FIT_DF + 1) / 2) * Math.log1p((error / scale) ** 2 / FIT_DF)
    if (steps.includes(t)) {
      level = value
      doubt = 1
      since = 1
      continue
    }
    const move = Math.min(Math.max(error, -LARGEST_MOVE * scale), LARGEST_MOVE * scale)
    since += 1
    const share = Math.max(rate, 1 / since)
    level += share * move
    doubt = (1 - share) ** 2 * doubt + share ** 2
  }
  return { spread, level, doubt, logLikelihood }
}

function logPrior({ typical, doubt }: SpreadPrior): readonly number[] {
  const logs = SPREADS.map((spread) => -0.5 * (Math.log(spread / typical) / doubt) ** 2)
  const total = logSum(logs)
  return logs.map((log) => log - total)
}

type Part = {
  readonly weight: number
  readonly level: number
  readonly scale: number
  readonly prior: number
}

/** Less than this share of the mixture changes no verdict. */
const NEGLIGIBLE = 1e-4

function weigh(
  filters: readonly Filter[],
  priors: readonly SpreadPrior[],
  wider: number,
): readonly Part[] {
  const all = priors.flatMap((prior, index) => {
    const onGrid = logPrior(prior)
    const logs = filters.map((f) => f.logLikelihood + (onGrid[f.spread] ?? 0))
    const total = logSum(logs)
    return filters.map(({ spread, level, doubt }, i) => ({
      weight: prior.weight * Math.exp((logs[i] ?? 0) - total),
      level,
      scale: wider * (SPREADS[spread] ?? 1) * Math.sqrt(1 + doubt),
      prior: index,
    }))
  })
  const kept = all.filter(({ weight }) => weight > NEGLIGIBLE)
  const total = kept.reduce((sum, { weight }) => sum + weight, 0)
  return kept.map((part) => ({ ...part, weight: part.weight / total }))
}

function weightsOf(parts: readonly Part[], priors: readonly SpreadPrior[]): readonly number[] {
  return priors.map((_, index) =>
    parts.reduce((sum, { prior, weight }) => sum + (prior === index ? weight : 0), 0),
  )
}

function logSum(logs: readonly number[]): number {
  let most = Number.NEGATIVE_INFINITY
  for (const log of logs) if (log > most) most = log
  let sum = 0
  for (const log of logs) sum += Math.exp(log - most)
  return most + Math.log(sum)
}

const NEAR = 0.05
const FAR = 0.005
/** Degrees of freedom that the mixture is described with: few, so that quantiles are remembered. */
const SHAPES = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 12, 20]

/** The t with the mixture's upper 5 % point, and the shape nearest to its upper 0.5 % point. */
function studentLike(
  parts: readonly Part[],
  { centre, df }: { readonly centre: number; readonly df: number },
): { readonly scale: number; readonly df: number } {
  const near = quantileOf(parts, { centre, df, level: NEAR })
  const far = quantileOf(parts, { centre, df, level: FAR })
  const shape = SHAPES.reduce((best, each) =>
    Math.abs(steepness(each) - far / near) < Math.abs(steepness(best) - far / near) ? each : best,
  )
  return { scale: near / tQuantileAbove(NEAR, shape), df: shape }
}

function steepness(df: number): number {
  return tQuantileAbove(FAR, df) / tQuantileAbove(NEAR, df)
}

/** Distance above the centre that leaves `level` of the mixture above it, by bisection. */
function quantileOf(
  parts: readonly Part[],
  at: { readonly centre: number; readonly df: number; readonly level: number },
): number {
  const { centre, df, level } = at
  const above = (distance: number) =>
    parts.reduce(
      (sum, part) =>
        sum + part.weight * wholeTail((centre + distance - part.level) / part.scale, df),
      0,
    )
  let low = 0
  let high = 0.05
  while (above(high) > level && high < 1e3) {
    low = high
    high *= 2
  }
  for (let step = 0; step < 24; step += 1) {
    const middle = (low + high) / 2
    if (above(middle) > level) low = middle
    else high = middle
  }
  return high
}

/**
 * Upper tail of Student's t for whole degrees of freedom, as a finite sum of powers of cos theta,
 * theta = atan(t/sqrt df). Absolute error below 1e-15. Source: Abramowitz & Stegun 26.7.3, 26.7.4.
 */
function wholeTail(t: number, df: number): number {
  const cosine2 = df / (df + t * t)
  const sine = t / Math.sqrt(df + t * t)
  const odd = df % 2 === 1
  let term = odd ? Math.sqrt(cosine2) : 1
  let sum = df === 1 ? 0 : term
  for (let k = odd ? 3 : 2; k < df - 1; k += 2) {
    term *= (cosine2 * (k - 1)) / k
    sum += term
  }
  const inside = odd ? (2 / Math.PI) * (Math.atan2(t, Math.sqrt(df)) + sine * sum) : sine * sum
  return (1 - inside) / 2
}
