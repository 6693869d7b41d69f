// What a plan will take, before it is carried out, held against what the budget allows.

import type { Gate, Prices } from '../model/config.ts'
import { openingOf } from '../model/opening.ts'
import {
  type Allowance,
  type Estimate,
  inputCharactersOf,
  type Plan,
  type PlannedRequest,
} from '../model/plan.ts'
import type { RequestRecord } from '../model/request-record.ts'
import type { Invalidity } from '../model/run.ts'
import { ttftMs } from '../model/ttft.ts'
import { planWorkload } from './plan/plan.ts'
import { gpuTimeUsd } from './price/price.ts'

/** What earlier runs of the same load shape took, on average, over completed answers. */
export type Past = {
  readonly meanInputTokens?: number
  readonly meanOutputTokens?: number
  readonly meanAnswerMs?: number
  readonly meanTtftMs?: number
}

/** Characters of a token, and tokens a chat template adds, where nothing better is known. */
const CHARACTERS_PER_TOKEN = 4
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
    return plan.load.kind === 'open' ? arrivalsMs : undefined
  }
  const timeOf = ({ kind }: PlannedRequest) => (kind === 'probe' ? meanTtftMs : meanAnswerMs)
  const totalOf = (requests: readonly PlannedRequest[]) =>
    requests.reduce((sum, request) => sum + timeOf(request), 0)
  const warmup = plan.requests.filter((request) => request.warmup)
  const measured = plan.requests.filter((request) => !request.warmup)
  const warmupMs = Math.max(0, ...warmup.map(timeOf))
  return plan.load.kind === 'open'
    ? warmupMs + arrivalsMs + meanAnswerMs
    : warmupMs + totalOf(measured) / plan.load.concurrency
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
  return everyRequest(plan).reduce((sum, request) => {
    const input = known.past.meanInputTokens ?? inputTokens(request)
    const output = Math.min(
      known.past.meanOutputTokens ?? request.maxOutputTokens,
      request.maxOutputTokens,
    )
    return sum + prices.request + input * prices.input + output * prices.output
  }, 0)
}

function inputTokens(request: PlannedRequest): number {
  const characters = inputCharactersOf(request)
  return Math.ceil(characters / CHARACTERS_PER_TOKEN) + TEMPLATE_TOKENS
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length
}
