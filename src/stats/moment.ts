// What the time of a run says of its level: an endpoint may be slower at some hours, and the older the
// newest recorded run is, the further the level may have moved since.

import { median } from 'simple-statistics'
import { DEVIATIONS } from './level-steps.ts'

/** Runs as values and the moments they were made at; the moment of the run to come. */
export type DatedValues = {
  readonly values: readonly number[]
  /** Milliseconds of the epoch, UTC; NaN where it is not known. */
  readonly at: readonly number[]
  readonly next: number
  /** Probability that others share the endpoint: only then do hours and weeks matter. */
  readonly shared: number
}

export type AtThisHour = {
  /** The values as they would have been at this hour. */
  readonly values: readonly number[]
  /** Variance that is left because the hour's share is known badly or not at all. */
  readonly doubt: number
  /** No recorded run was made within three hours of this time of day. */
  readonly hourMissing: boolean
}

export const HOUR_MS = 3_600_000
const NEAR_HOURS = 3
/** Standard deviation of what an hour adds on a shared endpoint, log scale: 20 %. */
const HOUR_SPREAD = 0.2
/** Before any run: the probability that hours matter at all. */
const HOURS_MATTER = 0.3
/** Runs are not told apart more finely than this. */
const SMALLEST_SPREAD = 0.03

/**
 * Recorded runs as they would have been at the hour of the next one.
 *
 *   d   = median of the runs made within three hours of this time of day - median of the others
 *   v_d = (pi/2) s^2 (1/n_near + 1/n_far);   k = h^2/(h^2 + v_d);   h = 0.2
 *   P   = probability that hours matter, by Bayes' rule from N(d; 0, v_d) and N(d; 0, h^2 + v_d)
 *   far runs move by P k d;  doubt = far share of P (h^2 (1 - k) + (1 - P) (k d)^2)
 *
 * With no run near this hour nothing can be learnt: the whole h^2 is doubt. s is the robust spread
 * of neighbours. Where a moment is not known, nothing is done. Source: shrinkage with a point mass
 * at zero, e.g. Johnstone & Silverman (2004). O(K log K).
 */
export function atThisHour({ values, at, next, shared }: DatedValues): AtThisHour {
  if (!Number.isFinite(next) || !at.every(Number.isFinite)) {
    return { values, doubt: 0, hourMissing: false }
  }
  const near = at.map((moment) => hoursApart(moment, next) <= NEAR_HOURS)
  if (!near.includes(true)) {
    return { values, doubt: shared * HOUR_SPREAD ** 2, hourMissing: true }
  }
  return { ...moved(values, near, shared), hourMissing: false }
}

/** Runs on each side before the days of a week are told apart: two weeks of daily ones have four. */
const FEWEST_DAYS = 4

/**
 * The same for the part of the week: working days and the weekend, UTC. A history that does not know
 * the other part says nothing of it, and nothing is assumed.
 */
export function onThisDay({
  values,
  at,
  next,
  shared,
}: DatedValues): Omit<AtThisHour, 'hourMissing'> {
  if (!Number.isFinite(next) || !at.every(Number.isFinite)) return { values, doubt: 0 }
  const near = at.map((moment) => isWeekend(moment) === isWeekend(next))
  const own = near.filter((isNear) => isNear).length
  return Math.min(own, near.length - own) < FEWEST_DAYS
    ? { values, doubt: 0 }
    : moved(values, near, shared)
}

export const DAY_MS = 24 * HOUR_MS

/** Day 0 of the epoch was a Thursday. */
function isWeekend(moment: number): boolean {
  const day = (((Math.floor(moment / DAY_MS) + 4) % 7) + 7) % 7
  return day === 0 || day === 6
}

/** The others moved by what lies between them and those near, as far as that is more than chance. */
function moved(
  values: readonly number[],
  near: readonly boolean[],
  shared: number,
): Omit<AtThisHour, 'hourMissing'> {
  const own = values.filter((_, index) => near[index])
  const others = values.filter((_, index) => !near[index])
  if (others.length === 0) return { values, doubt: 0 }
  const distance = median(own) - median(others)
  const error = (Math.PI / 2) * spreadOf(own, others) ** 2 * (1 / own.length + 1 / others.length)
  const keep = HOUR_SPREAD ** 2 / (HOUR_SPREAD ** 2 + error)
  const matter = shared * probabilityOf(distance, error)
  const move = matter * keep * distance
  const doubt = matter * (HOUR_SPREAD ** 2 * (1 - keep) + (1 - matter) * (keep * distance) ** 2)
  return {
    values: values.map((value, index) => (near[index] ? value : value + move)),
    doubt: (doubt * others.length) / values.length,
  }
}

/** Between two times of day, the short way round. */
function hoursApart(one: number, other: number): number {
  const apart = Math.abs(one - other) % (24 * HOUR_MS)
  return Math.min(apart, 24 * HOUR_MS - apart) / HOUR_MS
}

function spreadOf(own: readonly number[], others: readonly number[]): number {
  const distances = [own, others].flatMap((group) => {
    const middle = median([...group])
    return group.length > 1 ? group.map((value) => Math.abs(value - middle)) : []
  })
  const typical = distances.length === 0 ? HOUR_SPREAD / 2 : DEVIATIONS * median(distances)
  return Math.max(SMALLEST_SPREAD, typical)
}

function probabilityOf(distance: number, error: number): number {
  const density = (variance: number) =>
    Math.exp(-(distance ** 2) / (2 * variance)) / Math.sqrt(variance)
  const matter = HOURS_MATTER * density(HOUR_SPREAD ** 2 + error)
  return matter / (matter + (1 - HOURS_MATTER) * density(error))
}

/** A shared endpoint's level moves by this much in the long run, and takes this long to. */
const LONG_RUN_SPREAD = 0.1
const LONG_RUN_MS = 30 * 24 * HOUR_MS

/**
 * Variance of where the level may have moved since the newest recorded run.
 *
 *   0.1^2 (1 - exp(-age/30 days)), times the probability that the endpoint is shared
 *
 * 1.8 % after a day, 4.6 % after a week. Source: a mean-reverting walk. O(1).
 */
export function movedSince({ at, next, shared }: DatedValues): number {
  const newest = at.at(-1)
  if (newest === undefined || !Number.isFinite(newest) || !Number.isFinite(next)) return 0
  const age = Math.max(0, next - newest)
  return shared * LONG_RUN_SPREAD ** 2 * (1 - Math.exp(-age / LONG_RUN_MS))
}
