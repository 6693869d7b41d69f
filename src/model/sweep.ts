// What a sweep over rates found.

import type { Limit } from './config.ts'
import type { MetricId } from './metric.ts'
import type { Invalidity, Run } from './run.ts'
import type { Summary } from './summary.ts'

export type SweepStanding =
  /** Every ceiling holds and the endpoint keeps up. */
  | { readonly kind: 'holds' }
  /** These are past their ceilings. */
  | { readonly kind: 'over'; readonly metrics: readonly MetricId[] }
  /** Requests came faster than they were answered: so many were waiting at the end. */
  | { readonly kind: 'queues'; readonly backlog: number }
  | { readonly kind: 'void'; readonly invalidities: readonly Invalidity[] }

export type SweepLevel = {
  readonly ratePerSecond: number
  /** Absent where nothing could be sent. */
  readonly run?: Run
  readonly summary?: Summary
  readonly standing: SweepStanding
}

export type Sweep = {
  readonly gate: string
  readonly limits: readonly Limit[]
  /** In the order in which they were measured. */
  readonly levels: readonly SweepLevel[]
  /** The highest rate that holds below every one that does not. Absent = none does. */
  readonly holds?: number
  /** The lowest rate that does not hold. Absent = all do. */
  readonly breaks?: number
}
