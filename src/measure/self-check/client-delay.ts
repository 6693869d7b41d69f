// The client's own delays against what they can distort: a percentile of a slow endpoint is not moved
// by milliseconds, one of a fast endpoint is.

import type { Measurement } from '../../model/measurement.ts'
import type { Plan } from '../../model/plan.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import type { Invalidity, RunWarning } from '../../model/run.ts'
import { waitMs } from '../../model/wait.ts'

/** Of the median TTFT: from here on worth saying, and from here on a void run. */
export const DELAY_SHARES = { warns: 0.1, voids: 0.2 } as const

/** Past what the plan allows, or a fifth of the median TTFT where that is more, the run is void. */
export function delayFaults(
  { conditions, records }: Measurement,
  plan: Plan,
): readonly Invalidity[] {
  const limitMs = Math.max(plan.maxClientDelayMs, DELAY_SHARES.voids * (medianTtftMs(records) ?? 0))
  const { eventLoopDelayP99Ms, sendLatenessP99Ms } = conditions
  const faults: Invalidity[] = []
  if (eventLoopDelayP99Ms > limitMs) {
    faults.push({ kind: 'event-loop-delay', p99Ms: eventLoopDelayP99Ms, limitMs })
  }
  if (sendLatenessP99Ms > limitMs) {
    faults.push({ kind: 'send-lateness', p99Ms: sendLatenessP99Ms, limitMs })
  }
  return faults
}

/** Only for a run that the delay does not void. */
export function clientLate({ conditions, records }: Measurement): RunWarning | undefined {
  const medianMs = medianTtftMs(records)
  const p99Ms = Math.max(conditions.eventLoopDelayP99Ms, conditions.sendLatenessP99Ms)
  if (medianMs === undefined || p99Ms <= DELAY_SHARES.warns * medianMs) return undefined
  return { kind: 'client-late', p99Ms, medianMs }
}

function medianTtftMs(records: readonly RequestRecord[]): number | undefined {
  const values = records.flatMap((record) => waitMs(record) ?? []).sort((a, b) => a - b)
  return values[Math.floor(values.length / 2)]
}

/** A fault of the measuring machine's moment: the same measurement may well be sound a little later. */
export function isOwnDelay({ kind }: Invalidity): boolean {
  return kind === 'event-loop-delay' || kind === 'send-lateness' || kind === 'load-not-reached'
}
