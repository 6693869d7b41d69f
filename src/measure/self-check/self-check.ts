// Whether a measurement can be trusted. Past the limits below the client, not the endpoint, made the
// numbers, and the run is void; whatever else a reader should know becomes a warning. The limits are
// explained in docs/measurement.md.

import type { Measurement } from '../../model/measurement.ts'
import type { Plan } from '../../model/plan.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import type { Conditions, Invalidity, RunWarning } from '../../model/run.ts'
import { clientLate, delayFaults } from './client-delay.ts'
import { nothingCompleted } from './nothing-completed.ts'
import { paceOf } from './pace.ts'
import { warningsOf } from './warnings.ts'

export { isOwnDelay } from './client-delay.ts'

export const SELF_CHECK_LIMITS = {
  /** Achieved over intended rate or concurrency. */
  loadReached: 0.9,
  /** Measured requests that opened a connection because the warm-up had not. */
  unwarmedShare: 0.2,
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
  const late = invalidities.length === 0 ? clientLate(measurement) : undefined
  return {
    invalidities: measurement.stopped?.what === 'signal' ? ended : invalidities,
    warnings: [early.warning, ...warningsOf(measurement, plan), late].filter(
      (warning) => warning !== undefined,
    ),
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
  const { conditions, stopped } = measurement
  const limits = SELF_CHECK_LIMITS
  const faults: Invalidity[] = [...delayFaults(measurement, plan)]
  if (stopped?.what === 'max-in-flight') {
    const pace = paceOf(measurement.records)
    faults.push({ kind: 'too-many-in-flight', limit: stopped.allowed, ...pace })
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
