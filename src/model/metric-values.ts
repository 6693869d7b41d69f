// What a metric's row reads from a record: its values, or nothing where the request did not get that
// far.

import type { RequestRecord } from './request-record.ts'
import { isCompletedAnswer } from './request-record.ts'
import { ttftMs } from './ttft.ts'

export const none: readonly number[] = []

export function sinceSent(record: RequestRecord, at: number | undefined): readonly number[] {
  return at === undefined || record.sentMs === undefined ? none : [at - record.sentMs]
}

export function ttft(record: RequestRecord): readonly number[] {
  const ms = ttftMs(record)
  return ms === undefined ? none : [ms]
}

function tokensAfterFirst(record: RequestRecord): number {
  return (record.usage?.outputTokens ?? 0) - 1
}

export function timePerOutputToken(record: RequestRecord): readonly number[] {
  const { firstTokenMs, lastTokenMs } = record
  const tokens = tokensAfterFirst(record)
  if (record.kind === 'probe' || tokens < 1) return none
  if (firstTokenMs === undefined || lastTokenMs === undefined) return none
  return [(lastTokenMs - firstTokenMs) / tokens]
}

export function answerLatency(record: RequestRecord): readonly number[] {
  if (!isCompletedAnswer(record)) return none
  return sinceSent(record, record.endMs)
}

export function outputTokens(record: RequestRecord): readonly number[] {
  if (!isCompletedAnswer(record)) return none
  return record.usage === undefined ? none : [record.usage.outputTokens]
}

export function outputTokensPerSecond(record: RequestRecord): readonly number[] {
  const [tokens] = outputTokens(record)
  const [latencyMs] = answerLatency(record)
  if (tokens === undefined || latencyMs === undefined || tokens < 1 || latencyMs <= 0) return none
  return [(tokens * 1000) / latencyMs]
}

export function itemsPerSecond(record: RequestRecord): readonly number[] {
  const [latencyMs] = answerLatency(record)
  const { items } = record
  if (items === undefined || latencyMs === undefined || latencyMs <= 0) return none
  return [(items * 1000) / latencyMs]
}
