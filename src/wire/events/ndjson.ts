// Newline-delimited JSON: one event a line, empty lines skipped. A raw CR cannot occur inside JSON
// text, so it ends a line here as it does in server-sent events.
// By hand, as server-sent events are: a read of bytes keeps its stamp, and what is held is bounded.

import { LineFramer } from './framing.ts'

export class NdjsonFramer extends LineFramer {
  protected override takeLine(line: string): void {
    const data = line.trim()
    if (data !== '') this.give('', data)
  }
}

/** One value as a line. */
export function encodeNdjson(json: string): string {
  return `${json}\n`
}
