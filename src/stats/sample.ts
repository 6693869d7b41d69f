// A run's values made ready for every percentile that will be asked of them: sorted once, and
// remembered for as long as the values live, because a history is judged again at every look.

import { ascending } from './ascending.ts'

export type Values = {
  /** In plan order. +Infinity is a request slower than everything. Never NaN. */
  readonly values: readonly number[]
  /** Prompt class of each value, an index. */
  readonly classes: readonly number[]
  /**
   * Which request each value belongs to, where one request gives several; values of one request
   * follow one another. Absent: one each.
   */
  readonly requests?: readonly number[]
}

export type Sample = Values & {
  /** Ascending. */
  readonly sorted: Float64Array
  /** How many are not +Infinity. */
  readonly finite: number
  /** How many requests gave them. */
  readonly from: number
  /** Where each request's values begin, and the end. Present where one request gives several. */
  readonly starts?: Uint32Array
}

function startsOf({ requests }: Values): Uint32Array | undefined {
  if (requests === undefined) return undefined
  const starts = new Uint32Array(requests.length + 1)
  let count = 0
  for (let i = 0; i < requests.length; i += 1) {
    if (i > 0 && requests[i] === requests[i - 1]) continue
    starts[count] = i
    count += 1
  }
  starts[count] = requests.length
  return starts.slice(0, count + 1)
}

/** The clock's resolution in ms: shorter times are not told apart. */
export const SHORTEST = 0.001

const known = new WeakMap<readonly number[], Sample>()

/** Sorts once per array of values. O(n log n) the first time, O(1) after. */
export function sampleOf(values: Values): Sample {
  const before = known.get(values.values)
  if (before !== undefined) return before
  const sorted = ascending(values.values)
  let finite = sorted.length
  while (finite > 0 && sorted[finite - 1] === Number.POSITIVE_INFINITY) finite -= 1
  const starts = startsOf(values)
  const from = starts === undefined ? sorted.length : starts.length - 1
  const sample: Sample = { ...values, sorted, finite, from, ...(starts && { starts }) }
  known.set(values.values, sample)
  return sample
}

const turned = new WeakMap<readonly number[], Values>()

/**
 * The same values turned so that larger is worse: tokens a second become ms a token. Its own
 * inverse, and remembered, so that the turned values are sorted once as well.
 */
export function mirrored(values: Values): Values {
  const before = turned.get(values.values)
  if (before !== undefined) return before
  const made = { ...values, values: values.values.map(mirror) }
  turned.set(values.values, made)
  return made
}

export function mirror(value: number): number {
  return 1000 / value
}

/** Log of a duration, on the scale all latency comparisons use. */
export function logOf(value: number): number {
  return Math.log(Math.max(value, SHORTEST))
}
