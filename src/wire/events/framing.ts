// What stream framings have in common: bytes in, framed events out, in order, whatever the reads'
// boundaries are. Nothing that is held between two reads may grow past a bound, and what is held is
// held as bytes that can be counted, so a hostile server cannot exhaust memory.

import { CR, LF } from '../../model/ascii.ts'
import { ByteStore } from './byte-store.ts'

export type FramedEvent = {
  readonly kind: 'event'
  /** The event's name (`event:` field, `:event-type` header). Empty when it has none, and always in NDJSON. */
  readonly name: string
  readonly data: string
  /** The framing itself says that this is an error. Absent = it has no word for one, or it is none. */
  readonly failed?: true
}

export type Framed =
  | FramedEvent
  /** One event grew past the bound. The framer is finished: later pushes give nothing. */
  | { readonly kind: 'too-large'; readonly limitBytes: number }
  /** These bytes are not what the framing can be. A sentence; the framer is finished. */
  | { readonly kind: 'broken'; readonly problem: string }

/**
 * One per response body: it holds what is left over from the last read. It hands over what it finds
 * instead of listing it: thousands of lists a second would be the collector's work during a
 * measurement.
 */
export type Framer = {
  /** Hands over every event completed by these bytes, in order, and keeps none of them. */
  push(chunk: Uint8Array): void
  /**
   * The event that was still open when the body ended, if any. Servers do end without the last line
   * end, so it is worth reading; but if it reads as malformed, the stream was cut inside it.
   */
  end(): void
  /** What it holds in memory between two reads. */
  readonly heldBytes: number
}

export type TakeFramed = (framed: Framed) => void

/** 256 KiB: far above any real event, far below a runner's memory. */
export const DEFAULT_EVENT_LIMIT_BYTES = 1 << 18

export const BYTE_ORDER_MARK = '\ufeff'
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes that are no UTF-8 become U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return bytes.length === 0 ? '' : DECODER.decode(bytes)
}

/** A framer of text in lines: its bounds, and what it does when one is passed. */
export abstract class LineFramer implements Framer {
  readonly #lines = new LineSplitter((line) => this.#line(line))
  readonly #take: TakeFramed
  readonly #limitBytes: number
  #finished = false

  constructor(take: TakeFramed, limitBytes = DEFAULT_EVENT_LIMIT_BYTES) {
    this.#take = take
    this.#limitBytes = limitBytes
  }

  push(chunk: Uint8Array): void {
    if (this.#finished) return
    this.#lines.push(chunk)
    this.#bound(this.#lines.openBytes + this.openBytes)
    this.settle()
  }

  end(): void {
    if (this.#finished) return
    this.#lines.end()
    this.#line('')
  }

  get heldBytes(): number {
    return this.#lines.heldBytes
  }

  /** Of an event that is not complete, beside the line that is still open; characters count as one. */
  protected get openBytes(): number {
    return 0
  }

  /**
   * One whole line, not longer than an event may be. It may be a part of all that was read with it, so
   * it is not to be kept past `settle`. At the end of the body an empty one follows.
   */
  protected abstract takeLine(line: string): void

  /** All of a read has been looked at: what is held of it is copied. */
  protected settle(): void {}

  /** Nothing more is read of the event that is open. */
  protected dropOpen(): void {}

  protected give(name: string, data: string): void {
    this.#take({ kind: 'event', name, data })
  }

  #line(line: string): void {
    this.#bound(line.length)
    if (this.#finished) return
    this.takeLine(line)
    this.#bound(this.openBytes)
  }

  #bound(bytes: number): void {
    if (this.#finished || bytes <= this.#limitBytes) return
    this.#finished = true
    this.#lines.drop()
    this.dropOpen()
    this.#take({ kind: 'too-large', limitBytes: this.#limitBytes })
  }
}

/**
 * Cuts UTF-8 bytes into lines ended by LF, CR or CRLF. A CR ends its line at once, so that an event
 * is never held back for the LF that may follow. A byte order mark is dropped. A line that is open
 * waits as bytes; no character is looked at twice: O(n) over the whole stream.
 */
class LineSplitter {
  readonly #take: (line: string) => void
  readonly #open = new ByteStore()
  #afterCr = false
  #isFirst = true

  constructor(take: (line: string) => void) {
    this.#take = take
  }

  /** Of the line that is still open. */
  get openBytes(): number {
    return this.#open.length
  }

  get heldBytes(): number {
    return this.#open.capacity
  }

  drop(): void {
    this.#open.clear()
  }

  push(chunk: Uint8Array): void {
    const whole = 1 + Math.max(chunk.lastIndexOf(LF), chunk.lastIndexOf(CR))
    if (whole > 0) this.#cut(this.#text(chunk.subarray(0, whole)))
    if (whole < chunk.length) this.#open.append(chunk.subarray(whole))
  }

  /** What is left when the body has ended: the open line, if it holds anything. */
  end(): void {
    if (this.#open.length > 0) this.#cut(`${this.#text(NO_BYTES)}\n`)
  }

  /** With what waited for it. */
  #text(rest: Uint8Array): string {
    let bytes = rest
    if (this.#open.length > 0) {
      this.#open.append(rest)
      bytes = this.#open.content
    }
    const text = textOf(bytes)
    this.#open.clear()
    if (!this.#isFirst) return text
    this.#isFirst = false
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  }

  /** A text that ends with the end of a line. */
  #cut(text: string): void {
    let from = this.#afterCr && text.charCodeAt(0) === LF ? 1 : 0
    let cr = text.indexOf('\r', from)
    let lf = text.indexOf('\n', from)
    while (cr !== -1 || lf !== -1) {
      const at = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      this.#take(text.slice(from, at))
      from = at + 1
      if (at === cr) {
        if (lf === from) from += 1
        cr = text.indexOf('\r', from)
      }
      if (lf !== -1 && lf < from) lf = text.indexOf('\n', from)
    }
    this.#afterCr = text.charCodeAt(text.length - 1) === CR
  }
}

const NO_BYTES = new Uint8Array()
