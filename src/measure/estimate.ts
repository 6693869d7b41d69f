// What a plan will take, before it is carried out, held against what the budget allows.

import type { Gate, Prices } from '../model/config.ts'
import { openingOf } from '../model/opening.ts'
import type { Allowance, Estimate, Plan, PlannedRequest } from '../model/plan.ts'
import type { RequestRecord } from '../model/request-record.ts'
import type { Invalidity } from '../model/run.ts'
import { ttftMs } from '../model/ttft.ts'
import { CHARACTERS_PER_TOKEN, plannedCharacters } from './growing-input.ts'
import { planWorkload } from './plan/plan.ts'
import { gpuTimeUsd } from './price/price.ts'

/** What earlier runs of the same load shape took, on average, over completed answers. */
export type Past = {
  readonly meanInputTokens?: number
  readonly meanOutputTokens?: number
  readonly meanAnswerMs?: number
  readonly meanTtftMs?: number
}

/** Tokens a chat template adds, where nothing better is known. */
const TEMPLATE_TOKENS = 8

/**
 * Without a past the output is taken at its limit, so the cost errs upwards; how long an answer
 * takes is then unknown and so is the duration, except that an open loop lasts at least as long as
 * its arrivals.
 */
export function estimate(plan: Plan, prices: Prices, past: Past = {}): Estimate {
  const durationMs = estimateDurationMs(plan, past)
  const costUsd = estimateCostUsd(plan, prices, { past, durationMs })
  return {
    requests: everyRequest(plan).length,
    costUsd,
    durationMs,
  }
}

/** What the requests that a gate plans will take, warm-up included. */
export function estimateOfPlan(
  gate: Pick<Gate, 'workload' | 'prices' | 'endpoint' | 'limits'>,
  past?: Past,
): Estimate {
  const { workload, prices } = gate
  const { requests, probes, warmup } = workload
  const opening = openingOf(gate)?.asks
  const size = { arms: 'candidate', requests, probes, warmup, opening, round: 0 } as const
  return estimate(planWorkload(workload, { ...size, nonce: 'estimate' }), prices, past)
}

function everyRequest({ opening, requests }: Plan): readonly PlannedRequest[] {
  return opening === undefined ? requests : [opening, ...requests]
}

/** What the budget forbids of a plan; nothing where it fits as far as is known. */
export function checkBudget(planned: Estimate, allowance: Allowance): Invalidity | undefined {
  const over = (what: 'requests' | 'cost' | 'duration', needed = 0, allowed: number) =>
    needed > allowed * ROUNDING
      ? { kind: 'budget' as const, what, allowed, needed, measured: 0 }
      : undefined
  return (
    over('requests', planned.requests, allowance.requests) ??
    over('cost', planned.costUsd, allowance.costUsd) ??
    over('duration', planned.durationMs, allowance.durationMs)
  )
}

/** What just fits does not fail by the last bit of a sum. */
const ROUNDING = 1 + 1e-9

/** By GPU hour money is time: the allowance with its duration cut to what the money buys. */
export function allowanceFor(prices: Prices, allowance: Allowance): Allowance {
  if (prices.kind !== 'gpu-hour' || prices.usdPerHour * prices.gpus <= 0) return allowance
  const paidMs = allowance.costUsd / gpuTimeUsd(prices, 1)
  return { ...allowance, durationMs: Math.min(allowance.durationMs, paidMs) }
}

/** The means of completed answers, for the next estimate. Members without a value are absent. */
export function pastOf(records: readonly RequestRecord[]): Past {
  const answers = records.filter(
    (record) => record.kind === 'answer' && record.outcome === 'completed',
  )
  const mean = (read: (record: RequestRecord) => number | undefined) =>
    meanOf(answers.map(read).filter((value) => value !== undefined))
  return {
    meanInputTokens: mean((record) => record.usage?.inputTokens),
    meanOutputTokens: mean((record) => record.usage?.outputTokens),
    meanAnswerMs: mean((record) => record.endMs - record.startedMs),
    meanTtftMs: mean(ttftMs),
  }
}

function estimateDurationMs(plan: Plan, past: Past): number | undefined {
  const arrivalsMs = plan.requests.reduce(
    (last, { intendedMs = 0 }) => Math.max(last, intendedMs),
    0,
  )
  const { meanAnswerMs, meanTtftMs = past.meanAnswerMs } = past
  if (meanAnswerMs === undefined || meanTtftMs === undefined) {
    const thinking = longestErrand(plan.requests, ({ turn }) => turn?.thinkMs ?? 0)
    return plan.load.kind === 'open' ? arrivalsMs + thinking : undefined
  }
  const timeOf = ({ kind, turn }: PlannedRequest) =>
    (kind === 'probe' ? meanTtftMs : meanAnswerMs) + (turn?.thinkMs ?? 0)
  const totalOf = (requests: readonly PlannedRequest[]) =>
    requests.reduce((sum, request) => sum + timeOf(request), 0)
  const warmup = plan.requests.filter((request) => request.warmup)
  const measured = plan.requests.filter((request) => !request.warmup)
  const warmupMs = Math.max(0, ...warmup.map(timeOf))
  return plan.load.kind === 'open'
    ? warmupMs + arrivalsMs + longestErrand(measured, timeOf)
    : warmupMs + totalOf(measured) / plan.load.concurrency
}

/** A request, or the turns of a conversation one after the other: what the last arrival still takes. */
function longestErrand(
  requests: readonly PlannedRequest[],
  timeOf: (request: PlannedRequest) => number,
): number {
  const lengths = new Map<string, number>()
  for (const request of requests) {
    const { arm, index, turn } = request
    const key = turn === undefined ? `single ${index}` : `${arm} ${turn.conversation}`
    lengths.set(key, (lengths.get(key) ?? 0) + timeOf(request))
  }
  return [...lengths.values()].reduce((longest, ms) => Math.max(longest, ms), 0)
}

function estimateCostUsd(
  plan: Plan,
  prices: Prices,
  known: { readonly past: Past; readonly durationMs: number | undefined },
): number | undefined {
  if (prices.kind === 'none') return undefined
  if (prices.kind === 'gpu-hour') {
    const { durationMs } = known
    if (durationMs === undefined) return undefined
    return gpuTimeUsd(prices, durationMs)
  }
  const { meanInputTokens, meanOutputTokens = Number.POSITIVE_INFINITY } = known.past
  const outputTokens = ({ maxOutputTokens }: PlannedRequest) =>
    Math.min(meanOutputTokens, maxOutputTokens)
  const requests = everyRequest(plan)
  const characters = plannedCharacters(requests, outputTokens)
  return requests.reduce((sum, request, position) => {
    const input = meanInputTokens ?? inputTokens(characters[position] ?? 0)
    return sum + prices.request + input * prices.input + outputTokens(request) * prices.output
  }, 0)
}

function inputTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN) + TEMPLATE_TOKENS
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length
}
