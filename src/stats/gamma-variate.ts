// Random numbers with a gamma distribution, for the gaps of traffic that comes in bursts.
// By hand: simple-statistics has the gamma function and no draws.

import type { Random } from './random.ts'

/**
 * One draw of Gamma(shape, scale 1), mean `shape`. shape > 0. O(1), 1.05 tries on average.
 * Marsaglia and Tsang's squeeze for shapes from 1 on; below, the draw of shape + 1 times u^(1/shape).
 * Source: Marsaglia and Tsang, A simple method for generating gamma variables (ACM TOMS 26, 2000).
 */
export function gammaVariate(shape: number, random: Random): number {
  if (shape < 1) return gammaVariate(shape + 1, random) * (1 - random()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normalVariate(random)
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    if (Math.log(1 - random()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Box and Muller (1958). */
function normalVariate(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
