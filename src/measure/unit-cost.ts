// What one answer and one first-token probe have taken so far in money and time: the basis for what
// the rest of a budget can buy.

import type { Load, Prices } from '../model/config.ts'
import type { Estimate, Plan, PlannedRequest, UnitCost, UnitCosts } from '../model/plan.ts'
import type { RequestRecord } from '../model/request-record.ts'
import type { Run } from '../model/run.ts'
import { ttftMs } from '../model/ttft.ts'
import { gpuTimeUsd } from './price/price.ts'

/** A probe that was never sent is taken to last until the first token and to cost its prompt. */
export function unitCostsOf(run: Run, prices: Prices, load: Load): UnitCosts {
  const answers = run.records.filter(({ kind }) => kind === 'answer')
  const probes = run.records.filter(({ kind }) => kind === 'probe')
  const answerMs = mean(answers.map(durationMs)) ?? mean(probes.map(durationMs)) ?? 0
  const probeMs =
    mean(probes.map(durationMs)) ??
    mean(answers.flatMap((record) => ttftMs(record) ?? [])) ??
    answerMs
  const priced = (ms: number, usd: number | undefined): UnitCost =>
    usd === undefined ? { ms } : { usd, ms }
  if (prices.kind === 'gpu-hour') {
    const usdOf = (ms: number) => gpuTimeUsd(prices, apartMs(load, ms))
    return {
      answer: priced(answerMs, usdOf(answerMs)),
      probe: priced(probeMs, usdOf(probeMs)),
      load,
    }
  }
  return {
    answer: priced(answerMs, mean(costsOf(run, 'answer'))),
    probe: priced(probeMs, mean(costsOf(run, 'probe')) ?? promptUsd(answers, prices)),
    load,
  }
}

/** What each further request adds to a run's length: open loops send by the clock. */
function apartMs(load: Load, ms: number): number {
  return load.kind === 'closed' ? ms / load.concurrency : 1000 / load.ratePerSecond
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
  const { load } = seen
  const longest = (of: readonly PlannedRequest[]) =>
    Math.max(0, ...of.map(({ kind }) => seen[kind].ms))
  const warmup = requests.filter((request) => request.warmup)
  const measured = requests.filter((request) => !request.warmup)
  const arms = new Set(measured.map(({ arm }) => arm)).size
  return load.kind === 'closed'
    ? longest(warmup) + measured.reduce((sum, { kind }) => sum + apartMs(load, seen[kind].ms), 0)
    : longest(warmup) + (measured.length * apartMs(load, 0)) / arms + longest(measured)
}

function durationMs({ startedMs, endMs }: RequestRecord): number {
  return endMs - startedMs
}

function costsOf(run: Run, kind: RequestRecord['kind']): readonly number[] {
  return run.costsUsd.filter((_, position) => run.records[position]?.kind === kind)
}

function promptUsd(answers: readonly RequestRecord[], prices: Prices): number | undefined {
  const inputTokens = mean(answers.flatMap(({ usage }) => usage?.inputTokens ?? []))
  if (prices.kind !== 'tokens' || inputTokens === undefined) return undefined
  return prices.request + prices.input * inputTokens + prices.output
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length
}
