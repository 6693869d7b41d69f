// When an open loop wants each request sent, fixed before the run: the endpoint's slowness must not
// thin out the load that measures it.

import type { Load } from '../../model/config.ts'
import type { Random } from '../../stats/random.ts'

/**
 * Milliseconds from the start of the measured phase. A closed loop has none.
 * constant: one every 1/rate. poisson: exponential gaps, -ln(1 - u) / rate.
 */
export function arrivals(
  load: Load,
  options: { readonly count: number; readonly arms: number; readonly random: Random },
): readonly number[] | undefined {
  if (load.kind === 'closed') return undefined
  // With two arms in alternation each of them still sees the configured rate.
  const gapMs = 1000 / (load.ratePerSecond * options.arms)
  let atMs = 0
  return Array.from({ length: options.count }, (_, index) => {
    if (load.process === 'constant') return index * gapMs
    atMs += -Math.log1p(-options.random()) * gapMs
    return atMs
  })
}
