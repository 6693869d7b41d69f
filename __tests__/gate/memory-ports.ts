// The world of the pipeline in memory: an endpoint that answers by a seeded law, a store that is a list,
// a clock that counts. Nothing is sent anywhere, and the same seed gives the same verdicts.

import { parseConfig } from '../../src/config/parse-config.ts'
import type { Config } from '../../src/model/config.ts'
import type { Epoch, StoredRun } from '../../src/model/history.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import type { Plan, PlannedRequest } from '../../src/model/plan.ts'
import type { GateRequest, Opened, OpenRequest, Ports } from '../../src/model/ports.ts'
import type { Arm, RequestRecord } from '../../src/model/request-record.ts'
import type { Conditions } from '../../src/model/run.ts'
import { randomFrom, runId } from '../baseline-samples.ts'
import { answer, failure, QUIET, serverUsage } from '../judge/measured.ts'

/** What the endpoint does in one round of measuring; rounds count from 0 over the whole world. */
export type Law = {
  readonly medianMs?: (arm: Arm, round: number) => number
  /** First tokens of probes, as a multiple of those of answers. */
  readonly probesTake?: number
  /** Requests of this arm fail with a 503. */
  readonly isDown?: (arm: Arm, round: number, index: number) => boolean
  /** What is otherwise with the record of a request. */
  readonly differs?: (index: number) => Partial<RequestRecord>
  readonly conditions?: (round: number) => Partial<Conditions>
  /** What comes of waiting for the endpoint, by how often that was asked before. */
  readonly opened?: (asked: number) => Opened
  readonly stopped?: (round: number) => Measurement['stopped']
}

export type MemoryWorld = {
  readonly ports: Ports
  readonly plans: Plan[]
  readonly steps: string[]
  /** Pauses, in ms: nothing sleeps. */
  readonly waits: number[]
  readonly opens: OpenRequest[]
  readonly stored: StoredRun[]
  readonly epochs: Epoch[]
  /** From the next round on. */
  obey(law: Law): void
  /** The same world so far, with a future of its own. */
  copy(): MemoryWorld
}

type Past = Pick<MemoryWorld, 'plans' | 'steps' | 'waits' | 'opens' | 'stored' | 'epochs'> & {
  readonly clock: number
  readonly ids: number
}

const NO_PAST: Past = {
  clock: 0,
  ids: 0,
  plans: [],
  steps: [],
  waits: [],
  opens: [],
  stored: [],
  epochs: [],
}

const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2026, 10, 20, 12)
const SIGMA = 0.2

export function memoryWorld(seed = 1, past = NO_PAST): MemoryWorld {
  let law: Law = {}
  let { clock, ids } = past
  const plans = [...past.plans]
  const steps = [...past.steps]
  const waits = [...past.waits]
  const opens = [...past.opens]
  const stored = [...past.stored]
  const epochs = [...past.epochs]
  let first = plans.length
  const nowIso = () => new Date(START_MS + clock * HOUR_MS).toISOString()
  const ports: Ports = {
    store: {
      place: 'memory',
      read: async () => ({
        runs: [...stored],
        epochs: [...epochs],
        unreadable: [],
        place: 'memory',
      }),
      append: async (additions) => {
        for (const { runs, epochs: opened } of additions) {
          stored.push(...runs)
          epochs.push(...opened)
        }
        return { stored: true, attempts: 1 }
      },
    },
    wait: async (ms) => void waits.push(ms),
    nowIso,
    newRunId: () => {
      clock += 1
      ids += 1
      return runId(START_MS + clock * HOUR_MS, ids)
    },
    announce: (step) => void steps.push(step),
    open: async (request) => {
      opens.push(request)
      return law.opened?.(opens.length - 1) ?? { records: [] }
    },
    measure: async (plan) => {
      const round = plans.length
      plans.push(plan)
      return measured(plan, { law, round: round - first, random: randomFrom(seed * 1000 + round) })
    },
  }
  return {
    ports,
    plans,
    steps,
    waits,
    opens,
    stored,
    epochs,
    obey: (next) => {
      law = next
      first = plans.length
    },
    copy: () => memoryWorld(seed, { clock, ids, plans, steps, waits, opens, stored, epochs }),
  }
}

type Answering = { readonly law: Law; readonly round: number; readonly random: () => number }

function measured(plan: Plan, answering: Answering): Measurement {
  const { law, round } = answering
  const stopped = law.stopped?.(round)
  const answered = (warmup: boolean) =>
    stopped === undefined
      ? plan.requests.filter((one) => one.warmup === warmup).map((one) => answerTo(one, answering))
      : []
  const records = answered(false)
  const warmup = answered(true)
  return {
    records,
    warmup,
    aborted: [],
    conditions: { ...QUIET, measuredRequests: records.length, ...law.conditions?.(round) },
    reportedModels: { candidate: [], reference: [] },
    totalMs: tookMs(warmup, plan) + tookMs(records, plan),
    stopped,
  }
}

/** As long as the requests keep the plan's workers busy. */
function tookMs(records: readonly RequestRecord[], { load }: Plan): number {
  const workers = load.kind === 'closed' ? load.concurrency : 1
  return records.reduce((sum, { startedMs, endMs }) => sum + endMs - startedMs, 0) / workers
}

function answerTo(asked: PlannedRequest, { law, round, random }: Answering): RequestRecord {
  const { index, arm, kind, prompt, promptClass, pair, maxOutputTokens } = asked
  const same = {
    arm,
    kind,
    prompt,
    promptClass,
    maxOutputTokens,
    pair,
  }
  if (law.isDown?.(arm, round, index) === true) {
    return failure(index, { ...same, outcome: 'http-5xx', status: 503 })
  }
  const takes = kind === 'probe' ? (law.probesTake ?? 1) : 1
  const ttftMs = takes * (law.medianMs?.(arm, round) ?? 100) * Math.exp(SIGMA * normal(random))
  const firstTokenMs = 1 + ttftMs
  const lastTokenMs = kind === 'probe' ? firstTokenMs : firstTokenMs + 90
  return answer(index, {
    ...same,
    firstTokenMs,
    firstOutputTokenMs: firstTokenMs,
    lastTokenMs,
    endMs: lastTokenMs + 1,
    ...(kind === 'probe' ? PROBED : {}),
    ...law.differs?.(index),
  })
}

const PROBED: Partial<RequestRecord> = {
  gapsMs: [],
  tokenEvents: 1,
  tokenReads: 1,
  usage: serverUsage({ inputTokens: 100, outputTokens: 1 }),
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

export const CONFIG = `gates:
  chat:
    endpoint: {url: "https://candidate.example/v1", model: m}
    reference: {url: "https://reference.example/v1"}
    workload: {requests: 100, concurrency: 4}
    limits:
      ttft_p50: {increase: 10%, must_detect: 20%}
    prices: {input: $0.60/M, output: $2.40/M}
budget: {cost: $5.00, duration: 30m, requests: 5000}
`

export function configOf(text: string): Config {
  const parsed = parseConfig({ file: 'gate.yml', text, files: new Map(), env: {} })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed.config
}

/** The first gate of a config, without a reference arm unless one is asked for. */
export function requestOf(text = CONFIG, more: Partial<GateRequest> = {}): GateRequest {
  const { gates, budget, baseline } = configOf(text)
  const [gate] = gates
  if (gate === undefined) throw new Error('the config has no gate')
  const { costUsd, durationMs, requests } = budget
  return {
    gate,
    baseline,
    context: {},
    provenance: {},
    allowance: { costUsd, durationMs, requests },
    ...more,
  }
}

export function withReference(request: GateRequest): GateRequest {
  const { reference } = request.gate
  if (reference.kind !== 'endpoint') throw new Error('the gate names no reference')
  return { ...request, reference: reference.endpoint }
}
