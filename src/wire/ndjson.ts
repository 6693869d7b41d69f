// Newline-delimited JSON: one event a line, empty lines skipped. A raw CR cannot occur inside JSON
// text, so it ends a line here as it does in server-sent events.

import type { Framed, Framer } from './framing.ts'
import { DEFAULT_EVENT_LIMIT_CHARACTERS, LineSplitter } from './framing.ts'

export function createNdjsonFramer(limitCharacters = DEFAULT_EVENT_LIMIT_CHARACTERS): Framer {
  const lines = new LineSplitter()
  let finished = false

  function tooLarge(): Framed {
    finished = true
    return { kind: 'too-large', limitCharacters }
  }

  function take(text: readonly string[]): Framed[] {
    const framed: Framed[] = []
    for (const line of text) {
      if (line.length > limitCharacters) return [...framed, tooLarge()]
      const data = line.trim()
      if (data !== '') framed.push({ kind: 'event', name: '', data })
    }
    return framed
  }

  return {
    push(chunk) {
      if (finished) return []
      const framed = take(lines.push(chunk))
      if (!finished && lines.heldCharacters > limitCharacters) framed.push(tooLarge())
      return framed
    },
    end() {
      return finished ? [] : take(lines.end())
    },
  }
}

/** One value as a line. */
export function encodeNdjson(json: string): string {
  return `${json}\n`
}
