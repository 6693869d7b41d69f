// Runs as a real gate would store them: seeded, of any size, with token gaps and failures.

import type { Epoch, StoredRun } from '../src/model/history.ts'
import type { RequestRecord } from '../src/model/request-record.ts'
import type { Run } from '../src/model/run.ts'

export type SampleOptions = {
  readonly gate?: string
  /** Milliseconds since 1970. */
  readonly startedMs?: number
  readonly seed?: number
  readonly requests?: number
  readonly tokens?: number
  readonly medianTtftMs?: number
  readonly branch?: string
  readonly commit?: string
  readonly loadShapeHash?: string
  readonly loadShape?: Run['loadShape']
  readonly failed?: number
}

/** 1 November 2026, noon. */
export const NOON_MS = Date.UTC(2026, 10, 1, 12)
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export function sampleRun(options: SampleOptions = {}): Run {
  const { startedMs = NOON_MS, seed = 1, gate = 'chat', requests = 20 } = options
  const random = randomFrom(seed)
  const records = Array.from({ length: requests }, (_, index) =>
    sampleRecord(index, random, options),
  )
  return {
    id: runId(startedMs, seed),
    gate,
    arm: 'candidate',
    tool: 'inference-gate 0.1.0',
    startedAt: new Date(startedMs).toISOString(),
    provenance: {
      commit: options.commit ?? seed.toString(16).padStart(40, 'c'),
      branch: options.branch ?? 'main',
      runUrl: 'https://github.com/acme/search/actions/runs/123456789',
      actor: 'octocat',
    },
    ttftDefinition: 'written-to-first-token-of-any-kind/1',
    loadShape: options.loadShape ?? { api: 'openai-chat', load: 'closed, 4 in flight' },
    loadShapeHash: options.loadShapeHash ?? 'a'.repeat(64),
    subject: { url: 'https://inference.example.com/v1', model: 'llama-3.3-70b' },
    seed: 7,
    conditions: {
      eventLoopDelayP99Ms: 2.113,
      sendLatenessP99Ms: 0.4,
      clientQueueP99Ms: 0.31,
      intendedLoad: 4,
      achievedLoad: 3.98,
      freshConnections: 0,
      measuredRequests: requests,
      warmupRequests: 4,
      durationMs: 81_234.567,
      clockDriftMs: 0.2,
      peakInFlight: 4,
    },
    invalidities: [],
    warnings: [],
    spent: { usd: 0.0551, estimated: false },
    costsUsd: records.map((record) => (record.usage === undefined ? 0 : 0.0001536 + 1e-7 * seed)),
    records,
  }
}

export function stored(options: SampleOptions = {}, standing: StoredRun['standing'] = 'accepted') {
  return { run: sampleRun(options), standing } satisfies StoredRun
}

export function sampleEpoch(openedMs: number, more: Partial<Epoch> = {}): Epoch {
  return {
    id: runId(openedMs, 99),
    gate: 'chat',
    openedAt: new Date(openedMs).toISOString(),
    by: 'octocat',
    reason: 'a larger model, on purpose',
    how: 'label',
    ...more,
  }
}

export function runId(startedMs: number, seed: number): string {
  const digits = new Date(startedMs).toISOString().replace(/[-:]|\.\d+/g, '')
  return `${digits}-${seed.toString(16).padStart(8, '0')}`
}

function sampleRecord(index: number, random: () => number, options: SampleOptions): RequestRecord {
  const { tokens = 64, medianTtftMs = 240, failed = 0 } = options
  const startedMs = index * 350 + random() * 20
  const common = {
    index,
    arm: 'candidate',
    kind: 'answer',
    prompt: `prompt-${index % 8}`,
    promptClass: index % 2 === 0 ? 'short' : 'long',
    startedMs,
    sentMs: startedMs + 0.05 + random() * 0.2,
    freshConnection: false,
    maxOutputTokens: 64,
  } as const
  if (index < failed) {
    return {
      ...common,
      headersMs: startedMs + 4,
      endMs: startedMs + 5 + random(),
      gapsMs: [],
      tokenEvents: 0,
      tokenReads: 0,
      outcome: 'http-5xx',
      status: 503,
      detail: 'service unavailable',
      outputCharacters: 0,
    }
  }
  const firstTokenMs = startedMs + medianTtftMs * Math.exp(0.35 * normal(random))
  const gapsMs = Array.from(
    { length: Math.max(0, tokens - 1) },
    () => 16 * Math.exp(0.4 * normal(random)),
  )
  const lastTokenMs = gapsMs.reduce((sum, gap) => sum + gap, firstTokenMs)
  return {
    ...common,
    headersMs: firstTokenMs - 2 - random(),
    firstTokenMs,
    firstOutputTokenMs: firstTokenMs,
    lastTokenMs,
    endMs: lastTokenMs + 0.5 + random(),
    gapsMs,
    tokenEvents: tokens,
    tokenReads: tokens,
    outcome: 'completed',
    finish: 'length',
    status: 200,
    usage: {
      source: 'server',
      inputTokens: 190 + (index % 8) * 3,
      cachedInputTokens: 0,
      outputTokens: tokens,
      reasoningTokens: 0,
    },
    outputCharacters: 200 + Math.floor(random() * 100),
  }
}

/** Mulberry32: small, seeded, good enough for samples. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
