// What one answer and one first-token probe have taken so far in money and time: the basis for what
// the rest of a budget can buy.

import type { Load, Prices } from '../model/config.ts'
import type { UnitCost, UnitCosts } from '../model/plan.ts'
import type { RequestRecord } from '../model/request-record.ts'
import type { Run } from '../model/run.ts'
import { ttftMs } from '../model/ttft.ts'
import { gpuTimeUsd } from './price/price.ts'

/** A probe that was never sent is taken to last until the first token and to cost its prompt. */
export function unitCostsOf(run: Run, prices: Prices, load: Load): UnitCosts {
  const answers = run.records.filter(({ kind }) => kind === 'answer')
  const probes = run.records.filter(({ kind }) => kind === 'probe')
  const concurrency =
    load.kind === 'closed' ? load.concurrency : Math.max(1, run.conditions.achievedLoad)
  const answerMs = mean(answers.map(durationMs)) ?? mean(probes.map(durationMs)) ?? 0
  const probeMs =
    mean(probes.map(durationMs)) ??
    mean(answers.flatMap((record) => ttftMs(record) ?? [])) ??
    answerMs
  const priced = (ms: number, usd: number | undefined): UnitCost =>
    usd === undefined ? { ms } : { usd, ms }
  if (prices.kind === 'gpu-hour') {
    const usdOf = (ms: number) => gpuTimeUsd(prices, ms / concurrency)
    return {
      answer: priced(answerMs, usdOf(answerMs)),
      probe: priced(probeMs, usdOf(probeMs)),
      concurrency,
    }
  }
  return {
    answer: priced(answerMs, mean(costsOf(run, 'answer'))),
    probe: priced(probeMs, mean(costsOf(run, 'probe')) ?? promptUsd(answers, prices)),
    concurrency,
  }
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
