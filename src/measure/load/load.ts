// Carries out a plan: a warm-up wave, then the measured requests, within an allowance and until a
// signal. Every request that was started is in the result, as a record, exactly once.

import type { Measurement } from '../../model/measurement.ts'
import type { Plan } from '../../model/plan.ts'
import type { MeasureOptions } from './options.ts'
import { Session } from './session.ts'
import type { Targets } from './targets.ts'

export type { MeasureOptions } from './options.ts'
export { publicLookup } from './public-lookup.ts'
export { openEndpoint, type Waiting } from './readiness.ts'
export type { Target, Targets } from './targets.ts'
export { proxyToken } from './tunnel.ts'

/** Rejects only for what cannot be sent at all (an impossible header): a GateError. */
export async function measure(
  plan: Plan,
  targets: Targets,
  options: MeasureOptions,
): Promise<Measurement> {
  const session = new Session(plan, targets, options)
  try {
    return await session.run()
  } finally {
    await session.close()
  }
}
