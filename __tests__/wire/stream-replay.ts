// Reads a stream the way a measurement does (framer, dialect, sums), from bytes cut as a test wants.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { DialectName } from '../../src/model/config.ts'
import type { Usage } from '../../src/model/request-record.ts'
import type { Reading, UsageParts } from '../../src/wire/dialects/dialect.ts'
import {
  carriesOutputToken,
  carriesToken,
  createFramer,
  mergeUsage,
  usageOf,
} from '../../src/wire/dialects/dialect.ts'
import { dialectOf } from '../../src/wire/dialects/dialects.ts'
import type { Framed, Framer, TakeFramed } from '../../src/wire/events/framing.ts'
import { framesOf } from './event-stream-frames.ts'

export const LINE_ENDS = { LF: '\n', CRLF: '\r\n', CR: '\r' } as const

/** What a whole stream said. Members that nothing was said of are absent. */
export type Told = {
  text: number
  reasoning: number
  tool: number
  tokenEvents: number
  outputTokenEvents: number
  items?: number
  usage?: Usage
  finish?: string
  terminal?: boolean
  error?: string
  status?: number
  malformed?: string
  model?: string
  tooLarge?: boolean
}

const FIXTURES = fileURLToPath(new URL('../fixtures/streams/', import.meta.url))

/** A fixture's text; its files have LF line ends. */
export function fixture(dialect: DialectName, name: string): string {
  const extensions = { sse: 'sse', ndjson: 'ndjson', json: 'json', 'event-stream': 'events' }
  const extension = extensions[dialectOf(dialect).framing]
  return readFileSync(`${FIXTURES}${dialect}/${name}.${extension}`, 'utf8')
}

/** A fixture as it goes over the wire, once for each kind of line end that it can have there. */
export function fixtureBytes(
  dialect: DialectName,
  name: string,
): readonly (readonly [end: string, bytes: Uint8Array])[] {
  const text = fixture(dialect, name)
  if (dialectOf(dialect).framing === 'event-stream') return [['frames', framesOf(text)]]
  return Object.entries(LINE_ENDS).map(([end, sign]) => [end, bytesOf(text.replaceAll('\n', sign))])
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export type Create = (take: TakeFramed) => Framer

/** A framer that lists what each call hands over. */
export function listing(create: Create): {
  push(chunk: Uint8Array): readonly Framed[]
  end(): readonly Framed[]
} {
  let framed: Framed[] = []
  const framer = create((one) => framed.push(one))
  function during(work: () => void): readonly Framed[] {
    framed = []
    work()
    return framed
  }
  return {
    push: (chunk) => during(() => framer.push(chunk)),
    end: () => during(() => framer.end()),
  }
}

/** Pushes the pieces, then ends; everything framed, in order. */
export function frame(create: Create, pieces: Iterable<Uint8Array>): readonly Framed[] {
  const framer = listing(create)
  return [...Array.from(pieces, (piece) => framer.push(piece)).flat(), ...framer.end()]
}

export function tell(dialect: DialectName, pieces: Iterable<Uint8Array>): Told {
  const { read, framing } = dialectOf(dialect)
  const told: Told = { text: 0, reasoning: 0, tool: 0, tokenEvents: 0, outputTokenEvents: 0 }
  let parts: UsageParts | undefined
  for (const framed of frame((take) => createFramer(framing, take), pieces)) {
    if (framed.kind === 'too-large') {
      told.tooLarge = true
      continue
    }
    if (framed.kind === 'broken') {
      told.malformed = framed.problem
      continue
    }
    const reading = read(framed)
    if (reading.usage !== undefined) parts = mergeUsage(parts, reading.usage)
    add(told, reading)
  }
  const usage = usageOf(parts)
  return usage === undefined ? told : { ...told, usage }
}

function add(told: Told, reading: Reading): void {
  told.text += reading.textCharacters
  told.reasoning += reading.reasoningCharacters
  told.tool += reading.toolCharacters
  if (carriesToken(reading)) told.tokenEvents += 1
  if (carriesOutputToken(reading)) told.outputTokenEvents += 1
  if (reading.items !== undefined) told.items = reading.items
  if (reading.finish !== undefined) told.finish = reading.finish
  if (reading.terminal !== undefined) told.terminal = reading.terminal
  if (reading.malformed !== undefined) told.malformed = reading.malformed
  if (reading.model !== undefined) told.model = reading.model
  if (reading.error === undefined) return
  told.error = reading.error.message
  if (reading.error.status !== undefined) told.status = reading.error.status
}

/** The same bytes in two pieces, once for every place between two bytes. */
export function* everyCut(bytes: Uint8Array): Generator<readonly Uint8Array[]> {
  for (let at = 0; at <= bytes.length; at += 1) yield [bytes.subarray(0, at), bytes.subarray(at)]
}

export function byteByByte(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
}
