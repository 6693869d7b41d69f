// The pipeline's world in memory: an endpoint that answers by a scenario's law, a store that is a list,
// a clock that counts what was measured and waited for. Nothing is sent and nothing sleeps.

import type { StoredRun } from '../../src/model/history.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import type { Plan, PlannedRequest } from '../../src/model/plan.ts'
import type { Ports } from '../../src/model/ports.ts'
import type { RequestRecord } from '../../src/model/request-record.ts'
import {
  type Draws,
  drawRequests,
  drawState,
  type Effect,
  INPUT_USD,
  type RunState,
  type Scenario,
  USD_PER_OUTPUT_TOKEN,
} from './scenarios.ts'

/** What is done to the endpoint before the next round: levels on the log scale. */
export type Moment = {
  readonly state: RunState
  readonly effect: Effect
  /** What the arms differ by of themselves. */
  readonly candidate: number
  readonly reference: number
  /** A minute in which the provider hangs: the first round after it is set, and no other. */
  readonly hanging: number
}

export type MemoryEndpoint = {
  readonly ports: Ports
  readonly stored: StoredRun[]
  /** What runs measured from here on see; a day passes. */
  nextDay(moment: Partial<Moment> & Pick<Moment, 'effect'>): void
  /** The same without a day passing. */
  sameDay(moment: Partial<Moment> & Pick<Moment, 'effect'>): void
  /** Time waited between rounds since the day began. */
  waitedMs(): number
  /** Steps announced since the day began. */
  readonly steps: string[]
}

const DAY_MS = 86_400_000
const FIRST_MS = Date.parse('2026-01-05T10:00:00Z')
/** 64 tokens at 50 a second after the first one. */
const TOKEN_MS = 20
const INPUT_TOKENS = 200

export function memoryEndpoint(scenario: Scenario, draws: Draws): MemoryEndpoint {
  const stored: StoredRun[] = []
  const steps: string[] = []
  let [day, ids, waited] = [0, 0, 0]
  let moment: Moment | undefined
  const ports: Ports = {
    store: {
      place: 'memory',
      read: async () => ({ runs: [...stored], epochs: [], unreadable: [], place: 'memory' }),
      append: async () => ({ stored: true, attempts: 1 }),
    },
    wait: async (ms) => {
      waited += ms
    },
    nowIso: () => new Date(FIRST_MS + day * DAY_MS + ids * 1000).toISOString(),
    newRunId: () => {
      ids += 1
      return `20260105T100000Z-${ids.toString(16).padStart(8, '0')}`
    },
    announce: (step) => void steps.push(step),
    open: async () => ({ records: [] }),
    measure: async (plan) => {
      if (moment === undefined) throw new TypeError('no day has begun')
      const now = moment
      moment = { ...now, hanging: 0 }
      return measured(plan, { scenario, draws, now })
    },
  }
  const sameDay: MemoryEndpoint['sameDay'] = (next) => {
    waited = 0
    steps.length = 0
    const state = next.state ?? drawState(scenario, draws)
    moment = { candidate: 0, reference: 0, hanging: 0, ...next, state }
  }
  return {
    ports,
    stored,
    steps,
    waitedMs: () => waited,
    nextDay: (next) => {
      day += 1
      sameDay(next)
    },
    sameDay,
  }
}

type Law = { readonly scenario: Scenario; readonly draws: Draws; readonly now: Moment }

function measured(plan: Plan, law: Law): Measurement {
  const counted = plan.requests.filter(({ warmup }) => !warmup)
  const records = answersTo(counted, law)
  const warmup = answersTo(
    plan.requests.filter((request) => request.warmup),
    law,
  )
  const workers = plan.load.kind === 'closed' ? plan.load.concurrency : 1
  const durationMs = records.reduce((sum, { endMs }) => sum + endMs, 0) / workers
  return {
    records,
    warmup,
    aborted: [],
    conditions: {
      eventLoopDelayP99Ms: 1,
      sendLatenessP99Ms: 1,
      clientQueueP99Ms: 1,
      intendedLoad: workers,
      achievedLoad: workers,
      freshConnections: 0,
      unwarmedConnections: 0,
      measuredRequests: records.length,
      warmupRequests: warmup.length,
      durationMs,
      clockDriftMs: 0,
      peakInFlight: workers,
    },
    reportedModels: { candidate: [], reference: [] },
    totalMs: durationMs + Math.max(0, ...warmup.map(({ endMs }) => endMs)),
  }
}

/** One chain of requests in time, whichever arm they go to. */
function answersTo(asked: readonly PlannedRequest[], law: Law): readonly RequestRecord[] {
  const { scenario, draws, now } = law
  const classes = [...new Set(asked.map(({ promptClass }) => promptClass))].sort()
  const drawn = drawRequests(
    scenario,
    now.state,
    {
      count: asked.length,
      classOf: (index) => classes.indexOf(asked[index]?.promptClass ?? '') % scenario.classes,
    },
    draws,
  )
  return asked.map((request, index) =>
    answerTo(request, { ...law, ms: drawn.ttft[index] ?? 0, usd: drawn.usd[index] ?? 0 }),
  )
}

function answerTo(
  request: PlannedRequest,
  { now, draws, ms, usd }: Law & { readonly ms: number; readonly usd: number },
): RequestRecord {
  const { index, arm, kind, prompt, promptClass, pair, maxOutputTokens } = request
  const own = arm === 'candidate'
  const { latency = 1, errors = 0, cost = 1 } = own ? now.effect : {}
  const level = Math.exp((own ? now.candidate + now.hanging : now.reference) + Math.log(latency))
  const asked = { index, arm, kind, prompt, promptClass, pair, maxOutputTokens, gapsMs: [] }
  if (ms === 0 || (errors > 0 && draws.uniform() < errors)) return refused(asked)
  const firstTokenMs = ms * level
  const outputTokens =
    kind === 'probe'
      ? 1
      : Math.max(1, Math.round((cost * (usd - INPUT_USD)) / USD_PER_OUTPUT_TOKEN))
  return {
    ...asked,
    startedMs: 0,
    sentMs: 0,
    headersMs: firstTokenMs,
    firstTokenMs,
    firstOutputTokenMs: firstTokenMs,
    lastTokenMs: firstTokenMs + (outputTokens - 1) * TOKEN_MS,
    endMs: firstTokenMs + (outputTokens - 1) * TOKEN_MS,
    tokenEvents: outputTokens,
    tokenReads: outputTokens,
    outcome: 'completed',
    finish: 'length',
    status: 200,
    usage: {
      source: 'server',
      inputTokens: INPUT_TOKENS,
      cachedInputTokens: 0,
      outputTokens,
      reasoningTokens: 0,
    },
    outputCharacters: 4 * outputTokens,
    freshConnection: false,
    maxOutputTokens: 10 * maxOutputTokens,
  }
}

type Asked = Pick<
  RequestRecord,
  'index' | 'arm' | 'kind' | 'prompt' | 'promptClass' | 'pair' | 'maxOutputTokens' | 'gapsMs'
>

function refused(asked: Asked): RequestRecord {
  return {
    ...asked,
    startedMs: 0,
    sentMs: 0,
    headersMs: REFUSED_MS,
    endMs: REFUSED_MS,
    tokenEvents: 0,
    tokenReads: 0,
    outcome: 'http-5xx',
    status: 503,
    outputCharacters: 0,
    freshConnection: false,
  }
}

const REFUSED_MS = 50
