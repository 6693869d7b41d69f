// A body that is one JSON document: one event, given when it ends. An answer of vectors is megabytes of
// numbers that nobody here reads, so they are left out as they come: what is held stays small, and the
// event loop is not stopped by reading them while other requests are timed.
// By hand: a parser of streams makes a value or a call of every number, and here they are passed over as
// bytes.

import { BACKSLASH, COMMA, CR, LF, QUOTE } from '../../model/ascii.ts'
import { ByteStore } from './byte-store.ts'
import { BYTE_ORDER_MARK, type Framer, type TakeFramed, textOf } from './framing.ts'

/** Of what is kept. */
const LIMIT_BYTES = 1 << 20
/** Of a text; a vector in base64 is longer. */
const LONGEST_TEXT = 512

const COMMA_BYTE = Uint8Array.of(COMMA)
/** Of `\u0041`, after its backslash. */
const LONG_ESCAPE = 5

/**
 * Of a list of numbers the first stays, of a long text its beginning: what is left is JSON where the
 * body was. A number after a comma is always in a list, since in an object a name comes first.
 */
export class JsonBodyFramer implements Framer {
  readonly #take: TakeFramed
  readonly #kept = new ByteStore()
  #finished = false
  #isInText = false
  #textBytes = 0
  /** Bytes that still belong to an escape. -1: the byte that says how long it is comes next. */
  #escapeLeft = 0
  /** Of the text or the number that is open, the rest is left out. */
  #isLeftOut = false
  /** A comma whose value is not known yet: both stay, or neither does. */
  #hasComma = false

  constructor(take: TakeFramed) {
    this.#take = take
  }

  get heldBytes(): number {
    return this.#kept.capacity
  }

  push(chunk: Uint8Array): void {
    if (this.#finished) return
    let from = 0
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0
      if (this.#isInText ? this.#staysInText(byte) : this.#staysOutside(byte)) continue
      if (from < at) this.#kept.append(chunk.subarray(from, at))
      from = at + 1
    }
    if (from < chunk.length) this.#kept.append(chunk.subarray(from))
    if (this.#kept.length <= LIMIT_BYTES) return
    this.#finished = true
    this.#kept.clear()
    this.#take({ kind: 'too-large', limitBytes: LIMIT_BYTES })
  }

  end(): void {
    if (this.#finished) return
    this.#finished = true
    if (this.#hasComma) this.#kept.append(COMMA_BYTE)
    const text = textOf(this.#kept.content)
    this.#kept.clear()
    const data = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
    if (data.trim() !== '') this.#take({ kind: 'event', name: '', data })
  }

  /** An escape stays whole, or none of it does. */
  #staysInText(byte: number): boolean {
    this.#textBytes += 1
    if (this.#escapeLeft !== 0) {
      if (this.#escapeLeft === -1) this.#escapeLeft = byte === SMALL_U ? LONG_ESCAPE : 1
      this.#escapeLeft -= 1
      return !this.#isLeftOut
    }
    if (byte === QUOTE) {
      this.#isInText = false
      this.#isLeftOut = false
      return true
    }
    this.#isLeftOut = this.#textBytes > LONGEST_TEXT
    if (byte === BACKSLASH) this.#escapeLeft = -1
    return !this.#isLeftOut
  }

  #staysOutside(byte: number): boolean {
    if (this.#hasComma) {
      if (isSpace(byte)) return false
      this.#hasComma = false
      this.#isLeftOut = isOfNumber(byte)
      // What came before it is kept: nothing of this read waits between the comma and here.
      if (!this.#isLeftOut) this.#kept.append(COMMA_BYTE)
    } else if (this.#isLeftOut) {
      this.#isLeftOut = isOfNumber(byte)
    }
    if (byte === COMMA) {
      this.#hasComma = true
      return false
    }
    if (byte === QUOTE) {
      this.#isInText = true
      this.#textBytes = 0
    }
    return !this.#isLeftOut
  }
}

const SMALL_U = 0x75
/** Asked for every byte: a table is several times as fast as a set. */
const IS_OF_NUMBER = new Uint8Array(256)
for (const letter of '+-.0123456789eE') IS_OF_NUMBER[letter.charCodeAt(0)] = 1

function isOfNumber(byte: number): boolean {
  return IS_OF_NUMBER[byte] === 1
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === LF || byte === CR || byte === 0x09
}
