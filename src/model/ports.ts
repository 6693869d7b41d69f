// The world as `gate` needs it, and what one gate is asked to do. The adapters fit these by shape;
// tests pass their own.

import type {
  BaselineSettings,
  Endpoint,
  Gate,
  Policy,
  Prices,
  Timeouts,
  Workload,
} from './config.ts'
import type { WantedBaseline } from './history.ts'
import type { Measurement } from './measurement.ts'
import type { Allowance, Plan, PlannedRequest } from './plan.ts'
import type { RequestRecord } from './request-record.ts'
import type { Invalidity, MergedTwins, Provenance, Run } from './run.ts'
import type { BaselineStore } from './store.ts'
import type { Acceptance, GateResult } from './verdict.ts'

export type MeasureRequest = {
  readonly candidate: Endpoint
  /** Present exactly when the plan has requests for it. */
  readonly reference?: Endpoint
  readonly allowance: Allowance
  /** USD of a record, as far as it is known while the run goes on. Absent where nothing tells. */
  readonly costOf?: (record: RequestRecord) => number | undefined
}

/** What is to be known of an endpoint before it is measured. */
export type OpenRequest = {
  readonly endpoint: Endpoint
  /** The other arm's, where this is the reference: whose key may be sent follows from both. */
  readonly candidate: Endpoint
  /** Begins what is announced. */
  readonly gate: string
  /** Left alone for so long first. 0 = not. */
  readonly idleMs: number
  /** The one short answer. Absent = the readiness address alone is asked. */
  readonly asked?: PlannedRequest
  readonly timeouts: Timeouts
  readonly allowance: Allowance
  readonly costOf?: MeasureRequest['costOf']
}

export type Opened = {
  /** Why it never came; absent when it is there. */
  readonly never?: Extract<Invalidity, { kind: 'not-ready' | 'aborted' | 'budget' }>
  /** Absent where nothing was waited for. */
  readonly readyAfterMs?: number
  readonly coldStartMs?: number
  /** What was billed. */
  readonly records: readonly RequestRecord[]
}

export type Ports = {
  /** Waits until an endpoint answers, or leaves it alone, and asks it once where that is wanted. */
  readonly open: (request: OpenRequest) => Promise<Opened>
  readonly measure: (plan: Plan, request: MeasureRequest) => Promise<Measurement>
  readonly store: BaselineStore
  /** Resolves after this time, or at once when whoever runs the job stops it. */
  readonly wait: (ms: number) => Promise<void>
  readonly nowIso: () => string
  /** Unique and sortable by time, as model/run.ts says. */
  readonly newRunId: () => string
  /** Says in words what happens next. */
  readonly announce: (step: string) => void
}

/** Which stored runs are the right ones: absent members are not known. */
export type BaselineContext = Pick<
  WantedBaseline,
  'baseBranch' | 'defaultBranch' | 'mergeBase' | 'ancestors'
>

export type GateRequest = {
  readonly gate: Gate
  /** The second arm; absent where there is none or where it would be the same as the first. */
  readonly reference?: Endpoint
  /** What the second arm asks, where that is not the gate's own workload: pairs from the start. */
  readonly referenceWorkload?: Workload
  /** A run that was measured earlier, to be judged as the reference arm: no other is measured. */
  readonly earlier?: Run
  /** What was measured of it before, in turns with the gates that it is compared with. */
  readonly measured?: Shard
  /** Why there is none, when there is none. */
  readonly withoutReference?: 'none' | 'same-as-candidate'
  /** What two deployments of the same thing differ by, where it is stated. */
  readonly differs?: number
  /** The base branch's own gate, where there is one. */
  readonly ofBase?: Pick<Gate, 'endpoint'>
  /** Absent = as the gate's own config says, or as the base branch's does. */
  readonly asked?: 'proposed'
  readonly baseline: BaselineSettings
  readonly context: BaselineContext
  /** Whether what the base branch's newest runs already have blocks. Absent = it does not. */
  readonly baseRegressed?: Policy['baseRegressed']
  readonly provenance: Provenance
  readonly allowance: Allowance
  /** Prices that bind the budget beside the gate's own: whichever is more expensive counts. */
  readonly boundBy?: readonly Prices[]
  /** The pause before a fail is measured once more. Absent = it is not. */
  readonly confirmAfterMs?: number
  /** What turns a fail into a pass that says so; absent when nobody accepted anything. */
  readonly accept?: Acceptance
}

/** What judging alone needs to know of a gate. */
export type Judging = Pick<
  GateRequest,
  'accept' | 'reference' | 'withoutReference' | 'differs' | 'earlier' | 'referenceWorkload'
> & {
  readonly gate: Pick<Gate, 'name' | 'limits'> & Partial<Pick<Gate, 'workload'>>
}

/** What measuring came to, judged or not. */
export type Shard = {
  readonly gate: string
  /** Candidate first, then the reference arm's; empty when nothing could be sent. */
  readonly runs: readonly Run[]
  /** What is gone from the allowance. */
  readonly used: Allowance
  /** Why it cannot be used; empty when it is sound. */
  readonly invalidities: readonly Invalidity[]
}

export type GateRun = Shard & {
  readonly result: GateResult
  /** What its two arms differed by, where they are deployments of one thing and it passed. */
  readonly twins?: Pick<MergedTwins, 'difference' | 'error'>
}
