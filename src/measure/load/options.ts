// What bounds and watches one measurement.

import type { Progress } from '../../model/measurement.ts'
import type { Allowance } from '../../model/plan.ts'
import type { CostOf } from './budget-watch.ts'
import type { HeldBytes } from './held-bytes.ts'

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
  /** Awaited once, between the warm-up and the first measured request. */
  readonly beforeMeasured?: () => Promise<void>
  /** Called about twice a second and at the end. */
  readonly onProgress?: (progress: Progress) => void
  /** What all connections may hold together. Absent = this process's own. */
  readonly held?: HeldBytes
  /** Texts that may appear in no record: keys, secret header values. */
  readonly recordSecrets: readonly string[]
}
