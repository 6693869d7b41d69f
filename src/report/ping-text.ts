// What one request came to, in lines: how it ended, where its time went, its tokens and its cost.

import type { RequestRecord } from '../model/request-record.ts'
import * as format from './format.ts'
import { visible } from './render/render.ts'

export function pingText(record: RequestRecord, costUsd: number | undefined): string {
  const lines = [
    `ended      ${ending(record)}`,
    ...timeLines(record),
    ...(record.outcome === 'completed' ? answerLines(record, costUsd) : []),
  ]
  return `${lines.map((line) => `  ${visible(line)}`).join('\n')}\n`
}

/** Of a request that failed nothing of this is known. */
function answerLines(record: RequestRecord, costUsd: number | undefined): readonly string[] {
  const cost = costUsd === undefined ? 'not known: the gate has no prices' : format.usd(costUsd)
  return [...tokenLines(record), `cost       ${cost}`]
}

function ending({ outcome, status, finish, detail }: RequestRecord): string {
  const http = status === undefined ? '' : ` (HTTP ${status})`
  const why = finish === undefined ? '' : `, finish reason ${finish}`
  return `${outcome}${http}${why}${detail === undefined ? '' : `: ${detail}`}`
}

function timeLines(record: RequestRecord): readonly string[] {
  const { sentMs, headersMs, firstTokenMs, lastTokenMs, endMs, startedMs } = record
  const phases = [
    ['DNS', record.dnsMs],
    ['TCP', record.tcpMs],
    ['TLS', record.tlsMs],
  ] as const
  const connecting = phases.flatMap(([name, ms]) =>
    ms === undefined ? [] : [`${name} ${format.milliseconds(ms)}`],
  )
  const since = (at: number | undefined) =>
    at === undefined || sentMs === undefined ? undefined : format.milliseconds(at - sentMs)
  const rows = [
    ['headers', since(headersMs)],
    ['TTFT', since(firstTokenMs)],
    ['last token', since(lastTokenMs)],
  ] as const
  return [
    ...(connecting.length === 0 ? [] : [`connecting ${connecting.join(', ')}`]),
    ...rows.flatMap(([name, text]) =>
      text === undefined ? [] : [`${name.padEnd(10)} ${text} after the request was written`],
    ),
    `in all     ${format.milliseconds(endMs - startedMs)}`,
  ]
}

function tokenLines({ usage, items, tokenEvents, tokenReads }: RequestRecord): readonly string[] {
  const stream =
    items === undefined
      ? `stream     ${tokenEvents} events with tokens in ${tokenReads} reads`
      : `items      ${items} ${items === 1 ? 'vector or ranking' : 'vectors or rankings'}`
  if (usage === undefined) return ['tokens     not known: the server sends no usage', stream]
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens, source } = usage
  const cached = cachedInputTokens === 0 ? '' : ` (${cachedInputTokens} cached)`
  const reasoning = reasoningTokens === 0 ? '' : ` (${reasoningTokens} reasoning)`
  const from = source === 'server' ? "the server's count" : 'an estimate'
  return [`tokens     ${inputTokens} in${cached}, ${outputTokens} out${reasoning}: ${from}`, stream]
}
