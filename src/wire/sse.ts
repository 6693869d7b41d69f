// Server-sent events: a push parser (bytes in, events out) and the encoder the simulator uses. It
// follows the WHATWG parsing rules for `event` and `data`; `id`, `retry`, comments and unknown
// fields mean nothing to a measurement and are dropped.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

import type { Framer, TakeFramed } from './framing.ts'
import { DEFAULT_EVENT_LIMIT_CHARACTERS, LineSplitter } from './framing.ts'

export class SseFramer implements Framer {
  readonly #lines = new LineSplitter((line) => this.#line(line))
  readonly #take: TakeFramed
  readonly #limitCharacters: number
  /** Of the event between two empty lines. */
  #name = ''
  #data: string | undefined
  #finished = false

  constructor(take: TakeFramed, limitCharacters = DEFAULT_EVENT_LIMIT_CHARACTERS) {
    this.#take = take
    this.#limitCharacters = limitCharacters
  }

  push(chunk: Uint8Array): void {
    if (this.#finished) return
    this.#lines.push(chunk)
    this.#bound(this.#lines.heldCharacters + this.#heldCharacters)
  }

  end(): void {
    if (this.#finished) return
    this.#lines.end()
    // An empty line closes the block, as the missing one would have.
    this.#line('')
  }

  get #heldCharacters(): number {
    return this.#name.length + (this.#data?.length ?? 0)
  }

  #line(line: string): void {
    if (this.#finished) return
    if (line === '') {
      this.#complete()
      return
    }
    const colon = line.indexOf(':')
    if (isField(line, colon, 'data')) {
      const value = valueAfter(line, colon)
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
    } else if (isField(line, colon, 'event')) {
      this.#name = valueAfter(line, colon)
    }
    this.#bound(Math.max(line.length, this.#heldCharacters))
  }

  #complete(): void {
    const name = this.#name
    const data = this.#data
    this.#clear()
    if (data !== undefined) this.#take({ kind: 'event', name, data })
  }

  #clear(): void {
    this.#name = ''
    this.#data = undefined
  }

  #bound(characters: number): void {
    if (this.#finished || characters <= this.#limitCharacters) return
    this.#finished = true
    this.#clear()
    this.#take({ kind: 'too-large', limitCharacters: this.#limitCharacters })
  }
}

/** Without cutting the name out: this is asked of every line of every answer. */
function isField(line: string, colon: number, name: string): boolean {
  return (colon === -1 ? line.length : colon) === name.length && line.startsWith(name)
}

function valueAfter(line: string, colon: number): string {
  if (colon === -1) return ''
  return line.slice(line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1)
}

/** One event as text; data with line ends becomes several `data:` lines. */
export function encodeSse(event: { readonly name?: string; readonly data: string }): string {
  const data = `data: ${event.data.replaceAll(/\r\n|\r|\n/g, '\ndata: ')}\n\n`
  return event.name === undefined || event.name === '' ? data : `event: ${event.name}\n${data}`
}
