// How the plan of a run changes the noise of its percentiles: fixed numbers of requests per prompt
// class make it smaller, several values from one request make it larger.

import type { Sample } from './sample.ts'

/**
 * Share of a percentile's binomial variance that is left when the requests per prompt class are
 * fixed by the design (proportional stratification).
 *
 *   f   = clip( sum_g n_g F_g (1 - F_g) / (n q (1 - q)), 0.3, 1)
 *   F_g = (#(x <= y in g) + 1/2) / (n_g + 1)
 *
 * 1 with one class. Only for runs that all follow the same design.
 * Source: Cochran, Sampling Techniques, 5A.13. O(n).
 */
export function stratificationFactor(sample: Sample, q: number): number {
  const at = valueBelow(sample, q)
  const sizes: number[] = []
  const below: number[] = []
  const { values, classes } = sample
  for (let i = 0; i < values.length; i += 1) {
    const group = classes[i] ?? 0
    sizes[group] = (sizes[group] ?? 0) + 1
    if ((values[i] ?? 0) <= at) below[group] = (below[group] ?? 0) + 1
  }
  const groups = Object.keys(sizes).map(Number)
  if (groups.length < 2) return 1
  let sum = 0
  for (const group of groups) {
    const size = sizes[group] ?? 0
    const share = ((below[group] ?? 0) + 0.5) / (size + 1)
    sum += size * share * (1 - share)
  }
  return Math.min(1, Math.max(0.3, sum / (values.length * q * (1 - q))))
}

/**
 * How many times larger a percentile's variance is because values of one request resemble each
 * other (gaps between tokens of one answer).
 *
 *   d = max(1, G/(G-1) sum_g (sum_{i in g} (1[x_i <= y] - q))^2 / (n q (1 - q)))
 *
 * The cluster-robust variance of the share below the percentile, over its binomial one. 1 where
 * every request gives one value. Needs tens of requests. Source: Woodruff (1952), JASA 47:635;
 * Kish, Survey Sampling, 5.4. O(n).
 */
export function clusterFactor(sample: Sample, q: number): number {
  const { values, starts, from } = sample
  if (starts === undefined || values.length === 0) return 1
  if (from < 2) return values.length
  const at = valueBelow(sample, q)
  let sum = 0
  for (let request = 0; request < from; request += 1) {
    const start = starts[request] ?? 0
    const end = starts[request + 1] ?? start
    let below = 0
    // Added up without a branch: half of all guesses at the middle of a distribution would be wrong.
    for (let i = start; i < end; i += 1) below += Number((values[i] ?? at) <= at)
    const side = below - q * (end - start)
    sum += side * side
  }
  const correction = from / (from - 1)
  return Math.max(1, (correction * sum) / (values.length * q * (1 - q)))
}

/** The order statistic at or just below the percentile: the same values are below both. */
function valueBelow(sample: Sample, q: number): number {
  return sample.sorted[Math.floor((sample.sorted.length - 1) * q)] ?? Number.NaN
}
