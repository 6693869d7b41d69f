// What all connections hold together, counted: a server that sends halves of answers to hundreds of
// requests at once meets one bound, whatever the halves are made of.

import type { Socket } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { HeldBytes, MOST_HELD_BYTES } from '../../../src/measure/load/held-bytes.ts'
import type { RequestRecord } from '../../../src/model/request-record.ts'
import { plan, request, run } from './asking.ts'
import { httpChunk, STREAM_HEAD, startRawServer } from './raw-server.ts'

const CHUNKED = `${STREAM_HEAD}transfer-encoding: chunked\r\n\r\n`
const UNFRAMED = `${STREAM_HEAD}connection: close\r\n\r\n`
const IN_FLIGHT = 24
/** Of one answer when the bound is met: a read, and a buffer that grows by doubling. */
const LAST_STRAW = 1 << 19

async function underFire(answer: (socket: Socket) => void, held: HeldBytes) {
  const server = await startRawServer(answer)
  const requests = Array.from({ length: IN_FLIGHT }, (_, index) => request(index))
  try {
    return await run(
      plan(requests, {
        load: { kind: 'closed', concurrency: IN_FLIGHT },
        timeouts: { firstTokenMs: 1500, totalMs: 1500 },
      }),
      server.url,
      { held },
    )
  } finally {
    await server.stop()
  }
}

function flood(socket: Socket, head: string, again: Buffer): void {
  socket.write(head)
  const more = () => {
    while (!socket.destroyed && socket.write(again)) if (socket.writableNeedDrain) break
    if (!socket.destroyed) socket.once('drain', more)
  }
  more()
}

const repeated = (text: string) => Buffer.from(text.repeat(Math.ceil(65_536 / text.length)))
const details = (records: readonly RequestRecord[]) => [
  ...new Set(records.map(({ outcome, detail }) => `${outcome}: ${detail}`)),
]

const HOSTILE: Readonly<Record<string, (socket: Socket) => void>> = {
  'one line in chunks of one byte': (socket) => flood(socket, CHUNKED, repeated(httpChunk('x'))),
  'one line without an end': (socket) => flood(socket, UNFRAMED, repeated('x')),
  'an event of empty lines': (socket) => flood(socket, UNFRAMED, repeated('data:\n')),
  'an event of short lines in chunks': (socket) =>
    flood(socket, CHUNKED, repeated(httpChunk('data:x\n'))),
  'half an event, and silence': (socket) => socket.write(`${UNFRAMED}data: ${'x'.repeat(200_000)}`),
  'a refusal in chunks of one byte': (socket) =>
    flood(
      socket,
      'HTTP/1.1 503 no\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
      repeated(httpChunk('x')),
    ),
}

describe('the bytes that all connections hold', () => {
  it.each(Object.entries(HOSTILE))('have one bound under %s', async (_, answer) => {
    const held = new HeldBytes(2 << 20)
    const { records } = await underFire(answer, held)
    expect(records).toHaveLength(IN_FLIGHT)
    expect(records.every(({ outcome }) => outcome !== 'completed')).toBe(true)
    expect(held.peak).toBeGreaterThan(0)
    expect(held.peak).toBeLessThanOrEqual(held.most + LAST_STRAW)
    expect(held.now).toBe(0)
  })

  it('end the answer that takes them past it, and say so', async () => {
    const held = new HeldBytes(2 << 20)
    const answer = HOSTILE['half an event, and silence']
    if (answer === undefined) throw new Error('no such server')
    const { records } = await underFire(answer, held)
    expect(details(records)).toContain(
      `malformed: the answers that are being read hold more than ${2 << 20} bytes together`,
    )
  })

  it('are a tenth of what a runner can spare', () => {
    expect(MOST_HELD_BYTES).toBeLessThanOrEqual(32 << 20)
  })
})
