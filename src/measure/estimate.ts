// What a plan will take before it is carried out, by earlier runs or by what one answer and one first-token
// probe have taken in this job, held against what the budget allows.

import type { Gate, Load, Prices } from '../model/config.ts'
import { openingOf } from '../model/opening.ts'
import type {
  Allowance,
  Estimate,
  Plan,
  PlannedRequest,
  UnitCost,
  UnitCosts,
} from '../model/plan.ts'
import type { RequestRecord } from '../model/request-record.ts'
import { isCompletedAnswer } from '../model/request-record.ts'
import type { Invalidity, Run } from '../model/run.ts'
import { CHARACTERS_PER_TOKEN } from '../model/token-length.ts'
import { waitMs } from '../model/wait.ts'
import { plannedCharacters } from './growing-input.ts'
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
  const perMsUsd = timeUsd(prices, 1) ?? 0
  if (perMsUsd <= 0) return allowance
  const paidMs = allowance.costUsd / perMsUsd
  return { ...allowance, durationMs: Math.min(allowance.durationMs, paidMs) }
}

/** Undefined where it is not by time that is paid. */
function timeUsd(prices: Prices, ms: number): number | undefined {
  return prices.kind === 'gpu-hour' ? gpuTimeUsd(prices, ms) : undefined
}

/** The means of completed answers, for the next estimate. Members without a value are absent. */
export function pastOf(records: readonly RequestRecord[]): Past {
  const answers = records.filter(isCompletedAnswer)
  const mean = (read: (record: RequestRecord) => number | undefined) =>
    meanOf(answers.map(read).filter((value) => value !== undefined))
  return {
    meanInputTokens: mean((record) => record.usage?.inputTokens),
    meanOutputTokens: mean((record) => record.usage?.outputTokens),
    meanAnswerMs: mean(lasted),
    meanTtftMs: mean(waitMs),
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
    return durationMs === undefined ? undefined : timeUsd(prices, durationMs)
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

/** A probe that was never sent is taken to last until the first token and to cost its prompt. */
export function unitCostsOf(run: Run, prices: Prices, load: Load): UnitCosts {
  const answers = run.records.filter(({ kind }) => kind === 'answer')
  const probes = run.records.filter(({ kind }) => kind === 'probe')
  const each = requestsEach(run.records)
  const talks = each > 1 ? { requestsEach: each } : {}
  const answering = meanOf(answers.map(lasted)) ?? meanOf(probes.map(lasted)) ?? 0
  const answerMs = answering + thinkingMs(run.records)
  const probeMs =
    meanOf(probes.map(lasted)) ??
    meanOf(answers.flatMap((record) => waitMs(record) ?? [])) ??
    answerMs
  const priced = (ms: number, usd: number | undefined): UnitCost =>
    usd === undefined ? { ms } : { usd, ms }
  if (prices.kind === 'gpu-hour') {
    const usdOf = (ms: number) => timeUsd(prices, apartMs({ load, requestsEach: each }, ms))
    return {
      answer: priced(answerMs, usdOf(answerMs)),
      probe: priced(probeMs, usdOf(probeMs)),
      load,
      ...talks,
    }
  }
  return {
    answer: priced(answerMs, meanOf(costsOf(run, 'answer'))),
    probe: priced(probeMs, meanOf(costsOf(run, 'probe')) ?? promptUsd(answers, prices)),
    load,
    ...talks,
  }
}

/** What each further request adds to a run's length: open loops send by the clock. */
function apartMs({ load, requestsEach = 1 }: Pick<UnitCosts, 'load' | 'requestsEach'>, ms: number) {
  if (load.kind === 'closed') return ms / load.concurrency
  return 1000 / load.ratePerSecond / requestsEach
}

/** Of what came by itself. */
function requestsEach(records: readonly RequestRecord[]): number {
  const arrivals = records.filter(({ turn = 1 }) => turn === 1).length
  return arrivals === 0 ? 1 : records.length / arrivals
}

/** The time between a conversation's turns, which keeps its worker as well, by request. */
function thinkingMs(records: readonly RequestRecord[]): number {
  const endMs = new Map<string, number>()
  let sum = 0
  for (const { arm, conversation, turn, startedMs, endMs: ended } of records) {
    if (conversation === undefined || turn === undefined) continue
    const before = turn > 1 ? endMs.get(`${arm} ${conversation}`) : undefined
    sum += before === undefined ? 0 : Math.max(0, startedMs - before)
    endMs.set(`${arm} ${conversation}`, ended)
  }
  return records.length === 0 ? 0 : sum / records.length
}

/** What a further round will take at these prices and durations, its warm-up included. */
export function estimateByUnits(plan: Plan, seen: UnitCosts): Estimate {
  const usd = plan.requests.map(({ kind }) => seen[kind].usd)
  const isKnown = usd.every((each) => each !== undefined)
  return {
    requests: plan.requests.length,
    costUsd: isKnown ? usd.reduce((sum, each) => sum + each, 0) : undefined,
    durationMs: lengthMs(plan, seen),
  }
}

/** The warm-up is sent all at once and lasts one request; an open loop's last one ends later. */
function lengthMs({ requests }: Plan, seen: UnitCosts): number {
  const { load, requestsEach: each = 1 } = seen
  const longest = (of: readonly PlannedRequest[]) =>
    Math.max(0, ...of.map(({ kind }) => seen[kind].ms))
  const warmup = requests.filter((request) => request.warmup)
  const measured = requests.filter((request) => !request.warmup)
  const arms = new Set(measured.map(({ arm }) => arm)).size
  return load.kind === 'closed'
    ? longest(warmup) + measured.reduce((sum, { kind }) => sum + apartMs(seen, seen[kind].ms), 0)
    : longest(warmup) + (measured.length * apartMs(seen, 0)) / arms + longest(measured) * each
}

function lasted({ startedMs, endMs }: RequestRecord): number {
  return endMs - startedMs
}

function costsOf(run: Run, kind: RequestRecord['kind']): readonly number[] {
  return run.costsUsd.filter((_, position) => run.records[position]?.kind === kind)
}

function promptUsd(answers: readonly RequestRecord[], prices: Prices): number | undefined {
  const inputTokens = meanOf(answers.flatMap(({ usage }) => usage?.inputTokens ?? []))
  if (prices.kind !== 'tokens' || inputTokens === undefined) return undefined
  return prices.request + prices.input * inputTokens + prices.output
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length
}
