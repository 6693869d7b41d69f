// Student's t distribution, for real degrees of freedom: combined evidence has fractional ones.
// By hand: simple-statistics has the t statistic and not its distribution.

import { incompleteBeta } from './incomplete-beta.ts'
import { normalQuantileAbove, normalUpperTail } from './normal-distribution.ts'

/** Past this many degrees of freedom the normal differs by less than 1e-7. */
const NORMAL_FROM = 1e6

/**
 * Upper tail of Student's t, P(T > t).
 *
 *   1/2 I_{df/(df+t^2)}(df/2, 1/2) for t > 0, mirrored below
 *
 * Needs df > 0. Absolute error below 1e-13. Source: DLMF 8.17, Abramowitz & Stegun 26.7.1.
 * One incomplete beta function.
 */
export function tUpperTail(t: number, df: number): number {
  if (df > NORMAL_FROM) return normalUpperTail(t)
  if (t === Number.POSITIVE_INFINITY) return 0
  if (t === Number.NEGATIVE_INFINITY) return 1
  const half = 0.5 * incompleteBeta(df / (df + t * t), df / 2, 0.5)
  return t > 0 ? half : 1 - half
}

/**
 * The t that leaves `p` above it: tUpperTail(t, df) = p, for 0 < p < 1.
 *
 * Bracket from the normal quantile outwards, then the Illinois variant of regula falsi on log p,
 * which is nearly linear in the tail. Relative error below 1e-10. About 15 tail evaluations; the
 * few pairs (p, df) of one comparison are remembered.
 */
export function tQuantileAbove(p: number, df: number): number {
  if (p === 0.5) return 0
  if (p > 0.5) return -tQuantileAbove(1 - p, df)
  if (p <= 0) return Number.POSITIVE_INFINITY
  const key = p * 1e6 + df
  const known = remembered.get(key)
  if (known !== undefined && known.p === p && known.df === df) return known.t
  const t = solve(p, df)
  if (remembered.size > 512) remembered.clear()
  remembered.set(key, { p, df, t })
  return t
}

/** Results of a pure function, bounded in number. */
const remembered = new Map<number, { p: number; df: number; t: number }>()

function solve(p: number, df: number): number {
  const target = Math.log(p)
  const miss = (t: number) => Math.log(tUpperTail(t, df)) - target
  let low = Math.max(0, normalQuantileAbove(p) * 0.999)
  let high = Math.max(2 * low, 1)
  while (miss(high) > 0 && high < 1e12) high *= 2
  let missLow = miss(low)
  let missHigh = miss(high)
  for (let step = 0; step < 100 && high - low > 1e-12 * high; step += 1) {
    const t = high - (missHigh * (high - low)) / (missHigh - missLow)
    const here = miss(t)
    if (Math.abs(here) < 1e-13) return t
    if (here > 0) {
      low = t
      missLow = here
      missHigh /= 2
    } else {
      high = t
      missHigh = here
      missLow /= 2
    }
  }
  return (low + high) / 2
}
