// When an open loop wants each request sent, fixed before the run: the endpoint's slowness must not
// thin out the load that measures it.

import { whenArrived } from '../../model/arrival-stages.ts'
import type { Load } from '../../model/config.ts'
import { gammaVariate } from '../../stats/gamma-variate.ts'
import type { Random } from '../../stats/random.ts'

/**
 * Milliseconds from the start of the measured phase. A closed loop has none.
 *
 * Gaps of mean 1 are drawn first, by the process (constant: 1; poisson: -ln(1 - u); gamma: of shape
 * `burstiness`, as bursty as its coefficient of variation 1/sqrt(burstiness) is large), and their sums
 * are put where the rate has let so many requests come: t with the integral of the rate over 0..t equal
 * to the sum. So one rule serves constant rates, ramps and bursts, and traces, whose times are recorded. Source: time rescaling of a renewal
 * process, Cox and Lewis, The Statistical Analysis of Series of Events (1966).
 */
export function arrivals(
  load: Load,
  options: { readonly count: number; readonly arms: number; readonly random: Random },
): readonly number[] | undefined {
  if (load.kind === 'closed') return undefined
  // With two arms in alternation each of them still sees the configured rate.
  return sumsOfGaps(load, options).map((sum) => whenArrived(load, sum / options.arms))
}

type OpenLoad = Extract<Load, { kind: 'open' }>

/** Where nothing is drawn the first request comes at once. */
function sumsOfGaps(
  load: OpenLoad,
  { count, random }: { readonly count: number; readonly random: Random },
): readonly number[] {
  let sum = load.process === 'constant' || load.process === 'trace' ? -1 : 0
  return Array.from({ length: count }, () => {
    sum += gap(load, random)
    return sum
  })
}

function gap({ process, burstiness = 1 }: OpenLoad, random: Random): number {
  switch (process) {
    case 'trace':
    case 'constant':
      return 1
    case 'poisson':
      return -Math.log1p(-random())
    case 'gamma':
      return gammaVariate(burstiness, random) / burstiness
  }
}
