// A limit on the scale of the test, where positive is always worse.

export type Tolerance = {
  /** Share by which the metric may get worse. */
  readonly worsening: number
  /** Absolute worsening, in the metric's unit, that has to be exceeded as well. */
  readonly floor: number
  /** Share that a pass has to rule out. */
  readonly mustDetect: number
}

export type Thresholds = { readonly threshold: number; readonly mustDetect: number }

export type Direction = 'lower' | 'higher'

/**
 * Share of worsening on the log scale.
 *
 *   log(1 + w) where lower is better;  log(1 / (1 - w)) where higher is better
 */
export function logWorsening(share: number, better: Direction): number {
  if (better === 'lower') return Math.log1p(share)
  return share < 1 ? -Math.log1p(-share) : Number.POSITIVE_INFINITY
}

/**
 * What has to be exceeded to fail, and ruled out to pass, for a ratio.
 *
 *   theta = max(log(1 + w), log(1 + floor/baseline));   m = max(theta, log(1 + mustDetect))
 *
 * Both the share and the floor must be exceeded, hence the larger. A pass rules out at least what
 * would be a fail. `baseline` in the metric's unit.
 */
export function ratioThresholds(
  tolerance: Tolerance,
  baseline: number,
  better: Direction,
): Thresholds {
  const threshold = Math.max(
    logWorsening(tolerance.worsening, better),
    logWorsening(tolerance.floor / baseline, better),
  )
  return { threshold, mustDetect: Math.max(threshold, logWorsening(tolerance.mustDetect, better)) }
}

/**
 * The worsening that a test would have shown with 95 % probability: what it does not find suspect is then
 * ruled out at 95 %.
 *
 *   r = max(theta, t SE_lo) + t SE_up
 *
 * A change of r stays below max(theta, t SE_lo) with a chance of 5 %.
 */
export function ratioResolution(threshold: number, reachLow: number, reachUp: number): number {
  return Math.max(threshold, reachLow) + reachUp
}

/** A pass that could have missed twice the time or more says nothing: +100 %. */
export const COARSEST_RATIO = Math.log(2)
/** The same of a rate: five points, twice what is usual for few requests, or up to the ceiling. */
const COARSEST_RATE = 0.05

/**
 * What a pass has to rule out where that was left open: what this run resolves, at least the usual
 * value and at most a bound beyond which a pass would be empty.
 */
export function ruledOut(
  resolution: number,
  { mustDetect, coarsest }: { readonly mustDetect: number; readonly coarsest: number },
): number {
  return Math.max(mustDetect, Math.min(resolution, coarsest))
}

/** `room`: from the baseline to the ceiling, where there is one. */
export function coarsestRate(mustDetect: number, room: number | undefined): number {
  return Math.max(room ?? 0, COARSEST_RATE, 2 * mustDetect)
}

/** The same for a difference of rates: the share is a difference already. */
export function rateThresholds({ worsening, floor, mustDetect }: Tolerance): Thresholds {
  const threshold = Math.max(worsening, floor)
  return { threshold, mustDetect: Math.max(threshold, mustDetect) }
}

/** Requests a run needs before anything is said of it. */
export const FEWEST = 20

/** Smallest sample that can show a percentile is too high: two values expected beyond it. */
export function fewestToFail(q: number): number {
  return Math.max(FEWEST, Math.ceil(Number((2 / (1 - q)).toFixed(6))))
}

/** Smallest sample whose maximum lies above the percentile but for an error `alpha`: q^n <= alpha. */
export function fewestToPass(q: number, alpha: number): number {
  return Math.max(FEWEST, Math.ceil(Number((Math.log(alpha) / Math.log(q)).toFixed(6))))
}
