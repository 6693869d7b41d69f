// Whether one part of the prompts became slower and the rest did not. Parts are compared inside each
// run first, so that what a whole run gains or loses cancels.

import type { Between } from '../../model/attribution.ts'
import { mean, pooled, type Sampled, STILL, sampled, shiftOf } from './level.ts'
import type { TimedRequest } from './timed.ts'

/** In every run, on both sides: below it a level is an accident. */
const FEWEST_REQUESTS = 10

export type PartShift = { readonly change: number; readonly interval: Between; readonly z: number }

/**
 * The part's change against the rest, when the rest stands still. Undefined when it is not shown.
 * `tests` = how many ways to part the prompts are tried.
 */
export function onlyThisPart(
  runs: {
    readonly now: readonly TimedRequest[]
    readonly before: readonly (readonly TimedRequest[])[]
  },
  isPart: (timed: TimedRequest) => boolean,
  tests: number,
): PartShift | undefined {
  const now = levelsOf(runs.now, isPart)
  const before = runs.before.flatMap((run) => levelsOf(run, isPart) ?? [])
  if (now === undefined || before.length < runs.before.length) return undefined
  const apart = shiftOf(
    before.map(({ part, rest }) => part - rest),
    now.part - now.rest,
    { own: pooled(now.partError, now.restError), tests },
  )
  const restBefore = before.map((run) => run.rest)
  const partBefore = before.map((run) => run.part)
  const rest = shiftOf(restBefore, now.rest, { own: now.restError })
  const part = shiftOf(partBefore, now.part, { own: now.partError })
  if (apart === undefined || rest === undefined || part === undefined) return undefined
  const isStill = rest.difference <= STILL * part.difference && rest.high <= part.difference / 2
  if (!isStill || apart.low <= 0 || part.low <= 0) return undefined
  return {
    change: Math.expm1(part.difference),
    interval: [Math.expm1(part.low), Math.expm1(part.high)],
    z: apart.difference / (apart.high - apart.difference),
  }
}

type Levels = {
  readonly part: number
  readonly rest: number
  readonly partError: Sampled
  readonly restError: Sampled
}

function levelsOf(
  run: readonly TimedRequest[],
  isPart: (timed: TimedRequest) => boolean,
): Levels | undefined {
  const part = run.filter(isPart).map(({ logTtft }) => logTtft)
  const rest = run.filter((timed) => !isPart(timed)).map(({ logTtft }) => logTtft)
  if (part.length < FEWEST_REQUESTS || rest.length < FEWEST_REQUESTS) return undefined
  return {
    part: mean(part),
    rest: mean(rest),
    partError: sampled(part),
    restError: sampled(rest),
  }
}
