// The records of a run as columns: one list for each member, one value for each record, times in
// milliseconds. A column that is absent is absent in every record; null is absent in that one. Plain
// lists are a fifth larger on a data branch than packed ones were, and `jq` reads them:
//
//   jq '.records.columns | [.firstTokenMs, .sentMs] | transpose | map(.[0] - .[1])' runs/chat.json

import { VALIDITIES } from '../../model/expectation.ts'
import {
  type FinishReason,
  type GatewaySaid,
  OUTCOMES,
  type RequestRecord,
  type Usage,
} from '../../model/request-record.ts'
import { MOST_RECORDS } from '../../model/run.ts'
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
} from '../json/json.ts'

/** Times are kept to 10 microseconds: reading and writing again changes nothing. */
const DECIMALS = 2

type Cell = string | number | boolean | null | readonly number[]
export type RecordTable = {
  readonly count: number
  readonly columns: { readonly [name: string]: readonly Cell[] }
}

const FINISHES = ['stop', 'length', 'tool-call', 'content-filter', 'other'] as const
/** Absent where the request did not get that far. */
const TIMES = [
  'intendedMs',
  'sentMs',
  'headersMs',
  'firstTokenMs',
  'firstOutputTokenMs',
  'lastTokenMs',
  'dnsMs',
  'tcpMs',
  'tlsMs',
] as const
const USAGE_COUNTS = [
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'reasoningTokens',
] as const
/** Columns of what headers said. */
const GATEWAY = [
  ['upstreamMs', 'upstreamMs'],
  ['serverQueueMs', 'queueMs'],
  ['serverPrefillMs', 'prefillMs'],
  ['requestsLeft', 'requestsLeft'],
] as const
const LONGEST_DETAIL = 500

export function encodeRecords(records: readonly RequestRecord[]): RecordTable {
  const columns: Record<string, readonly Cell[]> = {}
  for (const [name, cell] of Object.entries(CELLS)) {
    const column = records.map((record) => cell(record) ?? null)
    if (column.some((value) => value !== null)) columns[name] = column
  }
  return { count: records.length, columns }
}

type ReadCell = (record: RequestRecord) => Cell | undefined

const CELLS: Readonly<Record<string, ReadCell>> = {
  index: ({ index }) => index,
  arm: ({ arm }) => arm,
  kind: ({ kind }) => kind,
  prompt: ({ prompt }) => prompt,
  promptClass: ({ promptClass }) => promptClass,
  pair: ({ pair }) => pair,
  conversation: ({ conversation }) => conversation,
  turn: ({ turn }) => turn,
  outcome: ({ outcome }) => outcome,
  status: ({ status }) => status,
  finish: ({ finish }) => finish,
  validity: ({ validity }) => validity,
  detail: ({ detail }) => detail?.slice(0, LONGEST_DETAIL),
  startedMs: ({ startedMs }) => rounded(startedMs),
  endMs: ({ endMs }) => rounded(endMs),
  ...Object.fromEntries(
    TIMES.map((name): [string, ReadCell] => [name, (record) => rounded(record[name])]),
  ),
  gapsMs: ({ gapsMs }) => gapsMs.map((gapMs) => rounded(gapMs) ?? 0),
  tokenEvents: ({ tokenEvents }) => tokenEvents,
  tokenReads: ({ tokenReads }) => tokenReads,
  inputCharacters: ({ inputCharacters }) => inputCharacters,
  outputCharacters: ({ outputCharacters }) => outputCharacters,
  maxOutputTokens: ({ maxOutputTokens }) => maxOutputTokens,
  items: ({ items }) => items,
  usage: ({ usage }) => usage?.source,
  ...Object.fromEntries(
    USAGE_COUNTS.map((name): [string, ReadCell] => [name, ({ usage }) => usage?.[name]]),
  ),
  retryAfterS: ({ retryAfterS }) => retryAfterS,
  ...Object.fromEntries(
    GATEWAY.map(([name, member]): [string, ReadCell] => [name, ({ gateway }) => gateway?.[member]]),
  ),
  fromCache: ({ gateway }) => gateway?.fromCache,
  freshConnection: ({ freshConnection }) => freshConnection,
}

function rounded(ms: number | undefined): number | undefined {
  if (ms === undefined) return undefined
  if (!Number.isFinite(ms)) throw new TypeError(`a time of ${ms} ms cannot be stored`)
  return Number(ms.toFixed(DECIMALS))
}

/** Throws `ForeignData` naming the column and the record. */
export function decodeRecords(value: unknown): readonly RequestRecord[] {
  const table = asObject(value, 'records')
  const count = asCount(table.count, 'records.count')
  if (count > MOST_RECORDS) throw new ForeignData(`records.count is ${count}, over ${MOST_RECORDS}`)
  const columns = new Map(
    Object.entries(asObject(table.columns, 'records.columns')).map(([name, column]) => [
      name,
      columnOf(column, count, `records.columns.${name}`),
    ]),
  )
  const records: RequestRecord[] = []
  for (let row = 0; row < count; row += 1) records.push(recordOf(new RecordRow(columns, row)))
  return records
}

export function columnOf(value: unknown, rows: number, place: string): readonly unknown[] {
  const cells = asArray(value, place)
  if (cells.length === rows) return cells
  throw new ForeignData(`${place} has ${cells.length} values for ${rows} records`)
}

type ColumnReader<T> = (value: unknown, place: string) => T

class RecordRow {
  readonly #columns: ReadonlyMap<string, readonly unknown[]>
  readonly #row: number

  constructor(columns: ReadonlyMap<string, readonly unknown[]>, row: number) {
    this.#columns = columns
    this.#row = row
  }

  read<T>(name: string, as: ColumnReader<T>): T {
    return as(this.#columns.get(name)?.[this.#row], this.#place(name))
  }

  maybe<T>(name: string, as: ColumnReader<T>): T | undefined {
    return optional(this.#columns.get(name)?.[this.#row], this.#place(name), as)
  }

  #place(name: string): string {
    return `records.columns.${name}[${this.#row}]`
  }
}

function recordOf(row: RecordRow): RequestRecord {
  return {
    index: row.read('index', asCount),
    prompt: row.read('prompt', asText),
    promptClass: row.read('promptClass', asText),
    arm: row.read('arm', (value, place) => asOneOf(value, place, ['candidate', 'reference'])),
    kind: row.read('kind', (value, place) => asOneOf(value, place, ['answer', 'probe'])),
    pair: row.maybe('pair', asCount),
    conversation: row.maybe('conversation', asCount),
    turn: row.maybe('turn', asCount),
    startedMs: row.read('startedMs', asNumber),
    endMs: row.read('endMs', asNumber),
    ...timesOf(row),
    gapsMs: row.read('gapsMs', numbersOf),
    tokenEvents: row.read('tokenEvents', asCount),
    tokenReads: row.read('tokenReads', asCount),
    outcome: row.read('outcome', (value, place) => asOneOf(value, place, OUTCOMES)),
    finish: row.maybe('finish', finishOf),
    status: row.maybe('status', asCount),
    validity: row.maybe('validity', (value, place) => asOneOf(value, place, VALIDITIES)),
    detail: row.maybe('detail', asText),
    retryAfterS: row.maybe('retryAfterS', asNumber),
    ...gatewayOf(row),
    items: row.maybe('items', asCount),
    usage: usageOf(row),
    inputCharacters: row.maybe('inputCharacters', asCount),
    outputCharacters: row.read('outputCharacters', asCount),
    freshConnection: row.read('freshConnection', asFlag),
    maxOutputTokens: row.read('maxOutputTokens', asCount),
  }
}

function timesOf(row: RecordRow): { [Name in (typeof TIMES)[number]]?: number } {
  const times: { [Name in (typeof TIMES)[number]]?: number } = {}
  for (const name of TIMES) {
    const ms = row.maybe(name, asNumber)
    if (ms !== undefined) times[name] = ms
  }
  return times
}

function gatewayOf(row: RecordRow): Pick<RequestRecord, 'gateway'> {
  const said: { -readonly [Name in keyof GatewaySaid]: GatewaySaid[Name] } = {}
  for (const [name, member] of GATEWAY) {
    const value = row.maybe(name, asNumber)
    if (value !== undefined) said[member] = value
  }
  if (row.maybe('fromCache', asFlag) === true) said.fromCache = true
  return Object.keys(said).length === 0 ? {} : { gateway: said }
}

function usageOf(row: RecordRow): Usage | undefined {
  const source = row.maybe('usage', (value, place) =>
    asOneOf<Usage['source']>(value, place, ['server', 'estimated']),
  )
  if (source === undefined) return undefined
  return {
    source,
    inputTokens: row.read('inputTokens', asNumber),
    cachedInputTokens: row.read('cachedInputTokens', asNumber),
    outputTokens: row.read('outputTokens', asNumber),
    reasoningTokens: row.read('reasoningTokens', asNumber),
  }
}

function numbersOf(value: unknown, place: string): readonly number[] {
  return asArray(value, place).map((number, at) => asNumber(number, `${place}[${at}]`))
}

function finishOf(value: unknown, place: string): FinishReason {
  return asOneOf(value, place, FINISHES)
}
