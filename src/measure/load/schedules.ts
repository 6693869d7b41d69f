// In which order and when a plan's requests are sent. Closed loop: as many workers as the
// concurrency, each with one request, or one conversation, in flight. Open loop: at the intended times,
// whatever is still in flight.

import type { Load } from '../../model/config.ts'
import type { PlannedRequest } from '../../model/plan.ts'
import type { Arm } from '../../model/request-record.ts'
import { arrivalsOf, type Errand, errandsOf } from './errand.ts'
import type { Stop } from './stop.ts'

export type Sender = {
  readonly stop: Stop
  readonly now: () => number
  readonly inFlight: () => number
  /** Sends one request and waits for its end. `dueMs`: when it should have been handed over. */
  send(planned: PlannedRequest, dueMs: number): Promise<SendEnd>
  /** By so many more conversations are in flight whose user thinks. */
  thinks(change: 1 | -1): void
}

/** `goesOn`: its conversation has a next turn. */
export type SendEnd = { readonly freeMs: number; readonly goesOn: boolean }

/**
 * Between the starts of two workers. All at once, the first wave would mostly measure how long the
 * client takes to write it and the server to read it.
 */
export const STAGGER_MS = 1

/** Both halves of a pair, and all turns of a conversation, stay on one worker, one after the other. */
export async function closedLoop(
  requests: readonly PlannedRequest[],
  concurrency: number,
  sender: Sender,
): Promise<void> {
  const errands = errandsOf(requests)
  let next = 0

  async function worker(_: unknown, position: number): Promise<void> {
    await sender.stop.sleep(position * STAGGER_MS)
    let freeMs = sender.now()
    while (next < errands.length) {
      const errand = errands[next] ?? []
      next += 1
      if (sender.stop.reason !== undefined) return
      freeMs = await carryOut(errand, freeMs, sender)
    }
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, errands.length) }, worker))
}

export async function openLoop(
  requests: readonly PlannedRequest[],
  load: Extract<Load, { kind: 'open' }>,
  sender: Sender,
): Promise<void> {
  const sent: Promise<unknown>[] = []
  for (const errand of arrivalsOf(requests)) {
    const dueMs = errand[0]?.intendedMs ?? 0
    await waitUntil(dueMs, sender)
    if (sender.stop.reason !== undefined) break
    if (sender.inFlight() >= load.maxInFlight) {
      sender.stop.because({ what: 'max-in-flight', allowed: load.maxInFlight })
      break
    }
    sent.push(carryOut(errand, dueMs, sender))
  }
  await Promise.all(sent)
}

/** When the worker was free again. A turn that fails ends its conversation, on its own arm. */
async function carryOut(errand: Errand, freeMs: number, sender: Sender): Promise<number> {
  const answeredMs = new Map<Arm, number>()
  const over = new Set<Arm>()
  let nowFreeMs = freeMs
  for (const planned of errand) {
    const { arm, turn } = planned
    if (over.has(arm)) continue
    const thoughtMs = (answeredMs.get(arm) ?? nowFreeMs) + (turn?.thinkMs ?? 0)
    const dueMs = Math.max(nowFreeMs, thoughtMs)
    if (dueMs > sender.now()) await think(dueMs, sender)
    if (sender.stop.reason !== undefined) return nowFreeMs
    const sent = await sender.send(planned, dueMs)
    nowFreeMs = sent.freeMs
    answeredMs.set(arm, nowFreeMs)
    if (turn !== undefined && !sent.goesOn) over.add(arm)
  }
  return nowFreeMs
}

/** The conversation is in flight meanwhile, though no request of it is. */
async function think(untilMs: number, sender: Sender): Promise<void> {
  sender.thinks(1)
  await waitUntil(untilMs, sender)
  sender.thinks(-1)
}

/** Timers fire up to a millisecond early: it looks again rather than send too soon. */
async function waitUntil(untilMs: number, { stop, now }: Sender): Promise<void> {
  while (stop.reason === undefined && now() < untilMs) {
    await stop.sleep(Math.max(1, untilMs - now()))
  }
}
