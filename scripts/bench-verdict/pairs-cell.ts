// The planned requests first, then whatever `nextStep` plans to settle what is open, as the pipeline
// does: pairs against a reference arm, or more requests without one.

import { type ComparisonInput, compare } from '../../src/judge/compare/compare.ts'
import { type Decision, decide } from '../../src/judge/decide/decide.ts'
import { looksAhead, nextStep, type Situation } from '../../src/judge/next-step/next-step.ts'
import type { Paired } from '../../src/model/comparison.ts'
import { DEPLOYMENT_SPREAD } from '../../src/model/verdict-policy.ts'
import {
  type Draws,
  drawRequests,
  drawState,
  drawsOf,
  type Effect,
  INPUT_USD,
  OUTPUT_USD,
  type Requests,
  type Scenario,
  summaryOf,
} from './scenarios.ts'
import {
  countGate,
  countMetrics,
  drawHistory,
  limitsOf,
  newTallies,
  newTally,
  scenarioOf,
  type Tally,
  UNCHANGED,
} from './setting.ts'

export type PairsCell = {
  readonly kind: 'pairs'
  readonly scenario: string
  readonly requests: number
  readonly runs: number
  /** Without a reference arm, twice as many more requests may be sent. */
  readonly mostPairs: number
  readonly reference: 'available' | 'none'
  readonly metrics: readonly string[]
  readonly effect: Effect
  /** True standard deviation between two deployments of the same thing. */
  readonly deployment: number
  readonly replications: number
  readonly seed: number
}

export type PairsResult = {
  readonly cell: PairsCell
  readonly gate: Tally
  readonly metrics: Readonly<Record<string, Tally>>
  /** Means over the replications. */
  readonly requests: number
  readonly usd: number
  readonly seconds: number
}

const CONCURRENCY = 4
/** 64 tokens at 50 a second after the first one. */
const TOKENS_MS = 64 * 20

export function runPairs(cell: PairsCell): PairsResult {
  const scenario = scenarioOf(cell.scenario)
  const draws = drawsOf(cell.seed)
  const gate = newTally()
  const metrics = newTallies(cell.metrics)
  const spent = { requests: 0, usd: 0, ms: 0 }
  for (let repeat = 0; repeat < cell.replications; repeat += 1) {
    const { decision, cost } = escalate(cell, scenario, draws)
    countGate(gate, decision)
    countMetrics(metrics, decision)
    spent.requests += cost.requests
    spent.usd += cost.usd
    spent.ms += cost.ms
  }
  const per = (total: number) => total / cell.replications
  return {
    cell,
    gate,
    metrics,
    requests: per(spent.requests),
    usd: per(spent.usd),
    seconds: per(spent.ms) / CONCURRENCY / 1000,
  }
}

type Spent = { requests: number; usd: number; ms: number }

/** The planned requests first, then pairs as `nextStep` plans them, as the pipeline does. */
function escalate(
  cell: PairsCell,
  scenario: Scenario,
  draws: Draws,
): { readonly decision: Decision; readonly cost: Spent } {
  const limits = limitsOf(cell.metrics)
  const history = drawHistory(scenario, cell, draws)
  const now = drawState(scenario, draws)
  const arms = {
    candidate: cell.deployment * draws.normal(),
    reference: cell.deployment * draws.normal(),
  }
  const planned = drawRequests(
    scenario,
    { ...now, level: now.level + arms.candidate },
    { count: cell.requests + (cell.reference === 'none' ? 2 * cell.mostPairs : 0) },
    draws,
  )
  const first = { from: 0, to: cell.requests, kind: 'answer' as const }
  const candidate = summaryOf(planned, cell.effect, draws, first)
  const cost = { requests: 0, usd: 0, ms: 0 }
  addCost(cost, planned, first)
  const shared = { candidate, history, anchor: [], limits, shown: [] }
  let looks = looksAhead(cell.reference)
  let comparison = compare({ ...shared, looks })
  let decision = decide(comparison)
  let pairs = { taken: 0, planned: 0 }
  const drawn = drawArms(scenario, { now, arms, most: cell.mostPairs }, draws)
  for (let look = 0; look < 8; look += 1) {
    const step = nextStep(situationOf(cell, { comparison, decision, looks, pairs }))
    if (step.kind === 'stop' && step.looks !== undefined) {
      decision = decide(compare({ ...shared, looks: step.looks }))
    }
    if (step.kind === 'stop') break
    if (step.kind === 'requests') {
      const added = { from: cell.requests, to: cell.requests + step.add, kind: step.request }
      addCost(cost, planned, added)
      const longer = summaryOf(planned, cell.effect, draws, { ...first, to: added.to })
      looks = step.looks
      comparison = compare({ ...shared, candidate: longer, looks })
      decision = decide(comparison)
      continue
    }
    const part = { from: pairs.taken, to: step.pairs.taken, kind: step.request }
    addCost(cost, drawn.candidate, part)
    addCost(cost, drawn.reference, part)
    pairs = step.pairs
    looks = step.looks
    const paired = pairedOf(cell, drawn, { taken: pairs.taken, kind: step.request }, draws)
    const input: ComparisonInput = {
      ...shared,
      looks,
      paired: { ...paired, metrics: step.metrics },
    }
    comparison = compare(input)
    decision = decide(comparison)
  }
  return { decision, cost }
}

function situationOf(
  cell: PairsCell,
  state: Pick<Situation, 'comparison' | 'decision' | 'looks' | 'pairs'>,
): Situation {
  return {
    ...state,
    reference: cell.reference,
    differs: DEPLOYMENT_SPREAD,
    allowance: {
      requests: 2 * (cell.mostPairs - state.pairs.taken),
      costUsd: Number.POSITIVE_INFINITY,
      durationMs: Number.POSITIVE_INFINITY,
    },
    seen: {
      answer: { usd: INPUT_USD + OUTPUT_USD, ms: 500 + TOKENS_MS },
      probe: { usd: INPUT_USD, ms: 500 },
      load: { kind: 'closed', concurrency: CONCURRENCY },
    },
    warmup: 0,
    probes: 'usable',
  }
}

type Arms = { readonly candidate: Requests; readonly reference: Requests }

/** One chain of requests in time, the arms in random order within each pair, drifting slowly. */
function drawArms(
  scenario: Scenario,
  plan: {
    readonly now: ReturnType<typeof drawState>
    readonly arms: { readonly candidate: number; readonly reference: number }
    readonly most: number
  },
  draws: Draws,
): Arms {
  const chain = drawRequests(
    scenario,
    plan.now,
    { count: 2 * plan.most, classOf: (i) => (i >> 1) % scenario.classes },
    draws,
  )
  const make = (): Requests => ({
    ttft: new Float64Array(plan.most),
    classes: new Int8Array(plan.most),
    usd: new Float64Array(plan.most),
  })
  const made = { candidate: make(), reference: make() }
  let drift = 0
  for (let pair = 0; pair < plan.most; pair += 1) {
    drift += (scenario.tau / 20) * draws.normal()
    const first = draws.uniform() < 0.5 ? 0 : 1
    for (const [arm, at] of [
      ['candidate', 2 * pair + first],
      ['reference', 2 * pair + 1 - first],
    ] as const) {
      made[arm].ttft[pair] = (chain.ttft[at] ?? 0) * Math.exp(plan.arms[arm] + drift)
      made[arm].classes[pair] = chain.classes[at] ?? 0
      made[arm].usd[pair] = chain.usd[at] ?? 0
    }
  }
  return made
}

function pairedOf(
  cell: PairsCell,
  drawn: Arms,
  part: { readonly taken: number; readonly kind: 'answer' | 'probe' },
  draws: Draws,
): Paired {
  const range = { from: 0, to: part.taken, kind: part.kind }
  const factor = cell.effect.latency ?? 1
  const lost = (ms: number) => (ms === 0 ? Number.POSITIVE_INFINITY : ms)
  return {
    candidate: summaryOf(drawn.candidate, cell.effect, draws, range),
    reference: summaryOf(drawn.reference, UNCHANGED, draws, range),
    differs: DEPLOYMENT_SPREAD,
    pairs: {
      ttft: Array.from({ length: part.taken }, (_, pair) => [
        lost((drawn.candidate.ttft[pair] ?? 0) * factor),
        lost(drawn.reference.ttft[pair] ?? 0),
      ]),
    },
  }
}

function addCost(
  cost: Spent,
  requests: Requests,
  part: { readonly from: number; readonly to: number; readonly kind: 'answer' | 'probe' },
): void {
  for (let i = part.from; i < part.to; i += 1) {
    const ms = requests.ttft[i] ?? 0
    cost.requests += 1
    if (ms === 0) continue
    cost.ms += part.kind === 'answer' ? ms + TOKENS_MS : ms
    cost.usd += part.kind === 'answer' ? (requests.usd[i] ?? 0) : INPUT_USD
  }
}
