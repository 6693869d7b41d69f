import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { EventStreamFramer, encodeEventStream } from '../../../src/wire/events/event-stream.ts'
import { checksum, eventFrame, frameOf } from '../event-stream-frames.ts'
import type { Create } from '../stream-replay.ts'
import { byteByByte, everyCut, frame } from '../stream-replay.ts'

function eventStream(limit?: number): Create {
  return (take) => new EventStreamFramer(take, limit)
}

function read(bytes: Uint8Array, limit?: number) {
  return frame(eventStream(limit), [bytes])
}

/** A prelude that says so of itself, with the right checksum. */
function prelude(length: number, headersLength: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(length, 0)
  bytes.writeUInt32BE(headersLength, 4)
  return Buffer.concat([bytes, checksum(bytes)])
}

describe("AWS's event stream", () => {
  it('reads the frames that AWS publishes for those who read them', () => {
    const empty = '000000100000000005c248eb7d98c8ff'
    const payload = '0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936'
    expect(read(Buffer.from(empty + payload, 'hex'))).toEqual([
      { kind: 'event', name: '', data: '' },
      { kind: 'event', name: '', data: "{'foo':'bar'}" },
    ])
  })

  it('reads one event after the other, wherever its bytes are cut', () => {
    const bytes = Buffer.concat([
      eventFrame('a', '{"é":1}'),
      eventFrame('b', ''),
      eventFrame('c', '🙂'),
    ])
    const events = [
      { kind: 'event', name: 'a', data: '{"é":1}' },
      { kind: 'event', name: 'b', data: '' },
      { kind: 'event', name: 'c', data: '🙂' },
    ]
    expect(read(bytes)).toEqual(events)
    expect(frame(eventStream(), byteByByte(bytes))).toEqual(events)
    for (const pieces of everyCut(bytes)) expect(frame(eventStream(), pieces)).toEqual(events)
  })

  it('reads whatever can be written, however it is cut', () => {
    const event = fc.record({
      name: fc.string({ unit: 'binary', maxLength: 20 }),
      data: fc.string({ unit: 'binary', maxLength: 300 }),
      failed: fc.boolean(),
    })
    const cuts = fc.array(fc.nat({ max: 2000 }), { maxLength: 8 })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), cuts, (events, at) => {
        const bytes = Buffer.concat(events.map((one) => encodeEventStream(one)))
        const places = [0, ...at.filter((place) => place < bytes.length), bytes.length]
        const ordered = places.toSorted((a, b) => a - b)
        const pieces = ordered.slice(1).map((to, i) => bytes.subarray(ordered[i], to))
        const expected = events.map(({ name, data, failed }) => ({
          kind: 'event',
          name,
          data,
          ...(failed ? { failed } : {}),
        }))
        expect(frame(eventStream(), pieces)).toEqual(expected)
      }),
    )
  })

  it('writes what another implementation writes', () => {
    const event = { name: 'messageStart', data: '{"role":"assistant"}' }
    expect(Buffer.from(encodeEventStream(event))).toEqual(eventFrame(event.name, event.data))
  })

  it('calls every single changed bit a broken frame, and reads nothing behind it', () => {
    const whole = eventFrame('contentBlockDelta', '{"delta":{"text":"Hi"}}')
    for (let bit = 0; bit < 8 * whole.length; bit += 1) {
      const bytes = Buffer.from(whole)
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const [one, ...more] = read(Buffer.concat([bytes, whole]))
      expect({ bit, kind: one?.kind, more }).toEqual({ bit, kind: 'broken', more: [] })
    }
  })

  it('gives nothing of a frame that the body ended within', () => {
    const bytes = eventFrame('a', '{}')
    for (let length = 0; length < bytes.length; length += 1) {
      expect(read(bytes.subarray(0, length))).toEqual([])
    }
  })

  it('believes no length before its checksum, and none that is larger than an event may be', () => {
    const large = prelude(0xffffffff, 0)
    expect(read(large)).toEqual([{ kind: 'too-large', limitBytes: 1 << 18 }])
    expect(read(large.subarray(0, 11))).toEqual([])
    expect(read(Buffer.alloc(12, 0xff))).toMatchObject([{ kind: 'broken' }])
    expect(read(Buffer.from('data: {"choices":[]}\n\n'))).toMatchObject([{ kind: 'broken' }])
  })

  it('reads a frame as large as an event may be, and no larger one', () => {
    const most = 'x'.repeat(1000)
    const bytes = eventFrame('a', most)
    expect(read(bytes, bytes.length)).toEqual([{ kind: 'event', name: 'a', data: most }])
    expect(read(bytes, bytes.length - 1)).toEqual([
      { kind: 'too-large', limitBytes: bytes.length - 1 },
    ])
  })

  it('refuses headers that reach past their frame or into each other', () => {
    expect(read(Buffer.concat([prelude(16, 1), Buffer.alloc(4)]))).toMatchObject([
      { kind: 'broken', problem: expect.stringContaining('shorter than its own headers') },
    ])
    const head = Buffer.concat([prelude(16 + 3, 3), Buffer.from([200, 65, 7])])
    expect(read(Buffer.concat([head, checksum(head)]))).toMatchObject([{ kind: 'broken' }])
  })

  it('takes a header for what it is called alone', () => {
    const hostile = {
      __proto__2: 'x',
      constructor: 'y',
      ':event-type': 'a',
      ':message-type': 'event',
    }
    expect(read(frameOf(hostile, '{}'))).toEqual([{ kind: 'event', name: 'a', data: '{}' }])
    const named = frameOf({ ':event-type': 'n'.repeat(5000), ':message-type': 'event' }, '{}')
    expect(read(named)).toMatchObject([{ name: 'n'.repeat(100) }])
  })

  it('holds no more than the frame that is open, and lets go of it', () => {
    const framer = new EventStreamFramer(() => undefined)
    const bytes = eventFrame('a', 'x'.repeat(200_000))
    framer.push(bytes.subarray(0, -1))
    expect(framer.heldBytes).toBeGreaterThanOrEqual(bytes.length - 1)
    expect(framer.heldBytes).toBeLessThanOrEqual(2 * bytes.length)
    framer.push(bytes.subarray(-1))
    expect(framer.heldBytes).toBeLessThanOrEqual(4096)
    framer.push(Buffer.alloc(100_000, 1))
    expect(framer.heldBytes).toBeLessThanOrEqual(4096)
  })
})
