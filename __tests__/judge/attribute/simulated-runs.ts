// Runs of the simulator's own law in virtual time: the same draws, places and tallies as over HTTP,
// without the waiting. What the server exports goes through its text and our reader.

import type { RequestRecord } from '../../../src/model/request-record.ts'
import type { Run } from '../../../src/model/run.ts'
import type { ServerMetrics, ServerReading } from '../../../src/model/server-metrics.ts'
import { type Behaviour, planAnswer } from '../../../src/simulator/behaviour.ts'
import { drawFrom } from '../../../src/simulator/draw.ts'
import { HEALTHY } from '../../../src/simulator/profiles.ts'
import { metricsText, noNumbers } from '../../../src/simulator/server-numbers.ts'
import { readExporter } from '../../../src/wire/exporters/exporters.ts'

export type Simulated = {
  readonly seed: number
  readonly run: number
  readonly behaviour: Partial<Behaviour>
  /** Every answer's headers tell times: `server-timing`, or that of the server behind a gateway. */
  readonly headers?: 'server-timing' | 'upstream'
  /** Median of what a gateway adds before the server. */
  readonly gatewayMs?: number
  /** Mean length of answers in tokens. */
  readonly outputTokens?: number
  /** `queue length`: only how many wait, as llama.cpp does. */
  readonly exports: 'everything' | 'queue length' | 'nothing'
}

const CONCURRENCY = 6
const REQUESTS = 192
const PROMPTS = [
  { name: 'greet', promptClass: 'chat', text: 'say hello', inputTokens: 40 },
  { name: 'plan', promptClass: 'chat', text: 'plan a day', inputTokens: 90 },
  { name: 'sort', promptClass: 'code', text: 'write a sort', inputTokens: 160 },
  { name: 'fix', promptClass: 'code', text: 'write a fix', inputTokens: 220 },
  { name: 'sum', promptClass: 'papers', text: 'read and sum up', inputTokens: 1500 },
  { name: 'quote', promptClass: 'papers', text: 'read and quote', inputTokens: 2200 },
] as const

type Timed = {
  readonly record: RequestRecord
  readonly arrivedMs: number
  readonly serviceMs: number
  readonly firstMs: number
  readonly endMs: number
}

export function simulatedRun(simulated: Simulated): Run {
  const timed = play(simulated)
  const records = timed.map(({ record }) => record)
  const durationMs = Math.max(...timed.map(({ endMs }) => endMs))
  return {
    id: `20261101T0000${String(10 + simulated.run)}Z-00000000`,
    gate: 'chat',
    arm: 'candidate',
    tool: 'test',
    startedAt: '2026-11-01T00:00:00Z',
    provenance: {},
    ttftDefinition: 'test/1',
    loadShape: {},
    loadShapeHash: '',
    subject: { 'price of input': '$0.6/M', 'price of output': '$2.4/M' },
    seed: simulated.seed,
    conditions: {
      eventLoopDelayP99Ms: 0,
      sendLatenessP99Ms: 0,
      clientQueueP99Ms: 0,
      intendedLoad: CONCURRENCY,
      achievedLoad: CONCURRENCY,
      freshConnections: 0,
      measuredRequests: records.length,
      warmupRequests: 0,
      durationMs,
      clockDriftMs: 0,
      peakInFlight: CONCURRENCY,
    },
    invalidities: [],
    warnings: [],
    spent: { estimated: false },
    costsUsd: records.map(({ usage }) => {
      return ((usage?.inputTokens ?? 0) * 0.6 + (usage?.outputTokens ?? 0) * 2.4) / 1e6
    }),
    serverMetrics:
      simulated.exports === 'nothing' ? undefined : exported(timed, durationMs, simulated),
    records,
  }
}

/** First come, first served; whoever has an answer asks the next prompt. */
function play(simulated: Simulated) {
  const { seed, run, behaviour: laid, outputTokens = 24, gatewayMs = 0, headers } = simulated
  const behaviour: Behaviour = { ...HEALTHY, tokenGapSigma: 0, ...laid }
  const free: number[] = new Array(CONCURRENCY).fill(0)
  const places: number[] = new Array(behaviour.capacity || CONCURRENCY).fill(0)
  const timed: Timed[] = []
  for (let index = 0; index < REQUESTS; index += 1) {
    const prompt = PROMPTS[index % PROMPTS.length] ?? PROMPTS[0]
    const worker = earliest(free)
    const place = earliest(places)
    const sentMs = free[worker] ?? 0
    const arrivedMs = sentMs + gatewayMs * drawFrom(seed, 'way', run, index).logNormal(0.3)
    const serviceMs = Math.max(arrivedMs, places[place] ?? 0)
    const draw = drawFrom(seed, 'length', run, index)
    const tokens = Math.max(1, Math.round(outputTokens * draw.logNormal(0.2)))
    const plan = planAnswer(
      behaviour,
      {
        prompt: prompt.text,
        inputTokens: prompt.inputTokens,
        cachedTokens: 0,
        maxOutputTokens: 99,
        turn: 1,
      },
      { seed, version: 'main', run, index, script: { tokens } },
    )
    const firstMs = serviceMs + (plan.tokensAtMs[0] ?? 0)
    const endMs = serviceMs + (plan.tokensAtMs.at(-1) ?? 0)
    free[worker] = endMs
    places[place] = endMs
    const at = { arrivedMs, serviceMs, firstMs, endMs }
    const record = recordOf(prompt, { ...at, arrivedMs: sentMs, index, tokens })
    timed.push({ ...at, record: { ...record, headersMs: firstMs, gateway: saidOf(headers, at) } })
  }
  return timed
}

function saidOf(
  headers: Simulated['headers'],
  at: Pick<Timed, 'arrivedMs' | 'serviceMs' | 'firstMs'>,
): RequestRecord['gateway'] {
  if (headers === undefined) return {}
  return headers === 'upstream'
    ? { upstreamMs: Math.round(at.firstMs - at.arrivedMs) }
    : { queueMs: at.serviceMs - at.arrivedMs, prefillMs: at.firstMs - at.serviceMs }
}

function earliest(times: readonly number[]): number {
  return times.indexOf(Math.min(...times))
}

function recordOf(
  prompt: (typeof PROMPTS)[number],
  at: { index: number; arrivedMs: number; firstMs: number; endMs: number; tokens: number },
): RequestRecord {
  return {
    index: at.index,
    arm: 'candidate',
    kind: 'answer',
    prompt: prompt.name,
    promptClass: prompt.promptClass,
    startedMs: at.arrivedMs,
    sentMs: at.arrivedMs,
    firstTokenMs: at.firstMs,
    endMs: at.endMs,
    gapsMs: [],
    tokenEvents: at.tokens,
    tokenReads: at.tokens,
    outcome: 'completed',
    usage: {
      source: 'server',
      inputTokens: prompt.inputTokens,
      cachedInputTokens: 0,
      outputTokens: at.tokens,
      reasoningTokens: 0,
    },
    outputCharacters: 4 * at.tokens,
    freshConnection: false,
    maxOutputTokens: 99,
  }
}

function exported(
  timed: readonly Timed[],
  durationMs: number,
  { behaviour, exports }: Simulated,
): ServerMetrics {
  const isLlama = exports === 'queue length'
  const everyMs = isLlama ? 1000 : 4000
  const looks = [0]
  for (let atMs = everyMs; atMs < durationMs; atMs += everyMs) looks.push(atMs)
  const readings = [...looks, durationMs + 1].map((atMs): ServerReading => {
    const numbers = numbersAt(atMs, timed, behaviour)
    const read = readExporter(isLlama ? llamaText(numbers) : metricsText(numbers))
    if (!read.ok) throw new Error(read.problem)
    return { atMs, ...read.reading }
  })
  return { engine: isLlama ? 'llama.cpp' : 'vllm', readings }
}

function llamaText({ running, waiting }: { running: number; waiting: number }): string {
  return `llamacpp:requests_processing ${running}\nllamacpp:requests_deferred ${waiting}\n`
}

function numbersAt(atMs: number, timed: readonly Timed[], behaviour: Simulated['behaviour']) {
  const numbers = noNumbers()
  for (const each of timed) {
    if (each.arrivedMs > atMs) continue
    if (each.serviceMs > atMs) numbers.waiting += 1
    else if (each.endMs > atMs) numbers.running += 1
    if (each.endMs > atMs) continue
    numbers.served += 1
    numbers.queueMs += each.serviceMs - each.arrivedMs
    numbers.prefillMs += each.firstMs - each.serviceMs
  }
  return { ...numbers, kvCacheUse: numbers.running / (behaviour.capacity ?? CONCURRENCY) }
}
