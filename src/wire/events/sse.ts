// Server-sent events: a push parser (bytes in, events out) and the encoder the simulator uses. It
// follows the WHATWG parsing rules for `event` and `data`; `id`, `retry`, comments and unknown
// fields mean nothing to a measurement and are dropped.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

import { LineFramer } from './framing.ts'

export class SseFramer extends LineFramer {
  /** Of the event between two empty lines. */
  #name = ''
  #data: string | undefined

  protected override get heldCharacters(): number {
    return this.#name.length + (this.#data?.length ?? 0)
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

  #complete(): void {
    const name = this.#name
    const data = this.#data
    this.#name = ''
    this.#data = undefined
    if (data !== undefined) this.give(name, data)
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
