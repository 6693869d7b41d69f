// The records of a run as columns: one list for each member, one value for each record, times in
// milliseconds. A column that is absent is absent in every record; null is absent in that one. Plain
// lists are a fifth larger on a data branch than packed ones were, and `jq` reads them:
//
//   jq '.records.columns | [.firstTokenMs, .sentMs] | transpose | map(.[0] - .[1])' runs/chat.json

import type { GatewaySaid, RequestRecord, Usage } from '../../model/request-record.ts'
import { ForeignData } from '../json/json.ts'

/** Times are kept to 10 microseconds: reading and writing again changes nothing. */
const DECIMALS = 2

type Cell = string | number | boolean | null | readonly number[]

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
type TimeName = (typeof TIMES)[number]
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

type Always =
  | 'index'
  | 'prompt'
  | 'promptClass'
  | 'arm'
  | 'kind'
  | 'startedMs'
  | 'endMs'
  | 'gapsMs'
  | 'tokenEvents'
  | 'tokenReads'
  | 'outcome'
  | 'outputCharacters'
  | 'freshConnection'
  | 'maxOutputTokens'
type Sometimes = Exclude<keyof RequestRecord, Always | 'usage' | 'gateway'>

/** As the schema has them. What every record has may be missing where there are no records. */
type RecordColumns = {
  readonly [Name in Always]: readonly RequestRecord[Name][]
} & {
  readonly [Name in Sometimes]?: readonly (NonNullable<RequestRecord[Name]> | null)[]
} & {
  readonly [Name in (typeof USAGE_COUNTS)[number] | (typeof GATEWAY)[number][0]]?: readonly (
    | number
    | null
  )[]
} & {
  readonly usage?: readonly (Usage['source'] | null)[]
  readonly fromCache?: readonly (boolean | null)[]
}

export type RecordTable = { readonly count: number; readonly columns: RecordColumns }

type EncodedTable = {
  readonly count: number
  readonly columns: { readonly [name: string]: readonly Cell[] }
}

export function encodeRecords(records: readonly RequestRecord[]): EncodedTable {
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

/** Throws `ForeignData` for a column that is not as long as the others, and for a usage without counts. */
export function decodeRecords({ count, columns }: RecordTable): readonly RequestRecord[] {
  for (const [name, column] of Object.entries(columns)) {
    checkLength(column, count, `records.columns.${name}`)
  }
  return Array.from({ length: count }, (_, row) => recordOf(columns, row))
}

export function checkLength(column: readonly unknown[], rows: number, place: string): void {
  if (column.length === rows) return
  throw new ForeignData(`${place} has ${column.length} values for ${rows} records`)
}

function recordOf(columns: RecordColumns, row: number): RequestRecord {
  return {
    index: cell(columns.index, row),
    prompt: cell(columns.prompt, row),
    promptClass: cell(columns.promptClass, row),
    arm: cell(columns.arm, row),
    kind: cell(columns.kind, row),
    pair: maybe(columns.pair, row),
    conversation: maybe(columns.conversation, row),
    turn: maybe(columns.turn, row),
    startedMs: cell(columns.startedMs, row),
    endMs: cell(columns.endMs, row),
    ...timesOf(columns, row),
    gapsMs: cell(columns.gapsMs, row),
    tokenEvents: cell(columns.tokenEvents, row),
    tokenReads: cell(columns.tokenReads, row),
    outcome: cell(columns.outcome, row),
    finish: maybe(columns.finish, row),
    status: maybe(columns.status, row),
    validity: maybe(columns.validity, row),
    detail: maybe(columns.detail, row),
    retryAfterS: maybe(columns.retryAfterS, row),
    ...gatewayOf(columns, row),
    items: maybe(columns.items, row),
    usage: usageOf(columns, row),
    inputCharacters: maybe(columns.inputCharacters, row),
    outputCharacters: cell(columns.outputCharacters, row),
    freshConnection: cell(columns.freshConnection, row),
    maxOutputTokens: cell(columns.maxOutputTokens, row),
  }
}

/** Of a column that the schema requires where there are records. */
function cell<T>(column: readonly T[], row: number): T {
  const value = column[row]
  if (value === undefined)
    throw new TypeError(`record ${row} has no value in a column that all have`)
  return value
}

function maybe<T>(column: readonly (T | null)[] | undefined, row: number): T | undefined {
  return column?.[row] ?? undefined
}

function timesOf(columns: RecordColumns, row: number): { [Name in TimeName]?: number } {
  const times: { [Name in TimeName]?: number } = {}
  for (const name of TIMES) {
    const ms = maybe(columns[name], row)
    if (ms !== undefined) times[name] = ms
  }
  return times
}

function gatewayOf(columns: RecordColumns, row: number): Pick<RequestRecord, 'gateway'> {
  const said: { -readonly [Name in keyof GatewaySaid]: GatewaySaid[Name] } = {}
  for (const [name, member] of GATEWAY) {
    const value = maybe(columns[name], row)
    if (value !== undefined) said[member] = value
  }
  if (maybe(columns.fromCache, row) === true) said.fromCache = true
  return Object.keys(said).length === 0 ? {} : { gateway: said }
}

function usageOf(columns: RecordColumns, row: number): Usage | undefined {
  const source = maybe(columns.usage, row)
  if (source === undefined) return undefined
  const counted = (name: (typeof USAGE_COUNTS)[number]): number => {
    const count = maybe(columns[name], row)
    if (count !== undefined) return count
    throw new ForeignData(`records.columns.${name}[${row}] is missing, and the usage is there`)
  }
  return {
    source,
    inputTokens: counted('inputTokens'),
    cachedInputTokens: counted('cachedInputTokens'),
    outputTokens: counted('outputTokens'),
    reasoningTokens: counted('reasoningTokens'),
  }
}
