// The records of a run as columns. Times are whole ticks of 10 microseconds, each written as the
// distance to the stamp before it, so that most are short; gaps have their own code. What is
// absent in a record is null in its column.

import {
  type FinishReason,
  OUTCOMES,
  type RequestRecord,
  type Usage,
} from '../../model/request-record.ts'
import {
  asArray,
  asCount,
  asFlag,
  asNumber,
  asObject,
  asOneOf,
  asText,
  ForeignData,
  optional,
  present,
} from '../json/json.ts'
import { type Cell, type Column, decodeColumn, encodeColumn } from './columns.ts'
import { decodeGaps, encodeGaps } from './gap-codes.ts'

export const TICKS_PER_MS = 100
/** More than a budget can pay for, and little enough to hold in memory. */
export const MOST_RECORDS = 200_000

export type RecordTable = {
  readonly count: number
  readonly ticksPerMs: number
  /** Name and class of each prompt; the column `prompt` counts from 0 into it. */
  readonly prompts: readonly (readonly [string, string])[]
  readonly columns: { readonly [name: string]: Column }
}

/** A column that is not there: its member is absent in every record. */
const ABSENT = { all: null }

const FINISHES = ['stop', 'length', 'tool-call', 'content-filter', 'other'] as const
/** In the order in which they happen: each is counted from the last one present before it. */
const STAMPS = [
  'sentMs',
  'headersMs',
  'firstTokenMs',
  'firstOutputTokenMs',
  'lastTokenMs',
  'endMs',
] as const
const PHASES = ['dnsMs', 'tcpMs', 'tlsMs'] as const
const USAGE_COUNTS = [
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'reasoningTokens',
] as const
const PLAIN_COUNTS = ['tokenEvents', 'tokenReads', 'outputCharacters', 'maxOutputTokens'] as const
type StampName = (typeof STAMPS)[number]

export function encodeRecords(records: readonly RequestRecord[]): RecordTable {
  const prompts = [...new Map(records.map((r) => [promptKey(r), r])).values()]
  const numberOfPrompt = new Map(prompts.map((record, number) => [promptKey(record), number]))
  const cells = new Map<string, Cell[]>()
  const put = (name: string, cell: Cell | undefined) => {
    const column = cells.get(name)
    if (column === undefined) cells.set(name, [cell ?? null])
    else column.push(cell ?? null)
  }
  let previous = { index: -1, startedTicks: 0 }
  for (const record of records) {
    put('prompt', numberOfPrompt.get(promptKey(record)))
    put('index', record.index - previous.index - 1)
    previous = putTimes(put, record, previous.startedTicks)
    putRest(put, record)
  }
  return {
    count: records.length,
    ticksPerMs: TICKS_PER_MS,
    prompts: prompts.map((record) => [record.prompt, record.promptClass]),
    columns: Object.fromEntries([...cells].map(([name, column]) => [name, encodeColumn(column)])),
  }
}

type Put = (name: string, cell: Cell | undefined) => void

function putTimes(put: Put, record: RequestRecord, previousTicks: number) {
  const startedTicks = ticksOf(record.startedMs)
  put('startedMs', startedTicks - previousTicks)
  put(
    'intendedMs',
    record.intendedMs === undefined ? null : ticksOf(record.intendedMs) - startedTicks,
  )
  let last = startedTicks
  for (const stamp of STAMPS) {
    const atMs = record[stamp]
    put(stamp, atMs === undefined ? null : ticksOf(atMs) - last)
    if (atMs !== undefined) last = ticksOf(atMs)
  }
  for (const phase of PHASES) {
    const lastedMs = record[phase]
    put(phase, lastedMs === undefined ? null : ticksOf(lastedMs))
  }
  put('gapsMs', encodeGaps(record.gapsMs))
  return { index: record.index, startedTicks }
}

function putRest(put: Put, record: RequestRecord): void {
  put('arm', record.arm)
  put('kind', record.kind)
  put('pair', record.pair)
  put('outcome', record.outcome)
  put('finish', record.finish)
  put('status', record.status)
  put('detail', record.detail?.slice(0, 500))
  put('retryAfterS', record.retryAfterS)
  put('freshConnection', record.freshConnection)
  put('usage', record.usage?.source)
  for (const count of USAGE_COUNTS) put(count, record.usage?.[count])
  for (const count of PLAIN_COUNTS) put(count, record[count])
  put('inputCharacters', record.inputCharacters)
}

/** Throws `ForeignData` naming the column and the record. */
export function decodeRecords(value: unknown): readonly RequestRecord[] {
  const table = asObject(value, 'records')
  const count = asCount(table.count, 'records.count')
  if (count > MOST_RECORDS) throw new ForeignData(`records.count is ${count}, over ${MOST_RECORDS}`)
  const ticksPerMs = asNumber(table.ticksPerMs, 'records.ticksPerMs')
  if (ticksPerMs <= 0) throw new ForeignData('records.ticksPerMs is not above zero')
  const prompts = asArray(table.prompts, 'records.prompts').map(promptOf)
  const columns = asObject(table.columns, 'records.columns')
  const decoded = new Map<string, readonly unknown[]>()
  const cellOf = (name: string, row: number): unknown => {
    const column =
      decoded.get(name) ?? decodeColumn(columns[name] ?? ABSENT, count, `records.columns.${name}`)
    decoded.set(name, column)
    return column[row]
  }
  const records: RequestRecord[] = []
  let previous = { index: -1, startedTicks: 0 }
  for (let row = 0; row < count; row += 1) {
    const at = reader(row, cellOf, ticksPerMs)
    const startedTicks = previous.startedTicks + at.number('startedMs')
    const index = previous.index + 1 + at.count('index')
    records.push(recordOf(at, { index, startedTicks, prompts }))
    previous = { index, startedTicks }
  }
  return records
}

type RowReader = ReturnType<typeof reader>

/** Reads one row, column by column. */
function reader(row: number, cellOf: (name: string, row: number) => unknown, ticksPerMs: number) {
  const place = (name: string) => `records.columns.${name}[${row}]`
  return {
    ticksPerMs,
    place,
    cell: (name: string) => cellOf(name, row),
    number: (name: string) => asNumber(cellOf(name, row), place(name)),
    count: (name: string) => asCount(cellOf(name, row), place(name)),
    optionalNumber: (name: string) => optional(cellOf(name, row), place(name), asNumber),
    optionalCount: (name: string) => optional(cellOf(name, row), place(name), asCount),
  }
}

function recordOf(
  at: RowReader,
  from: {
    index: number
    startedTicks: number
    prompts: readonly { prompt: string; promptClass: string }[]
  },
): RequestRecord {
  const prompt = from.prompts[at.count('prompt')]
  if (prompt === undefined) throw new ForeignData(`${at.place('prompt')} is not in the list`)
  return {
    index: from.index,
    ...prompt,
    arm: asOneOf(at.cell('arm'), at.place('arm'), ['candidate', 'reference']),
    kind: asOneOf(at.cell('kind'), at.place('kind'), ['answer', 'probe']),
    ...timesOf(at, from.startedTicks),
    gapsMs: decodeGaps(gapTextOf(at), at.place('gapsMs')),
    tokenEvents: at.count('tokenEvents'),
    tokenReads: at.count('tokenReads'),
    outcome: asOneOf(at.cell('outcome'), at.place('outcome'), OUTCOMES),
    outputCharacters: at.count('outputCharacters'),
    freshConnection: asFlag(at.cell('freshConnection'), at.place('freshConnection')),
    maxOutputTokens: at.count('maxOutputTokens'),
    ...present({
      pair: at.optionalCount('pair'),
      finish: optional(at.cell('finish'), at.place('finish'), finishOf),
      status: at.optionalCount('status'),
      detail: optional(at.cell('detail'), at.place('detail'), asText),
      retryAfterS: at.optionalNumber('retryAfterS'),
      usage: usageOf(at),
      inputCharacters: at.optionalCount('inputCharacters'),
    }),
  }
}

function timesOf(at: RowReader, startedTicks: number) {
  const ms = (ticks: number) => ticks / at.ticksPerMs
  const intended = at.optionalNumber('intendedMs')
  const stamps: { [K in StampName]?: number } = {}
  let last = startedTicks
  for (const stamp of STAMPS) {
    const distance = at.optionalNumber(stamp)
    if (distance === undefined) continue
    last += distance
    stamps[stamp] = ms(last)
  }
  const { endMs, ...optionalStamps } = stamps
  if (endMs === undefined) throw new ForeignData(`${at.place('endMs')} is missing`)
  const phases: { [K in (typeof PHASES)[number]]?: number } = {}
  for (const phase of PHASES) {
    const lasted = at.optionalNumber(phase)
    if (lasted !== undefined) phases[phase] = ms(lasted)
  }
  return {
    startedMs: ms(startedTicks),
    endMs,
    ...optionalStamps,
    ...phases,
    intendedMs: intended === undefined ? undefined : ms(startedTicks + intended),
  }
}

function usageOf(at: RowReader): Usage | undefined {
  const source = optional(at.cell('usage'), at.place('usage'), (value, place) =>
    asOneOf<Usage['source']>(value, place, ['server', 'estimated']),
  )
  if (source === undefined) return undefined
  return {
    source,
    inputTokens: at.number('inputTokens'),
    cachedInputTokens: at.number('cachedInputTokens'),
    outputTokens: at.number('outputTokens'),
    reasoningTokens: at.number('reasoningTokens'),
  }
}

/** Not `asText`: an answer may have more tokens than a text may have characters. */
function gapTextOf(at: RowReader): string {
  const text = at.cell('gapsMs')
  if (typeof text === 'string') return text
  throw new ForeignData(`${at.place('gapsMs')} is not text`)
}

function finishOf(value: unknown, place: string): FinishReason {
  return asOneOf(value, place, FINISHES)
}

function promptOf(value: unknown, number: number) {
  const [name, promptClass] = asArray(value, `records.prompts[${number}]`)
  return {
    prompt: asText(name, `records.prompts[${number}]`),
    promptClass: asText(promptClass, `records.prompts[${number}]`),
  }
}

function promptKey(record: RequestRecord): string {
  return JSON.stringify([record.prompt, record.promptClass])
}

function ticksOf(ms: number): number {
  if (!Number.isFinite(ms)) throw new TypeError(`a time of ${ms} ms cannot be stored`)
  return Math.round(ms * TICKS_PER_MS)
}
