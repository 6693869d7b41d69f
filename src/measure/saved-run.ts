// A run that was measured earlier or by another job, as a round: what its records and conditions still
// tell of its trustworthiness is held against the same limits as a fresh one's.

import type { Gate } from '../model/config.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Plan } from '../model/plan.ts'
import type { Run } from '../model/run.ts'
import { NOTHING_USED, type Round } from './measure-round.ts'
import { checkRun } from './self-check/self-check.ts'

export type MeasuredRound = Extract<Round, { kind: 'measured' }>

/** `gate` without a workload: how late the client may be is not known, everything else is checked. */
export function savedRound(
  run: Run,
  { gate }: { readonly gate: Pick<Gate, 'name'> & Partial<Pick<Gate, 'workload'>> },
): MeasuredRound {
  const measurement: Measurement = {
    records: run.records,
    warmup: [],
    aborted: [],
    conditions: run.conditions,
    reportedModels: { candidate: [], reference: [] },
    totalMs: run.conditions.durationMs,
  }
  return {
    kind: 'measured',
    candidate: run,
    invalidities: checkRun(measurement, planOf(run, gate.workload)).invalidities,
    spent: run.spent,
    used: NOTHING_USED,
  }
}

/** As much of the plan as the check reads; a saved run does not say what else was planned. */
function planOf(run: Run, workload: Gate['workload'] | undefined): Plan {
  const unlimited = Number.POSITIVE_INFINITY
  return {
    requests: [],
    load: { kind: 'closed', concurrency: Math.max(1, run.conditions.peakInFlight) },
    timeouts: {
      connectMs: unlimited,
      firstTokenMs: unlimited,
      idleMs: unlimited,
      totalMs: unlimited,
    },
    maxClientDelayMs: workload?.maxClientDelayMs ?? unlimited,
    seed: run.seed,
  }
}
