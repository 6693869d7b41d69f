// Whether two ways of measuring the same thing agree, prompt class by prompt class.

import { normalQuantileAbove } from './normal-distribution.ts'
import { trimmedMean } from './trimmed-mean.ts'

export type Agreement = {
  /** First minus second, averaged over the classes both have. */
  readonly value: number
  /** Two-sided 99 % interval. */
  readonly low: number
  readonly high: number
}

/** Fewer values of a class in either sample say nothing of it. */
const ENOUGH = 10
const Z = normalQuantileAbove(0.005)

/**
 * Stratified difference of trimmed means with a 99 % interval.
 *
 *   D = sum_g w_g (a_g - b_g);   w_g = m_g / sum m,  m_g = n_a n_b/(n_a + n_b)
 *   SE^2 = sum w_g^2 (SE_a^2 + SE_b^2)
 *
 * Trimmed means make it blind to the tail; the classes cancel the mix of prompts. Undefined when no
 * class has ten values in both. Assumes independent values; interleaved measurements are close to
 * it. Source: Cochran (1954) for the weights, Yuen (1974) for the errors. O(n log n).
 */
export function agreement(
  first: readonly (readonly number[] | undefined)[],
  second: readonly (readonly number[] | undefined)[],
): Agreement | undefined {
  let weights = 0
  let sum = 0
  let variance = 0
  first.forEach((values, group) => {
    const others = second[group]
    if (values === undefined || others === undefined) return
    if (values.length < ENOUGH || others.length < ENOUGH) return
    const a = trimmedMean(values)
    const b = trimmedMean(others)
    const weight = (values.length * others.length) / (values.length + others.length)
    weights += weight
    sum += weight * (a.value - b.value)
    variance += weight * weight * (a.variance + b.variance)
  })
  if (weights === 0) return undefined
  const value = sum / weights
  const reach = (Z * Math.sqrt(variance)) / weights
  return { value, low: value - reach, high: value + reach }
}
