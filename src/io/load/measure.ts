// Carries out a plan: a warm-up wave, then the measured requests, within an allowance and until a
// signal. Every request that was started is in the result, as a record, exactly once.

import type { Measurement, Progress } from '../../model/measurement.ts'
import type { Allowance, Plan } from '../../model/plan.ts'
import { Session } from './session.ts'
import type { CostOf } from './spending.ts'
import type { Target } from './targets.ts'

export type { Target } from './targets.ts'

export type Targets = { readonly candidate: Target; readonly reference?: Target }

export type MeasureOptions = {
  readonly signal: AbortSignal
  readonly allowance: Allowance
  /** What a record cost in USD, as far as it is known while the run goes on. */
  readonly costOf?: CostOf
  /**
   * How long what is in flight may go on when the time is up, at most its total timeout; then it is
   * cut. Default 30 s.
   */
  readonly deadlineGraceMs?: number
  /** Called about twice a second and at the end. */
  readonly onProgress?: (progress: Progress) => void
  /** Texts that may appear in no record: keys, secret header values. */
  readonly recordSecrets: readonly string[]
}

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
