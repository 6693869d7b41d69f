// Newline-delimited JSON: one event a line, empty lines skipped. A raw CR cannot occur inside JSON
// text, so it ends a line here as it does in server-sent events.

import type { Framer, TakeFramed } from './framing.ts'
import { DEFAULT_EVENT_LIMIT_CHARACTERS, LineSplitter } from './framing.ts'

export class NdjsonFramer implements Framer {
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
    this.#bound(this.#lines.heldCharacters)
  }

  end(): void {
    if (!this.#finished) this.#lines.end()
  }

  #line(line: string): void {
    this.#bound(line.length)
    if (this.#finished) return
    const data = line.trim()
    if (data !== '') this.#take({ kind: 'event', name: '', data })
  }

  #bound(characters: number): void {
    if (this.#finished || characters <= this.#limitCharacters) return
    this.#finished = true
    this.#take({ kind: 'too-large', limitCharacters: this.#limitCharacters })
  }
}

/** One value as a line. */
export function encodeNdjson(json: string): string {
  return `${json}\n`
}
