// What of a response is neither its head of a sensible size nor its body. Each header line becomes
// objects of several hundred bytes before anybody is told of it, and so does each line that follows a
// body in chunks, so a server could fill memory with lines of three letters. The bytes of a socket are
// counted before they are parsed and what came of them afterwards; the difference is the overhead.

import type { Socket } from 'node:net'
import { errors } from 'undici'
import { LF } from '../../model/ascii.ts'
import { MOST_HEADER_BYTES } from './answer-bounds.ts'

const END_OF_HEAD = Buffer.from('\r\n\r\n')
/** Of all heads of one response, interim ones among them. */
const MOST_HEAD_LINES = 256
/** Behind a body: trailers, and extensions of chunks. No API of inference has either. */
const MOST_TRAILING_BYTES = 2048
const NO_BYTES = Buffer.alloc(0)

export class ResponseOverhead {
  #isHead = true
  #heads = 1
  #headLines = 0
  #headBytes = 0
  #trailing = 0
  /** The last read, while what came of it is not known yet. */
  #last: Buffer | undefined
  #lastBeganInHead = true
  /** Body of the last read, with what says how long each of its chunks is. */
  #body = 0
  /** The end of a head may stand in two reads. */
  #tail = NO_BYTES

  /** A request is about to be written. */
  begin(): void {
    this.#isHead = true
    this.#heads = 1
    this.#headLines = 0
    this.#headBytes = 0
    this.#trailing = 0
    this.#last = undefined
    this.#tail = NO_BYTES
  }

  /** A head has ended. Behind `HTTP 100` and the like another one follows. */
  head(status: number): void {
    if (status < 200) this.#heads += 1
    else this.#isHead = false
  }

  body(bytes: number): void {
    this.#body += bytes + bytes.toString(16).length + 4
  }

  /** Bytes that are about to be parsed; null where there are none. */
  read(chunk: Buffer | null): void {
    this.#body = 0
    this.#last = chunk ?? undefined
    this.#lastBeganInHead = this.#isHead
  }

  /** Asked once the last read has been parsed. */
  isTooMuch(): boolean {
    const last = this.#last
    if (last === undefined) return false
    this.#last = undefined
    if (this.#isHead) this.#addHead(last)
    else this.#trailing += Math.max(0, this.#behindHead(last) - this.#body)
    return (
      this.#headLines > MOST_HEAD_LINES ||
      this.#headBytes > MOST_HEADER_BYTES ||
      this.#trailing > MOST_TRAILING_BYTES
    )
  }

  #addHead(bytes: Buffer): void {
    this.#headBytes += bytes.length
    for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) this.#headLines += 1
    const kept = END_OF_HEAD.length - 1
    this.#tail = Buffer.concat([this.#tail, bytes.subarray(-kept)]).subarray(-kept)
  }

  /** Bytes that stand behind the end of the head, where it ended in this read. */
  #behindHead(bytes: Buffer): number {
    if (!this.#lastBeganInHead) return bytes.length
    const whole = Buffer.concat([this.#tail, bytes])
    let end = 0
    for (let head = 0; head < this.#heads; head += 1) {
      const at = whole.indexOf(END_OF_HEAD, end)
      // An earlier head ended in an earlier read.
      if (at === -1) break
      end = at + END_OF_HEAD.length
    }
    return whole.length - Math.max(end, this.#tail.length)
  }
}

/** What is parsed before it is counted: a server's burst may be a thousand lines of a head. */
const PARSED_AT_ONCE_BYTES = 4096

/** undici asks again for bytes once it has parsed those it was given. */
export function boundedReads<Read extends Pick<Socket, 'read' | 'destroy' | 'readableLength'>>(
  socket: Read,
  overhead: ResponseOverhead,
): Read {
  const read = socket.read.bind(socket)
  socket.read = () => {
    if (overhead.isTooMuch()) {
      socket.destroy(new errors.HeadersOverflowError('its head or trailers are too long'))
      return null
    }
    // Asked for more than it has, a stream gives nothing; asked for nothing, it begins to read.
    const size = Math.min(socket.readableLength, PARSED_AT_ONCE_BYTES)
    const chunk: Buffer | null = size === 0 ? read() : read(size)
    overhead.read(chunk)
    return chunk
  }
  return socket
}
