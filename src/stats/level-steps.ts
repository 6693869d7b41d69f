// Where a recorded level moved for good: from there on older runs say nothing of what to expect.

import { median } from 'simple-statistics'

/** Standard deviations of a normal that its median absolute deviation is, inverted: 1 / PhiInverse(3/4). */
export const DEVIATIONS = 1.4826
/** Robust standard deviations beyond which a run surprises. */
const SURPRISE = 3
/** Log scale: runs that agree to 4 % are not told apart by a step. */
const SMALLEST_SPREAD = 0.04

export type LevelSteps = {
  /** Index of the first run of each new level, ascending, never 0. */
  readonly steps: readonly number[]
  /** The newest run lies apart from its level: a bad day, or the first of a new level. */
  readonly pending: boolean
}

/**
 * Runs with which a new level begins: two in a row that both lie far from the middle of the level
 * so far, on the same side. One alone is a bad day.
 *
 *   |y_t - m| > 3 s and |y_{t+1} - m| > 3 s, same sign;   m = median of the level so far
 *   s = max(1.4826/sqrt 2 median |y_i - y_{i-1}|, 0.04, sampling error)
 *
 * The spread is that of neighbours, which a slow walk
 * does not widen. Needs two runs of the old level. Source: Tukey's fences on runs, in the spirit of
 * Page (1954), Biometrika 41:100; width simulated and checked on recorded runs. O(K^2 log K).
 */
export function levelSteps(values: readonly number[], sampling: number): LevelSteps {
  const steps: number[] = []
  let start = 0
  for (let at = 2; at < values.length; at += 1) {
    if (at - start < 2) continue
    const surprises = surprisesOf(values.slice(start, at), sampling)
    const side = surprises(values[at])
    if (side === 0) continue
    if (at === values.length - 1) return { steps, pending: true }
    if (side === surprises(values[at + 1])) {
      steps.push(at)
      start = at
    }
  }
  return { steps, pending: false }
}

/** On which side of the level a value surprises: 1, -1, or 0 for not at all. */
function surprisesOf(level: readonly number[], sampling: number): (value?: number) => number {
  const reach = SURPRISE * Math.max(spreadOfNeighbours(level), SMALLEST_SPREAD, sampling)
  const middle = median([...level])
  return (value = middle) => (Math.abs(value - middle) > reach ? Math.sign(value - middle) : 0)
}

function spreadOfNeighbours(level: readonly number[]): number {
  const moves = level.slice(1).map((value, index) => Math.abs(value - (level[index] ?? value)))
  return (DEVIATIONS / Math.SQRT2) * median(moves)
}
