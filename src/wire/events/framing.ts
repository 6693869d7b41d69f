// What stream framings have in common: bytes in, framed events out, in order, whatever the reads'
// boundaries are. Nothing that is held between two reads may grow past a bound, so a hostile server
// cannot exhaust memory.

export type FramedEvent = {
  readonly kind: 'event'
  /** The event's name (`event:` field). Empty when it has none, and always in NDJSON. */
  readonly name: string
  readonly data: string
}

export type Framed =
  | FramedEvent
  /** One event grew past the bound. The framer is finished: later pushes give nothing. */
  | { readonly kind: 'too-large'; readonly limitCharacters: number }

/**
 * One per response body: it holds what is left over from the last read. It hands over what it finds
 * instead of listing it: thousands of lists a second would be the collector's work during a
 * measurement.
 */
export type Framer = {
  /** Hands over every event completed by these bytes, in order. */
  push(chunk: Uint8Array): void
  /**
   * The event that was still open when the body ended, if any. Servers do end without the last line
   * end, so it is worth reading; but if it reads as malformed, the stream was cut inside it.
   */
  end(): void
}

export type TakeFramed = (framed: Framed) => void

/** 1 MiB of UTF-16 units: far above any real event, far below a runner's memory. */
export const DEFAULT_EVENT_LIMIT_CHARACTERS = 1 << 20

/** A framer of text in lines: its bounds, and what it does when one is passed. */
export abstract class LineFramer implements Framer {
  readonly #lines = new LineSplitter((line) => this.#line(line))
  readonly #take: TakeFramed
  readonly #limitCharacters: number
  #finished = false

  constructor(take: TakeFramed, limitCharacters = DEFAULT_EVENT_LIMIT_CHARACTERS) {
    this.#take = take
    this.#limitCharacters = limitCharacters
  }

  push(chunk: Uint8Array): void {
    if (this.#finished) return
    this.#lines.push(chunk)
    this.#bound(this.#lines.heldCharacters + this.heldCharacters)
  }

  end(): void {
    if (this.#finished) return
    this.#lines.end()
    this.#line('')
  }

  /** What is held of an event that is not complete, beside the line that is still open. */
  protected get heldCharacters(): number {
    return 0
  }

  /** One whole line, not longer than an event may be. At the end of the body an empty one follows. */
  protected abstract takeLine(line: string): void

  protected give(name: string, data: string): void {
    this.#take({ kind: 'event', name, data })
  }

  #line(line: string): void {
    this.#bound(line.length)
    if (this.#finished) return
    this.takeLine(line)
    this.#bound(this.heldCharacters)
  }

  #bound(characters: number): void {
    if (this.#finished || characters <= this.#limitCharacters) return
    this.#finished = true
    this.#take({ kind: 'too-large', limitCharacters: this.#limitCharacters })
  }
}

const LF = 10
const STREAM = { stream: true }

/**
 * Cuts UTF-8 bytes into lines ended by LF, CR or CRLF. A CR ends its line at once, so that an event
 * is never held back for the LF that may follow. A byte order mark is dropped; bytes that are no
 * UTF-8 become U+FFFD. Each character is looked at once: O(n) over the whole stream.
 */
class LineSplitter {
  readonly #decoder = new TextDecoder('utf-8')
  readonly #take: (line: string) => void
  #partial = ''
  #afterCr = false

  constructor(take: (line: string) => void) {
    this.#take = take
  }

  /** Characters of the line that is still open. */
  get heldCharacters(): number {
    return this.#partial.length
  }

  push(chunk: Uint8Array): void {
    this.#cut(this.#decoder.decode(chunk, STREAM))
  }

  /** What is left when the body has ended: the open line, if it holds anything. */
  end(): void {
    this.#cut(this.#decoder.decode())
    const last = this.#partial
    this.#partial = ''
    if (last !== '') this.#take(last)
  }

  #cut(text: string): void {
    let from = 0
    if (text !== '' && this.#afterCr) {
      if (text.charCodeAt(0) === LF) from = 1
      this.#afterCr = false
    }
    let cr = text.indexOf('\r', from)
    let lf = text.indexOf('\n', from)
    while (cr !== -1 || lf !== -1) {
      const at = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      const line = this.#partial + text.slice(from, at)
      this.#partial = ''
      this.#take(line)
      from = at + 1
      if (at === cr) {
        if (from === text.length) this.#afterCr = true
        else if (lf === from) from += 1
        cr = text.indexOf('\r', from)
      }
      if (lf !== -1 && lf < from) lf = text.indexOf('\n', from)
    }
    this.#partial += text.slice(from)
  }
}
