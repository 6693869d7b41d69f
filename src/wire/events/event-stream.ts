// AWS's binary event stream (application/vnd.amazon.eventstream): frames of a prelude, headers and a
// payload, each with a checksum over its prelude and one over the whole. The lengths are the server's
// word, so they are believed only behind their checksum, and only up to what one event may be.
// https://smithy.io/2.0/aws/amazon-eventstream.html

import { Crc32 } from '@smithy/core/checksum'
import { EventStreamCodec } from '@smithy/core/event-streams'
import { ByteStore } from './byte-store.ts'
import {
  DEFAULT_EVENT_LIMIT_BYTES,
  type FramedEvent,
  type Framer,
  type TakeFramed,
  textOf,
} from './framing.ts'

const ENCODER = new TextEncoder()
const CODEC = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : textOf(bytes)),
  (text) => ENCODER.encode(text),
)

/** Two lengths, and the checksum over them. */
const PRELUDE_BYTES = 12
/** The prelude and the checksum at the end. */
const SHORTEST_FRAME_BYTES = 16
const LONGEST_NAME = 100

export class EventStreamFramer implements Framer {
  readonly #take: TakeFramed
  readonly #limitBytes: number
  /** Of the frame that is not complete. */
  readonly #open = new ByteStore()
  #finished = false

  constructor(take: TakeFramed, limitBytes = DEFAULT_EVENT_LIMIT_BYTES) {
    this.#take = take
    this.#limitBytes = limitBytes
  }

  get heldBytes(): number {
    return this.#open.capacity
  }

  push(chunk: Uint8Array): void {
    if (this.#finished) return
    if (this.#open.length === 0) {
      this.#open.append(chunk.subarray(this.#takeFrames(chunk)))
    } else {
      this.#open.append(chunk)
      const taken = this.#takeFrames(this.#open.content)
      if (taken > 0) this.#keep(this.#open.content.slice(taken))
    }
    if (this.#finished) this.#open.clear()
  }

  /** What is left is a part of a frame, which says nothing: its checksum has not come. */
  end(): void {
    this.#finished = true
    this.#open.clear()
  }

  #keep(rest: Uint8Array): void {
    this.#open.clear()
    if (rest.length > 0) this.#open.append(rest)
  }

  /** How many of the bytes were whole frames, or are past caring about. */
  #takeFrames(bytes: Uint8Array): number {
    let at = 0
    while (!this.#finished) {
      const length = this.#lengthOf(bytes.subarray(at))
      if (length === undefined || at + length > bytes.length) return at
      if (!this.#finished) this.#takeFrame(bytes.subarray(at, at + length))
      at += length
    }
    return bytes.length
  }

  /** Of the frame that begins here; undefined while its prelude is not complete. */
  #lengthOf(bytes: Uint8Array): number | undefined {
    if (bytes.length < PRELUDE_BYTES) return undefined
    const view = new DataView(bytes.buffer, bytes.byteOffset, PRELUDE_BYTES)
    const length = view.getUint32(0)
    const headersLength = view.getUint32(4)
    const checksum = new Crc32()
    checksum.update(bytes.subarray(0, 8))
    if (checksum.digestSync() !== view.getUint32(8)) {
      this.#give('the prelude of a frame does not match its checksum')
    } else if (length > this.#limitBytes) {
      this.#finished = true
      this.#take({ kind: 'too-large', limitBytes: this.#limitBytes })
    } else if (length < SHORTEST_FRAME_BYTES + headersLength) {
      this.#give('a frame is shorter than its own headers')
    } else {
      return length
    }
    return undefined
  }

  #takeFrame(frame: Uint8Array): void {
    const event = decoded(frame)
    if (event === undefined) this.#give('a frame does not match its checksum or its headers')
    else this.#take(event)
  }

  #give(problem: string): void {
    this.#finished = true
    this.#take({ kind: 'broken', problem })
  }
}

function decoded(frame: Uint8Array): FramedEvent | undefined {
  let message: ReturnType<EventStreamCodec['decode']>
  try {
    message = CODEC.decode(frame)
  } catch {
    return undefined
  }
  const header = (name: string): string => {
    const held = Object.hasOwn(message.headers, name) ? message.headers[name] : undefined
    return held?.type === 'string' ? held.value : ''
  }
  const named = (name: string) => header(name).slice(0, LONGEST_NAME)
  const data = textOf(message.body)
  switch (header(':message-type')) {
    case 'exception':
      return { kind: 'event', name: named(':exception-type'), data, failed: true }
    case 'error': {
      const told = JSON.stringify({ message: header(':error-message') })
      return { kind: 'event', name: named(':error-code'), data: told, failed: true }
    }
    default:
      return { kind: 'event', name: named(':event-type'), data }
  }
}

/** One event, or one exception, as a frame. */
export function encodeEventStream(event: {
  readonly name: string
  readonly data: string
  readonly failed?: boolean
}): Uint8Array {
  const type = event.failed === true ? 'exception' : 'event'
  const text = (value: string) => ({ type: 'string', value }) as const
  return CODEC.encode({
    headers: {
      [`:${type}-type`]: text(event.name),
      ':content-type': text('application/json'),
      ':message-type': text(type),
    },
    body: ENCODER.encode(event.data),
  })
}
