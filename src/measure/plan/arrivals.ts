// When an open loop wants each request sent, fixed before the run: the endpoint's slowness must not
// thin out the load that measures it.

import { stagesOf, whenExpected, whenRecorded } from '../../model/arrival-stages.ts'
import type { Load } from '../../model/config.ts'
import { gammaVariate } from '../../stats/gamma-variate.ts'
import type { Random } from '../../stats/random.ts'

/**
 * Milliseconds from the start of the measured phase. A closed loop has none.
 *
 * Gaps of mean 1 are drawn first, by the process (constant: 1; poisson: -ln(1 - u); gamma: of shape
 * `burstiness`, as bursty as its coefficient of variation 1/sqrt(burstiness) is large), and their sums
 * are put where the rate has let so many requests come: t with the integral of the rate over 0..t equal
 * to the sum. So one rule serves constant rates, ramps and bursts. Source: time rescaling of a renewal
 * process, Cox and Lewis, The Statistical Analysis of Series of Events (1966).
 */
export function arrivals(
  load: Load,
  options: { readonly count: number; readonly arms: number; readonly random: Random },
): readonly number[] | undefined {
  if (load.kind === 'closed') return undefined
  const { timesMs } = load
  if (timesMs !== undefined) {
    // Both halves of a pair come when the one request came.
    return Array.from({ length: options.count }, (_, position) =>
      whenRecorded(timesMs, Math.floor(position / options.arms)),
    )
  }
  const stages = stagesOf(load)
  let expected = load.process === 'constant' ? -1 : 0
  return Array.from({ length: options.count }, () => {
    expected += gap(load, options.random)
    // With two arms in alternation each of them still sees the configured rate.
    return whenExpected(stages, expected / options.arms)
  })
}

function gap({ process, burstiness = 1 }: Extract<Load, { kind: 'open' }>, random: Random): number {
  switch (process) {
    // The times of a trace are recorded, not drawn.
    case 'trace':
    case 'constant':
      return 1
    case 'poisson':
      return -Math.log1p(-random())
    case 'gamma':
      return gammaVariate(burstiness, random) / burstiness
  }
}
