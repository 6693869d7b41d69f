// One request of another engine as a record. Times of the file are durations from the moment that
// engine calls the start of a request, in ms; what the file does not say stays absent.

import type { FinishReason, Outcome, RequestRecord, Usage } from '../../model/request-record.ts'
import { present } from '../json/json.ts'

export type ForeignRequest = {
  /** Since the first request of the run; 0 where the file has no times. */
  readonly startedMs: number
  /** When an open loop wanted to send it, on the same clock. */
  readonly intendedMs?: number | undefined
  /** From its start to the first token of what the engine calls TTFT. */
  readonly ttftMs?: number | undefined
  readonly firstOutputTokenMs?: number | undefined
  readonly lastTokenMs?: number | undefined
  readonly latencyMs?: number | undefined
  readonly gapsMs?: readonly number[]
  readonly outcome: Outcome
  readonly status?: number | undefined
  readonly detail?: string | undefined
  readonly finish?: FinishReason | undefined
  readonly usage?: Usage | undefined
  readonly inputCharacters?: number | undefined
  readonly outputCharacters?: number | undefined
  readonly maxOutputTokens?: number | undefined
  readonly freshConnection?: boolean
}

/** Records in the order of the list, numbered from 0. */
export function recordsOf(requests: readonly ForeignRequest[]): readonly RequestRecord[] {
  return requests.map(recordOf)
}

function recordOf(request: ForeignRequest, index: number): RequestRecord {
  const { startedMs, gapsMs = [], ttftMs } = request
  const at = (ms: number | undefined) => (ms === undefined ? undefined : startedMs + ms)
  const lastTokenMs = request.lastTokenMs ?? ttftMs
  const latencyMs = Math.max(request.latencyMs ?? 0, lastTokenMs ?? 0)
  return {
    index,
    arm: 'candidate',
    kind: 'answer',
    prompt: 'imported',
    promptClass: 'imported',
    startedMs,
    sentMs: startedMs,
    endMs: startedMs + latencyMs,
    gapsMs,
    tokenEvents: ttftMs === undefined ? 0 : gapsMs.length + 1,
    tokenReads: ttftMs === undefined ? 0 : gapsMs.length + 1,
    outcome: request.outcome,
    outputCharacters: request.outputCharacters ?? 0,
    freshConnection: request.freshConnection ?? false,
    maxOutputTokens: Math.round(request.maxOutputTokens ?? 0),
    ...present({
      intendedMs: request.intendedMs,
      firstTokenMs: at(ttftMs),
      firstOutputTokenMs: at(request.firstOutputTokenMs),
      lastTokenMs: at(lastTokenMs),
      finish: request.finish,
      status: request.status,
      detail: request.detail,
      usage: request.usage,
      inputCharacters: request.inputCharacters,
    }),
  }
}

/** Undefined unless both counts are known: half a count has no price. */
export function usageOf(counts: {
  readonly source: Usage['source']
  readonly input: number | undefined
  readonly output: number | undefined
  readonly cached?: number | undefined
  readonly reasoning?: number | undefined
}): Usage | undefined {
  const { source, input, output, cached = 0, reasoning = 0 } = counts
  if (input === undefined || output === undefined) return undefined
  return {
    source,
    inputTokens: input,
    cachedInputTokens: Math.min(cached, input),
    outputTokens: output,
    reasoningTokens: Math.min(reasoning, output),
  }
}
