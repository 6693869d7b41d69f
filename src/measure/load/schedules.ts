// In which order and when a plan's requests are sent. Closed loop: as many workers as the
// concurrency, each with one request in flight. Open loop: at the intended times, whatever is still
// in flight.

import type { Load } from '../../model/config.ts'
import type { PlannedRequest } from '../../model/plan.ts'
import type { Stop } from './stop.ts'

export type Sender = {
  readonly stop: Stop
  readonly now: () => number
  readonly inFlight: () => number
  /** Sends one request and waits for its end. `dueMs`: when it should have been handed over. */
  send(planned: PlannedRequest, dueMs: number): Promise<{ readonly freeMs: number }>
}

/**
 * Between the starts of two workers. All at once, the first wave would mostly measure how long the
 * client takes to write it and the server to read it.
 */
export const STAGGER_MS = 1

/** Both halves of a pair stay on one worker, one after the other. */
export async function closedLoop(
  requests: readonly PlannedRequest[],
  concurrency: number,
  sender: Sender,
): Promise<void> {
  const turns = pairsTogether(requests)
  let next = 0

  async function worker(_: unknown, position: number): Promise<void> {
    await sender.stop.sleep(position * STAGGER_MS)
    let freeMs = sender.now()
    while (next < turns.length) {
      const turn = turns[next] ?? []
      next += 1
      for (const planned of turn) {
        if (sender.stop.reason !== undefined) return
        freeMs = (await sender.send(planned, freeMs)).freeMs
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, turns.length) }, worker))
}

export async function openLoop(
  requests: readonly PlannedRequest[],
  load: Extract<Load, { kind: 'open' }>,
  sender: Sender,
): Promise<void> {
  const sent: Promise<unknown>[] = []
  for (const planned of requests) {
    const dueMs = planned.intendedMs ?? 0
    // Timers fire up to a millisecond early: the loop looks again rather than send too soon.
    while (sender.stop.reason === undefined && sender.now() < dueMs) {
      await sender.stop.sleep(Math.max(1, dueMs - sender.now()))
    }
    if (sender.stop.reason !== undefined) break
    if (sender.inFlight() >= load.maxInFlight) {
      sender.stop.because({ what: 'max-in-flight', allowed: load.maxInFlight })
      break
    }
    sent.push(sender.send(planned, dueMs))
  }
  await Promise.all(sent)
}

function pairsTogether(requests: readonly PlannedRequest[]): readonly PlannedRequest[][] {
  const turns: PlannedRequest[][] = []
  for (const planned of requests) {
    const last = turns.at(-1)
    if (planned.pair !== undefined && last?.[0]?.pair === planned.pair) last.push(planned)
    else turns.push([planned])
  }
  return turns
}
