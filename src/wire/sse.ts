// Server-sent events: a push parser (bytes in, events out) and the encoder the simulator uses. It
// follows the WHATWG parsing rules for `event` and `data`; `id`, `retry`, comments and unknown
// fields mean nothing to a measurement and are dropped.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

import type { Framed, Framer } from './framing.ts'
import { DEFAULT_EVENT_LIMIT_CHARACTERS, LineSplitter } from './framing.ts'

export function createSseFramer(limitCharacters = DEFAULT_EVENT_LIMIT_CHARACTERS): Framer {
  const lines = new LineSplitter()
  const block = new EventBlock()
  let finished = false

  function take(text: readonly string[]): Framed[] {
    const framed: Framed[] = []
    for (const line of text) {
      if (finished) break
      const event = block.line(line)
      if (event !== undefined) framed.push(event)
      if (Math.max(line.length, block.heldCharacters) > limitCharacters) framed.push(tooLarge())
    }
    return framed
  }

  function tooLarge(): Framed {
    finished = true
    block.clear()
    return { kind: 'too-large', limitCharacters }
  }

  return {
    push(chunk) {
      if (finished) return []
      const framed = take(lines.push(chunk))
      const held = lines.heldCharacters + block.heldCharacters
      if (!finished && held > limitCharacters) framed.push(tooLarge())
      return framed
    },
    end() {
      // An empty line closes the block, as the missing one would have.
      return finished ? [] : take([...lines.end(), ''])
    },
  }
}

/** The lines of one event between two empty lines. */
class EventBlock {
  #name = ''
  #data: string | undefined

  get heldCharacters(): number {
    return this.#name.length + (this.#data?.length ?? 0)
  }

  clear(): void {
    this.#name = ''
    this.#data = undefined
  }

  /** Takes one line; gives the event that an empty line completes. */
  line(line: string): Framed | undefined {
    if (line === '') return this.#complete()
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    if (field === 'data') {
      const value = valueAfter(line, colon)
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
    } else if (field === 'event') {
      this.#name = valueAfter(line, colon)
    }
    return undefined
  }

  #complete(): Framed | undefined {
    const name = this.#name
    const data = this.#data
    this.clear()
    return data === undefined ? undefined : { kind: 'event', name, data }
  }
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
