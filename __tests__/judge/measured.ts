// Records and measurements as the stages after a measurement get them.

import type { Measurement } from '../../src/model/measurement.ts'
import type { RequestRecord } from '../../src/model/request-record.ts'
import type { Conditions, Run } from '../../src/model/run.ts'

/** A completed answer: sent at 1 ms, first token at 101 ms, ten tokens, 10 ms apart. */
export function answer(index: number, change: Partial<RequestRecord> = {}): RequestRecord {
  return {
    index,
    arm: 'candidate',
    kind: 'answer',
    prompt: 'p',
    promptClass: 'c',
    startedMs: 0,
    sentMs: 1,
    headersMs: 50,
    firstTokenMs: 101,
    firstOutputTokenMs: 101,
    lastTokenMs: 191,
    endMs: 192,
    gapsMs: Array.from({ length: 9 }, () => 10),
    tokenEvents: 10,
    tokenReads: 10,
    outcome: 'completed',
    finish: 'stop',
    status: 200,
    usage: serverUsage({ inputTokens: 100, outputTokens: 10 }),
    outputCharacters: 40,
    inputCharacters: 400,
    freshConnection: false,
    maxOutputTokens: 16,
    ...change,
  }
}

export function serverUsage(counts: {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedInputTokens?: number
  readonly reasoningTokens?: number
}): NonNullable<RequestRecord['usage']> {
  return { source: 'server', cachedInputTokens: 0, reasoningTokens: 0, ...counts }
}

/** Without the members that only a stream with tokens has. */
export function failure(index: number, change: Partial<RequestRecord>): RequestRecord {
  const { sentMs: _s, headersMs: _h, usage: _u, finish: _f, status: _st, ...rest } = answer(index)
  const { firstTokenMs: _ft, firstOutputTokenMs: _fo, lastTokenMs: _l, ...bare } = rest
  return { ...bare, gapsMs: [], tokenEvents: 0, tokenReads: 0, outputCharacters: 0, ...change }
}

/** A completed answer whose server sent no usage. */
export function withoutUsage(index: number, change: Partial<RequestRecord> = {}): RequestRecord {
  const { usage: _, ...record } = answer(index)
  return { ...record, ...change }
}

export const QUIET: Conditions = {
  eventLoopDelayP99Ms: 1,
  sendLatenessP99Ms: 1,
  clientQueueP99Ms: 1,
  intendedLoad: 4,
  achievedLoad: 4,
  freshConnections: 0,
  unwarmedConnections: 0,
  measuredRequests: 100,
  warmupRequests: 4,
  durationMs: 10_000,
  clockDriftMs: 0,
  peakInFlight: 4,
}

export function measurement(
  records: readonly RequestRecord[],
  change: Partial<Measurement> & { readonly conditions?: Conditions } = {},
): Measurement {
  return {
    records,
    warmup: [],
    aborted: [],
    conditions: QUIET,
    reportedModels: { candidate: [], reference: [] },
    totalMs: 11_000,
    ...change,
  }
}

/** A run of these records and nothing else that a test would ask of. */
export function runOf(records: readonly RequestRecord[], change: Partial<Run> = {}): Run {
  return {
    id: '20260101T000000Z00000000',
    gate: 'chat',
    arm: 'candidate',
    tool: 'test',
    startedAt: '2026-01-01T00:00:00Z',
    provenance: { commit: 'abc' },
    ttftDefinition: 'first-token/1',
    loadShape: {},
    loadShapeHash: 'shape',
    subject: {},
    seed: 1,
    conditions: QUIET,
    invalidities: [],
    warnings: [],
    spent: { usd: 1, estimated: false },
    costsUsd: records.map(() => 0.001),
    records,
    ...change,
  }
}
