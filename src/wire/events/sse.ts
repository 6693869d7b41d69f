// Server-sent events: a push parser (bytes in, events out) and the encoder the simulator uses. It
// follows the WHATWG parsing rules for `event` and `data`; `id`, `retry`, comments and unknown
// fields mean nothing to a measurement and are dropped.
// By hand: the libraries for it take text, and here a read of bytes keeps its stamp and what is held is
// bounded and counted in bytes.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

import { ByteStore } from './byte-store.ts'
import { LineFramer, textOf } from './framing.ts'

const ENCODER = new TextEncoder()

export class SseFramer extends LineFramer {
  /** Of the event between two empty lines, as far as this read has brought it. */
  #name = ''
  #data: string | undefined
  /** What earlier reads have brought. */
  readonly #earlier = new ByteStore()
  #hasEarlier = false

  override get heldBytes(): number {
    return super.heldBytes + this.#earlier.capacity + CHARACTER_BYTES * this.#name.length
  }

  protected override get openBytes(): number {
    return this.#name.length + (this.#data?.length ?? 0) + this.#earlier.length
  }

  protected override takeLine(line: string): void {
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
  }

  protected override settle(): void {
    if (this.#name !== '') this.#name = textOf(ENCODER.encode(this.#name))
    if (this.#data === undefined) return
    this.#earlier.append(ENCODER.encode(this.#hasEarlier ? `\n${this.#data}` : this.#data))
    this.#hasEarlier = true
    this.#data = undefined
  }

  protected override dropOpen(): void {
    this.#name = ''
    this.#data = undefined
    this.#earlier.clear()
    this.#hasEarlier = false
  }

  #complete(): void {
    const name = this.#name
    if (this.#hasEarlier) this.settle()
    const data = this.#hasEarlier ? textOf(this.#earlier.content) : this.#data
    this.dropOpen()
    if (data !== undefined) this.give(name, data)
  }
}

/** At most: a text of letters alone takes half. */
const CHARACTER_BYTES = 2

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
