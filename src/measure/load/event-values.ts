// How much one event may turn into once its JSON is read.

import { COLON, COMMA } from '../../model/ascii.ts'

/** Of the JSON of one event: each becomes tens of bytes, whatever its text is. */
export const MOST_VALUES = 1 << 15
/** What begins a value, or goes before one: `,` `:` `[` `{`. */
const BEGINNINGS = [COMMA, COLON, 0x5b, 0x7b]

/** Counted without being read; what stands inside of strings counts as well. */
export function holdsTooManyValues(json: string): boolean {
  if (json.length <= MOST_VALUES) return false
  let values = 0
  for (let at = 0; at < json.length && values <= MOST_VALUES; at += 1) {
    if (BEGINNINGS.includes(json.charCodeAt(at))) values += 1
  }
  return values > MOST_VALUES
}
