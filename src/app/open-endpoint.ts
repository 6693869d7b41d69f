// The port that waits for an endpoint before it is measured: with the keys and within the bounds of every
// other request, one at a time.

import { setTimeout as pause } from 'node:timers/promises'
import { measure, openEndpoint, type Target } from '../measure/load/load.ts'
import { wasBilled } from '../measure/measure.ts'
import type { PlannedRequest } from '../model/plan.ts'
import type { Opened, OpenRequest } from '../model/ports.ts'

export type OpeningWay = {
  readonly target: Target
  /** Where the readiness address is. */
  readonly look: Target | undefined
  readonly recordSecrets: readonly string[]
  readonly signal: AbortSignal
  readonly announce: (step: string) => void
}

export async function openThrough(way: OpeningWay, request: OpenRequest): Promise<Opened> {
  const { target, look, recordSecrets, signal, announce } = way
  const { timeouts, allowance } = request
  const ask = async (asked: PlannedRequest) => {
    const alone = { ...asked, warmup: false, arm: 'candidate' as const }
    const load = { kind: 'closed', concurrency: 1 } as const
    const plan = { requests: [alone], load, timeouts, maxClientDelayMs: 0, seed: 0 }
    const made = await measure(plan, { candidate: target }, { signal, allowance, recordSecrets })
    return made.records[0]
  }
  return await openEndpoint(
    request,
    { look },
    {
      now: () => performance.now(),
      wait: (ms) => pause(ms, undefined, { signal }).catch(() => undefined),
      signal,
      announce,
      ask,
      isBilled: wasBilled,
    },
  )
}
