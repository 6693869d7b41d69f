// What came back from carrying out a plan: every request that ended by itself, what the client saw
// of itself meanwhile, and why it stopped early if it did. Nothing here is judged yet.

import type { Cloud } from './cloud.ts'
import type { InvalidAnswer } from './expectation.ts'
import type { Arm, RequestRecord } from './request-record.ts'
import type { Conditions } from './run.ts'
import type { ServerMetricsRead } from './server-metrics.ts'

/** Why a measurement ended before its plan did. */
export type EarlyStop =
  /** The allowance was used up: no further request was started. */
  | { readonly what: 'requests' | 'duration' | 'cost'; readonly allowed: number }
  /** The caller's signal. */
  | { readonly what: 'signal' }
  /** The first requests all failed in a way that no later one could escape (no such host, wrong
   * key, unknown model): asking on would only cost time. */
  | { readonly what: 'endpoint-down'; readonly arm: Arm }
  /** An open loop wanted more requests in flight than its bound. */
  | { readonly what: 'max-in-flight'; readonly allowed: number }

/** Medians of first tokens of the first and the last batch of a warm-up. */
export type Warmth = {
  readonly firstMs: number
  readonly lastMs: number
  readonly requests: number
  readonly isSettled: boolean
}

export type Measurement = {
  /** Measured requests that ended by themselves, both arms, in plan order. */
  readonly records: readonly RequestRecord[]
  /** The wave before them: paid for, in no other number. */
  readonly warmup: readonly RequestRecord[]
  /**
   * Requests that the client itself cut, on the signal or when the time after the deadline ran out
   * (outcome `aborted`). They say nothing of the endpoint, so they are not counted but the cost.
   */
  readonly aborted: readonly RequestRecord[]
  readonly conditions: Conditions
  readonly stopped?: EarlyStop
  /** Names the endpoint gave its model in its answers, by arm, in order of appearance. */
  readonly reportedModels: {
    readonly candidate: readonly string[]
    readonly reference: readonly string[]
  }
  /** How the warm-up of each arm went, where it goes on until it has settled. */
  readonly warmth?: { readonly [Name in Arm]?: Warmth | undefined }
  /** Origins of the proxies that requests went through, by arm. Absent members = straight. */
  readonly proxies?: { readonly candidate?: string; readonly reference?: string }
  /** The cloud whose login vouched for the candidate's requests. Absent = none. */
  readonly login?: Cloud
  /** The first of each kind of invalid answer, by arm. Absent where nothing is expected of any. */
  readonly invalidAnswers?: { readonly [Name in Arm]: readonly InvalidAnswer[] }
  /** What came of each arm's `endpoint.metrics`. Absent where there is none of its own. */
  readonly serverMetrics?: { readonly [Name in Arm]?: ServerMetricsRead | undefined }
  /** From the first warm-up request to the end of the last request. */
  readonly totalMs: number
}

/** Shown while a measurement runs. */
export type Progress = {
  readonly phase: 'warmup' | 'measured'
  readonly done: number
  readonly planned: number
  readonly failed: number
  readonly inFlight: number
  readonly elapsedMs: number
}
