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

/** One per response body: it holds what is left over from the last read. */
export type Framer = {
  /** Every event completed by these bytes, in order. */
  push(chunk: Uint8Array): readonly Framed[]
  /**
   * The event that was still open when the body ended, if any. Servers do end without the last line
   * end, so it is worth reading; but if it reads as malformed, the stream was cut inside it.
   */
  end(): readonly Framed[]
}

/** 1 MiB of UTF-16 units: far above any real event, far below a runner's memory. */
export const DEFAULT_EVENT_LIMIT_CHARACTERS = 1 << 20

const LF = 10

/**
 * Cuts UTF-8 bytes into lines ended by LF, CR or CRLF. A CR ends its line at once, so that an event
 * is never held back for the LF that may follow. A byte order mark is dropped; bytes that are no
 * UTF-8 become U+FFFD. Each character is looked at once: O(n) over the whole stream.
 */
export class LineSplitter {
  readonly #decoder = new TextDecoder('utf-8')
  #partial = ''
  #afterCr = false

  /** Characters of the line that is still open. */
  get heldCharacters(): number {
    return this.#partial.length
  }

  push(chunk: Uint8Array): readonly string[] {
    return this.#cut(this.#decoder.decode(chunk, { stream: true }))
  }

  /** What is left when the body has ended: the open line, if it holds anything. */
  end(): readonly string[] {
    const lines = this.#cut(this.#decoder.decode())
    const last = this.#partial
    this.#partial = ''
    return last === '' ? lines : [...lines, last]
  }

  #cut(text: string): readonly string[] {
    const lines: string[] = []
    let from = 0
    if (text !== '' && this.#afterCr) {
      if (text.charCodeAt(0) === LF) from = 1
      this.#afterCr = false
    }
    let cr = text.indexOf('\r', from)
    let lf = text.indexOf('\n', from)
    while (cr !== -1 || lf !== -1) {
      const at = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      lines.push(this.#partial + text.slice(from, at))
      this.#partial = ''
      from = at + 1
      if (at === cr) {
        if (from === text.length) this.#afterCr = true
        else if (lf === from) from += 1
        cr = text.indexOf('\r', from)
      }
      if (lf !== -1 && lf < from) lf = text.indexOf('\n', from)
    }
    this.#partial += text.slice(from)
    return lines
  }
}
