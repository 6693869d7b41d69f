// Neighbouring requests share queues and caches: their noise is not independent, so a percentile
// of n requests is less certain than n independent ones would make it.
// By hand: simple-statistics' rank correlation ranks two lists, and neighbours are one.

import { ascending } from './ascending.ts'
import type { Sample } from './sample.ts'
import { logOf } from './sample.ts'

/** Consecutive requests looked at. More would not change the estimate's use: its error is 1.6 %. */
const ENOUGH = 4000
const LARGEST = 0.9

const known = new WeakMap<readonly number[], number>()

/**
 * Lag-1 rank autocorrelation of a run, after taking out what the prompt classes explain.
 *
 *   e_i = log x_i - median of the class;  r_i = mid-rank of e_i - (n + 1)/2
 *   rho = sum r_i r_{i-1} / sum r_i^2
 *
 * Ranks make it blind to the heavy tail; ties take mid-ranks; constant values give 0. Several
 * values of one request are first averaged. Estimated from the first 4000
 * requests. Remembered per array of values.
 * Source: Wald & Wolfowitz (1943). O(n log n).
 */
export function lagOneRankCorrelation(sample: Sample): number {
  const before = known.get(sample.values)
  if (before !== undefined) return before
  const { logs, classes } = onePerRequest(sample)
  const result = correlationOfNeighbours(centredRanks(residuals(logs, classes)))
  known.set(sample.values, result)
  return result
}

/**
 * How many times larger a percentile's variance is at lag-1 autocorrelation `correlation`.
 *
 *   phi = (1 + r_I)/(1 - r_I);   r_I = (2/pi) asin r  (q <= .75),  .45 r  (q <= .95),  .25 r  above
 *
 * r is clipped to 0..0.9 and r_I is the correlation of the indicators 1[x <= y]: the arcsine law of
 * two Gaussian neighbours at the median, less in the tail. Assumes a first-order chain.
 * Source: Sheppard (1899) for the arcsine law; the tail factors are simulated. O(1).
 */
export function autocorrelationInflation(correlation: number, q: number): number {
  const r = Math.min(Math.max(correlation, 0), LARGEST)
  const indicator = q <= 0.75 ? (2 / Math.PI) * Math.asin(r) : r * (q <= 0.95 ? 0.45 : 0.25)
  return (1 + indicator) / (1 - indicator)
}

type Sequence = { readonly logs: Float64Array; readonly classes: readonly number[] }

function onePerRequest({ values, classes, starts, from }: Sample): Sequence {
  const count = Math.min(from, ENOUGH)
  const logs = new Float64Array(count)
  if (starts === undefined) {
    for (let i = 0; i < count; i += 1) logs[i] = logOf(values[i] ?? 0)
    return { logs, classes }
  }
  const groups: number[] = []
  for (let request = 0; request < count; request += 1) {
    const start = starts[request] ?? 0
    const end = starts[request + 1] ?? start
    let sum = 0
    for (let i = start; i < end; i += 1) sum += values[i] ?? 0
    logs[request] = logOf(sum / (end - start))
    groups.push(classes[start] ?? 0)
  }
  return { logs, classes: groups }
}

function residuals(logs: Float64Array, classes: readonly number[]): Float64Array {
  const members: number[][] = []
  for (let i = 0; i < logs.length; i += 1) {
    const group = classes[i] ?? 0
    members[group] ??= []
    members[group].push(logs[i] ?? 0)
  }
  const medians = members.map(medianOf)
  const left = new Float64Array(logs.length)
  for (let i = 0; i < logs.length; i += 1) {
    const log = logs[i] ?? 0
    left[i] = log === Number.POSITIVE_INFINITY ? log : log - (medians[classes[i] ?? 0] ?? 0)
  }
  return left
}

function medianOf(values: readonly number[]): number {
  const sorted = ascending(values)
  const low = sorted[(sorted.length - 1) >> 1] ?? 0
  const high = sorted[sorted.length >> 1] ?? 0
  return high === low ? low : (low + high) / 2
}

/** Tied values share the middle of their ranks. */
function centredRanks(values: Float64Array): Float64Array {
  const sorted = values.slice().sort()
  const n = values.length
  const middles = new Float64Array(n)
  for (let start = 0; start < n; ) {
    let end = start
    while (end + 1 < n && sorted[end + 1] === sorted[start]) end += 1
    const middle = (start + end - (n - 1)) / 2
    // A loop: most ties are of one value, for which `fill` takes longer than the assignment.
    for (let i = start; i <= end; i += 1) middles[i] = middle
    start = end + 1
  }
  const ranks = new Float64Array(n)
  for (let i = 0; i < n; i += 1) ranks[i] = middles[firstAtLeast(sorted, values[i] ?? 0)] ?? 0
  return ranks
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}

function correlationOfNeighbours(ranks: Float64Array): number {
  let products = 0
  let squares = 0
  let last = 0
  for (let i = 0; i < ranks.length; i += 1) {
    const rank = ranks[i] ?? 0
    products += rank * last
    squares += rank * rank
    last = rank
  }
  return squares === 0 ? 0 : products / squares
}
