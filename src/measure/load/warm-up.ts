// The warm-up beyond its first wave: batch after batch, while first tokens get faster, within what the
// plan has to spare.

import type { Measurement } from '../../model/measurement.ts'
import type { Plan } from '../../model/plan.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import { ttftMs } from '../../model/ttft.ts'
import { isSettled, medianOf } from '../../stats/settling.ts'
import { closedLoop, type Sender } from './schedules.ts'

/** Longer than this no warm-up goes on, and no longer than this share of the time there is. */
const LONGEST_MS = 120_000
const LONGEST_SHARE = 0.25

export type Warmth = NonNullable<Measurement['warmth']>

export type WarmingUp = {
  /** All that has ended so far, in the order of ending. */
  readonly ended: () => readonly RequestRecord[]
  readonly sender: Sender
  readonly durationMs: number
}

/** Undefined where the plan has nothing to spare, or the first wave ended everything. */
export async function warmUntilSettled(
  { settling }: Plan,
  { ended, sender, durationMs }: WarmingUp,
): Promise<Warmth | undefined> {
  const { stop, now } = sender
  if (settling === undefined || stop.reason !== undefined) return undefined
  const { spare, batch } = settling
  const first = firstTokensOf(ended())
  const batches = [first]
  const endMs = Math.min(LONGEST_MS, LONGEST_SHARE * durationMs)
  let sent = 0
  while (!isSettled(batches, settling) && sent < spare.length) {
    if (stop.reason !== undefined || now() >= endMs) break
    const before = ended().length
    await closedLoop(spare.slice(sent, sent + batch), batch, sender)
    batches.push(firstTokensOf(ended().slice(before)))
    sent += batch
  }
  return {
    firstMs: medianOf(first),
    lastMs: medianOf(batches.at(-1) ?? []),
    requests: batches.reduce((sum, each) => sum + each.length, 0),
    isSettled: isSettled(batches, settling),
  }
}

/** Infinity for a request without a token. */
function firstTokensOf(records: readonly RequestRecord[]): readonly number[] {
  return records.map((record) => ttftMs(record) ?? Number.POSITIVE_INFINITY)
}
