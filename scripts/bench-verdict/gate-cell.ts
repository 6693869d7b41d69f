// A gate as it is run for a pull request, on memory ports: the history measured day by day, then the
// project's own sentence with its pairs, budget and second measurement. Nothing of it is repeated here.

import { parseConfig } from '../../src/config/config.ts'
import { measureShard, runGate } from '../../src/gate/gate.ts'
import type { Config } from '../../src/model/config.ts'
import type { Confirmation } from '../../src/model/effort.ts'
import type { GateRequest, GateRun } from '../../src/model/ports.ts'
import { type MemoryEndpoint, memoryEndpoint } from './memory-endpoint.ts'
import { type Draws, drawsOf, type Effect } from './scenarios.ts'
import {
  countGate,
  countMetrics,
  limitsOf,
  newTallies,
  newTally,
  scenarioOf,
  steadyScenario,
  type Tally,
} from './setting.ts'

export type GateCell = {
  readonly kind: 'gate'
  readonly scenario: string | { readonly tau: number; readonly errors: number }
  /** What the config says beside endpoint and prices: nothing is the default gate. */
  readonly workload?: string
  /** Metrics with the benchmark's own limits. Absent = the default limits. */
  readonly metrics?: readonly string[]
  /** Absent = the default budget. */
  readonly mostRequests?: number
  readonly reference: 'available' | 'none'
  readonly runs: number
  readonly effects: readonly Effect[]
  /** True standard deviation between two deployments of the same thing. */
  readonly deployment: number
  /** How often the provider hangs for the minute of the first measurement: half as slow again. */
  readonly hangs?: number
  readonly confirm: boolean
  readonly replications: number
  readonly seed: number
}

export type GateCount = {
  readonly gate: Tally
  readonly metrics: Readonly<Record<string, Tally>>
  /** Fails of the first measurement, and those that a second one was asked for. */
  readonly firstFails: number
  readonly confirmations: Readonly<Partial<Record<Confirmation, number>>>
  /** Means over the replications, second measurements included. */
  readonly requests: number
  readonly usd: number
  readonly seconds: number
  readonly measurements: number
}

export type GateCellResult = { readonly gateCell: GateCell; readonly counts: readonly GateCount[] }

export async function runGateCell(cell: GateCell): Promise<GateCellResult> {
  const draws = drawsOf(cell.seed)
  const { gate, budget, baseline, confirmAfterMs } = configOf(cell)
  const metrics = gate.limits.map(({ metric }) => metric)
  const counts = cell.effects.map(() => newCount(metrics))
  const request: GateRequest = {
    gate,
    reference: cell.reference === 'available' ? { ...gate.endpoint, url: REFERENCE } : undefined,
    baseline: { ...baseline, keep: Math.max(baseline.keep, cell.runs) },
    context: {},
    provenance: {},
    allowance: budget,
    confirmAfterMs: cell.confirm ? confirmAfterMs : undefined,
  }
  for (let repeat = 0; repeat < cell.replications; repeat += 1) {
    const world = memoryEndpoint(scenarioOfCell(cell), draws)
    for (let run = 0; run < cell.runs; run += 1) await record(world, request)
    for (const [index, effect] of cell.effects.entries()) {
      const count = counts[index]
      if (count !== undefined) await judged(world, request, { cell, effect, draws, count })
    }
  }
  return { gateCell: cell, counts: counts.map((count) => meansOf(count, cell.replications)) }
}

const REFERENCE = 'https://reference.example/v1'

function scenarioOfCell({ scenario }: GateCell) {
  return typeof scenario === 'string' ? scenarioOf(scenario) : steadyScenario(scenario)
}

function configOf({ workload, metrics, mostRequests }: GateCell) {
  const text = `gates:
  chat:
    endpoint: {url: "https://candidate.example/v1", model: m}
    workload: {prompts: [${PROMPTS}]${workload === undefined ? '' : `, ${workload}`}}
    prices: {input: $0.60/M, output: $2.40/M}
${mostRequests === undefined ? '' : `budget: {cost: $100, duration: 10h, requests: ${mostRequests}}`}
`
  const parsed = parseConfig({ file: 'gate.yml', text, files: new Map(), env: {} })
  if (!parsed.ok) throw new TypeError(JSON.stringify(parsed.issues))
  return onlyGate(parsed.config, metrics)
}

/** One prompt for each class of the scenarios. */
const PROMPTS = ['a', 'b', 'c', 'd']
  .map((name) => `{name: ${name}, class: ${name}, prompt: ${name}}`)
  .join(', ')

function onlyGate({ gates, ...config }: Config, metrics: readonly string[] | undefined) {
  const [gate] = gates
  if (gate === undefined) throw new TypeError('the config has no gate')
  return { ...config, gate: metrics === undefined ? gate : { ...gate, limits: limitsOf(metrics) } }
}

async function record(world: MemoryEndpoint, request: GateRequest): Promise<void> {
  world.nextDay({ effect: { name: 'recorded' } })
  const { runs } = await measureShard(request, world.ports)
  world.stored.push(...runs.map((run) => ({ run, standing: 'accepted' as const })))
}

type Counting = {
  readonly cell: GateCell
  readonly effect: Effect
  readonly draws: Draws
  readonly count: Counted
}

async function judged(world: MemoryEndpoint, request: GateRequest, on: Counting): Promise<void> {
  const { cell, effect, draws, count } = on
  const { uniform, normal } = draws
  world.nextDay({
    effect,
    candidate: cell.deployment * normal(),
    reference: cell.deployment * normal(),
    hanging: cell.hangs !== undefined && uniform() < cell.hangs ? Math.log(1.5) : 0,
  })
  add(count, await runGate(request, world.ports), world.waitedMs())
}

type Counted = {
  gate: Tally
  metrics: Record<string, Tally>
  firstFails: number
  confirmations: Partial<Record<Confirmation, number>>
  requests: number
  usd: number
  seconds: number
  measurements: number
}

function newCount(metrics: readonly string[]): Counted {
  return {
    gate: newTally(),
    metrics: newTallies(metrics),
    firstFails: 0,
    confirmations: {},
    requests: 0,
    usd: 0,
    seconds: 0,
    measurements: 0,
  }
}

function add(count: Counted, { result, used }: GateRun, waitedMs: number): void {
  if (result.verdict === 'invalid') throw new TypeError('a measurement in memory is void')
  countGate(count.gate, { verdict: result.verdict, metrics: result.metrics })
  countMetrics(count.metrics, { verdict: result.verdict, metrics: result.metrics })
  const { confirmation } = result.effort
  if (result.verdict === 'failed' || confirmation !== undefined) count.firstFails += 1
  if (confirmation !== undefined) {
    count.confirmations[confirmation] = (count.confirmations[confirmation] ?? 0) + 1
  }
  count.requests += used.requests
  count.usd += used.costUsd
  count.seconds += (used.durationMs + waitedMs) / 1000
  if (confirmation !== 'confirmed' && confirmation !== 'not-confirmed') return
  count.measurements += 1
}

function meansOf(count: Counted, replications: number): GateCount {
  const per = (total: number) => total / replications
  return {
    ...count,
    requests: per(count.requests),
    usd: per(count.usd),
    seconds: per(count.seconds),
  }
}
