// The warm-up beyond its first wave: batch after batch, while first tokens get faster, within what the
// plan has to spare.

import type { Warmth } from '../../model/measurement.ts'
import type { Plan } from '../../model/plan.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import { waitMs } from '../../model/wait.ts'
import { isSettled, medianOf } from '../../stats/settling.ts'
import { closedLoop, type Sender } from './schedules.ts'

/** Longer than this no warm-up goes on, and no longer than this share of the time there is. */
const LONGEST_MS = 120_000
const LONGEST_SHARE = 0.25

export type WarmingUp = {
  /** All of one arm that has ended so far, in the order of ending. */
  readonly ended: () => readonly RequestRecord[]
  readonly sender: Sender
  readonly durationMs: number
}

/** Undefined where the plan has nothing to spare, or something ended everything. */
export async function warmUntilSettled(
  settling: NonNullable<Plan['settling']>[number],
  { ended, sender, durationMs }: WarmingUp,
): Promise<Warmth | undefined> {
  const { stop, now } = sender
  const { spare, batch } = settling
  const wave = ended()
  const first = firstTokensOf(wave)
  if (stop.reason !== undefined || spare.length === 0) return undefined
  let batches = [first]
  const endMs = now() + Math.min(LONGEST_MS, LONGEST_SHARE * durationMs)
  let sent = 0
  while (!isSettled(batches, settling) && sent < spare.length) {
    if (stop.reason !== undefined || now() >= endMs) break
    // A wider wave waits for itself: only batches of one width say which is faster.
    if (sent === 0 && wave.length > batch) batches = []
    const before = ended().length
    await closedLoop(spare.slice(sent, sent + batch), batch, sender)
    const more = ended().slice(before)
    if (!isMute(more)) batches.push(firstTokensOf(more))
    sent += batch
  }
  return {
    firstMs: medianOf(first),
    lastMs: medianOf(batches.at(-1) ?? first),
    requests: wave.length + sent,
    isSettled: isSettled(batches, settling),
  }
}

/** Probes of a model that reasons unseen end without a token: they say nothing of how fast one comes. */
function isMute(records: readonly RequestRecord[]): boolean {
  return records.every(
    (record) =>
      record.kind === 'probe' && record.outcome === 'completed' && waitMs(record) === undefined,
  )
}

/** Infinity for a request without a token. */
function firstTokensOf(records: readonly RequestRecord[]): readonly number[] {
  return records.map((record) => waitMs(record) ?? Number.POSITIVE_INFINITY)
}
