// Whether a measurement can be trusted. Past the limits below the client, not the endpoint, made the
// numbers, and the run is void; whatever else a reader should know becomes a warning. The limits are
// explained in docs/measurement.md.

import type { Measurement } from '../../model/measurement.ts'
import type { Plan } from '../../model/plan.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import type { Conditions, Invalidity, RunWarning } from '../../model/run.ts'
import { ttftMs } from '../../model/ttft.ts'
import { nothingCompleted } from './nothing-completed.ts'
import { warningsOf } from './warnings.ts'

export const SELF_CHECK_LIMITS = {
  /** The client's own delays (event loop, sending), p99: what the plan allows, or this share of the
   * median TTFT where that is more: an endpoint that takes seconds is not blurred by milliseconds. */
  delayShareOfMedianTtft: 0.1,
  /** Achieved over intended rate or concurrency. */
  loadReached: 0.9,
  /** Measured requests that opened a connection because the warm-up had not. */
  unwarmedShare: 0.1,
  /** Wall against monotonic clock: a constant, and a share of the run that slewing may take. */
  clockDriftMs: 250,
  clockDriftShare: 0.001,
  /** Below this share of the plan a run that its budget cut short is void. */
  budgetShare: 0.5,
} as const

export type SelfCheck = {
  readonly invalidities: readonly Invalidity[]
  readonly warnings: readonly RunWarning[]
}

export function checkRun(measurement: Measurement, plan: Plan): SelfCheck {
  const early = earlyEnd(measurement, plan)
  const nothing = nothingCompleted(measurement)
  const ended = early.invalidity === undefined ? [] : [early.invalidity]
  // Where nothing completed, how well the client kept its load is beside the point.
  const invalidities =
    nothing === undefined ? [...ended, ...clientFaults(measurement, plan)] : [nothing]
  const warnings = warningsOf(measurement, plan)
  return {
    invalidities: measurement.stopped?.what === 'signal' ? ended : invalidities,
    warnings: early.warning === undefined ? warnings : [early.warning, ...warnings],
  }
}

/** What a run of another engine tells of itself: whether anything completed, and its rates. */
export function checkImported(
  records: readonly RequestRecord[],
  conditions: Conditions,
): readonly Invalidity[] {
  const nothing = nothingCompleted({ records, warmup: [] })
  return nothing === undefined ? loadFaults(conditions) : [nothing]
}

function loadFaults({ achievedLoad: achieved, intendedLoad: intended }: Conditions) {
  const isReached = achieved >= SELF_CHECK_LIMITS.loadReached * intended
  return isReached ? [] : [{ kind: 'load-not-reached' as const, achieved, intended }]
}

function clientFaults(measurement: Measurement, plan: Plan): readonly Invalidity[] {
  const { conditions, records, stopped } = measurement
  const limits = SELF_CHECK_LIMITS
  const limitMs = Math.max(
    plan.maxClientDelayMs,
    limits.delayShareOfMedianTtft * (medianTtftMs(records) ?? 0),
  )
  const faults: Invalidity[] = []
  if (conditions.eventLoopDelayP99Ms > limitMs) {
    faults.push({ kind: 'event-loop-delay', p99Ms: conditions.eventLoopDelayP99Ms, limitMs })
  }
  if (conditions.sendLatenessP99Ms > limitMs) {
    faults.push({ kind: 'send-lateness', p99Ms: conditions.sendLatenessP99Ms, limitMs })
  }
  if (stopped?.what === 'max-in-flight') {
    faults.push({ kind: 'too-many-in-flight', limit: stopped.allowed })
  }
  faults.push(...loadFaults(conditions))
  const share = (conditions.unwarmedConnections ?? 0) / Math.max(1, conditions.measuredRequests)
  if (share > limits.unwarmedShare) {
    faults.push({ kind: 'fresh-connections', share, limit: limits.unwarmedShare })
  }
  const driftLimitMs = limits.clockDriftMs + limits.clockDriftShare * conditions.durationMs
  if (Math.abs(conditions.clockDriftMs) > driftLimitMs) {
    faults.push({ kind: 'clock-stepped', driftMs: conditions.clockDriftMs })
  }
  return faults
}

/** What a stop before the plan's end means: a void run, or a shorter one that still speaks. */
function earlyEnd(
  measurement: Measurement,
  plan: Plan,
): { readonly invalidity?: Invalidity; readonly warning?: RunWarning } {
  const { stopped, records, totalMs } = measurement
  const measured = records.length
  if (stopped?.what === 'signal') return { invalidity: { kind: 'aborted', measured } }
  if (stopped?.what !== 'requests' && stopped?.what !== 'duration' && stopped?.what !== 'cost') {
    return {}
  }
  const { what, allowed } = stopped
  const planned = plan.requests.filter((request) => !request.warmup).length
  if (measured >= planned) return {}
  if (measured >= SELF_CHECK_LIMITS.budgetShare * planned) {
    return { warning: { kind: 'budget-shortened', what, measured, planned } }
  }
  const used = what === 'duration' ? totalMs : allowed
  const whole =
    what === 'requests' ? plan.requests.length : (used * planned) / Math.max(1, measured)
  return { invalidity: { kind: 'budget', what, allowed, needed: whole, measured } }
}

function medianTtftMs(records: readonly RequestRecord[]): number | undefined {
  const values = records.flatMap((record) => ttftMs(record) ?? []).sort((a, b) => a - b)
  return values[Math.floor(values.length / 2)]
}
