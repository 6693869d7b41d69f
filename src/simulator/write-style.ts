// How writes look on the wire, whatever they say: pings between them, several events in one, other
// line ends, characters cut in two.

import type { Delivery, PlannedAnswer, TimedWrite } from './delivery.ts'

/** The order matters: a ping has line ends too, and a cut comes last. */
export function styled(delivery: Delivery, answer: PlannedAnswer): Delivery {
  const { lineEnd, coalesce, splitUtf8, pingEvery } = answer.behaviour
  let writes = delivery.writes
  if (pingEvery > 0) writes = pinged(writes, pingEvery, answer.speech.ping())
  if (coalesce > 1) writes = coalesced(writes, coalesce)
  if (lineEnd !== '\n' && !delivery.isBinary)
    writes = writes.map((write) => withLineEnd(write, lineEnd))
  if (splitUtf8 && !delivery.isBinary) writes = writes.flatMap(splitInsideCharacter)
  return writes === delivery.writes ? delivery : { ...delivery, writes }
}

/** A ping before every n-th token, half-way from the write before it. */
function pinged(writes: readonly TimedWrite[], every: number, ping: string): readonly TimedWrite[] {
  let tokens = 0
  let beforeMs = 0
  return writes.flatMap((write) => {
    const atMs = (beforeMs + write.atMs) / 2
    beforeMs = write.atMs
    if (write.tokens === 0) return [write]
    tokens += 1
    return tokens % every === 0 ? [{ atMs, bytes: ping, tokens: 0 }, write] : [write]
  })
}

/** Up to `most` token events in one write, at the time of the last of them. */
function coalesced(writes: readonly TimedWrite[], most: number): readonly TimedWrite[] {
  const result: TimedWrite[] = []
  for (const write of writes) {
    const last = result.at(-1)
    if (last !== undefined && last.tokens > 0 && write.tokens > 0 && last.tokens < most) {
      const bytes = `${last.bytes}${write.bytes}`
      result[result.length - 1] = { ...write, bytes, tokens: last.tokens + write.tokens }
    } else {
      result.push(write)
    }
  }
  return result
}

function withLineEnd(write: TimedWrite, lineEnd: string): TimedWrite {
  return typeof write.bytes === 'string'
    ? { ...write, bytes: write.bytes.replaceAll('\n', lineEnd) }
    : write
}

/** Two writes, 1 ms apart, that part the last multi-byte character between them. */
function splitInsideCharacter(write: TimedWrite): readonly TimedWrite[] {
  const bytes =
    typeof write.bytes === 'string' ? new TextEncoder().encode(write.bytes) : write.bytes
  const inside = bytes.findLastIndex((byte) => (byte & 0xc0) === 0x80)
  if (inside === -1) return [write]
  const before = { ...write, bytes: bytes.subarray(0, inside), tokens: 0 }
  return [before, { ...write, atMs: write.atMs + 1, bytes: bytes.subarray(inside) }]
}
