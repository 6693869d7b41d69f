// A file that is too large to be read at once: condensed as its bytes come, and of one that has a sample
// a line only the lines that are read.

import { LF } from '../../model/ascii.ts'
import { jsonOrNothing } from '../json/json.ts'
import { type Condenser, condenser } from './condense.ts'
import { IMPORT_FORMATS } from './formats.ts'
import type { ImportFormat } from './imported-run.ts'

/** Of what is left of a file: what JSON of it takes is several times as much. */
export const MOST_KEPT_BYTES = 128 * 1024 * 1024
/** A line that is longer is none of samples. */
const LONGEST_LINE = 65_536

export type LargeFile = Pick<Condenser, 'push' | 'end' | 'kept'>

/** `push` throws ForeignData where too much has to be kept. */
export function largeFile(ttftMetric: string | undefined, mostBytes = MOST_KEPT_BYTES): LargeFile {
  const unread = new Set(IMPORT_FORMATS.flatMap((format) => format.unread ?? []))
  const condensed = condenser(unread, mostBytes)
  let keepsLine: ((line: string) => boolean) | 'all' | undefined
  let begun = new Uint8Array(0)
  const isWhole = () => keepsLine === 'all'
  const takeLine = (line: Uint8Array) => {
    const text = new TextDecoder().decode(line)
    keepsLine ??= filterFor(text, ttftMetric)
    if (keepsLine === 'all' || keepsLine(text)) condensed.push(line)
  }
  const push = (bytes: Uint8Array) => {
    if (isWhole()) return condensed.push(bytes)
    let rest = joined(begun, bytes)
    for (let end = rest.indexOf(LF); end !== -1; end = rest.indexOf(LF)) {
      takeLine(rest.subarray(0, end + 1))
      rest = rest.subarray(end + 1)
      if (isWhole()) break
    }
    if (rest.length > LONGEST_LINE) keepsLine = 'all'
    if (isWhole()) condensed.push(rest)
    begun = isWhole() ? new Uint8Array(0) : rest.slice()
  }
  return {
    push,
    end: () => {
      if (begun.length > 0) takeLine(begun)
      return condensed.end()
    },
    kept: condensed.kept,
  }
}

function filterFor(firstLine: string, ttftMetric: string | undefined) {
  const format = formatOf(firstLine)
  const isSuperfluous = format?.superfluous
  return isSuperfluous === undefined ? 'all' : (line: string) => !isSuperfluous(line, ttftMetric)
}

function formatOf(line: string): ImportFormat | undefined {
  const document = jsonOrNothing(line)
  return IMPORT_FORMATS.find((format) => format.recognise(document) === 'requests')
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
