// What each request cost. A failure costs what it used. Where the server sent no usage the tokens
// are estimated from characters and marked so; where nothing is known, nothing is claimed: a cost is
// never zero out of ignorance.

import type { Prices } from '../../model/config.ts'
import type { Measurement } from '../../model/measurement.ts'
import type { RequestRecord, Usage } from '../../model/request-record.ts'
import type { Cost } from '../../model/run.ts'
import { HOUR_MS } from '../../stats/moment.ts'
import { wasBilled } from './billing.ts'
import type { TokenSizes } from './token-estimate.ts'
import { estimateUsage, learnTokenSizes } from './token-estimate.ts'

export { wasBilled } from './billing.ts'

export type Priced = {
  /** USD of each record, by position. Empty when not known. */
  readonly costsUsd: readonly number[]
  readonly unknown?: 'no-prices' | 'usage-unknown'
  /** Some token counts behind it are estimates. */
  readonly estimated: boolean
}

export type PricedMeasurement = Priced & {
  /** The measured records, completed ones with usage wherever it could be had. */
  readonly records: readonly RequestRecord[]
  /** Everything billed, warm-up and cut requests included. */
  readonly spent: Cost
}

/** What the time costs, USD. */
export function gpuTimeUsd(
  { usdPerHour, gpus }: Extract<Prices, { kind: 'gpu-hour' }>,
  ms: number,
): number {
  return (usdPerHour * gpus * ms) / HOUR_MS
}

/**
 * Prices a whole measurement, both arms. By GPU hour the spending is the time from the first request
 * to the last, warm-up included, and the costs are that of the measured phase alone.
 */
export function priceMeasurement(measurement: Measurement, prices: Prices): PricedMeasurement {
  const { records, warmup, aborted, conditions, totalMs } = measurement
  const priced = priceRecords(records, prices, conditions.durationMs)
  const all = priceRecords([...records, ...warmup, ...aborted], prices, totalMs)
  const sizes = learnTokenSizes(records)
  return { ...priced, records: records.map((record) => withUsage(record, sizes)), spent: sum(all) }
}

export function priceRecords(
  records: readonly RequestRecord[],
  prices: Prices,
  measuredDurationMs: number,
): Priced {
  if (prices.kind === 'none') return { costsUsd: [], unknown: 'no-prices', estimated: false }
  if (prices.kind === 'gpu-hour') {
    const usd = gpuTimeUsd(prices, measuredDurationMs)
    return { costsUsd: byTimeInFlight(records, usd), estimated: false }
  }
  const sizes = learnTokenSizes(records)
  const costs = records.map((record) => recordCost(record, prices, sizes))
  if (costs.some((cost) => cost === undefined)) {
    return { costsUsd: [], unknown: 'usage-unknown', estimated: false }
  }
  return {
    costsUsd: costs.flatMap((cost) => (cost === undefined ? [] : [cost.usd])),
    estimated: costs.some((cost) => cost?.estimated === true),
  }
}

/** The price of one record while a run goes on; undefined where only its end can tell. */
export function costWhileRunning(prices: Prices): (record: RequestRecord) => number | undefined {
  if (prices.kind !== 'tokens') return () => undefined
  return (record) => recordCost(record, prices, learnTokenSizes([record]))?.usd
}

type TokenPrices = Extract<Prices, { kind: 'tokens' }>

function recordCost(
  record: RequestRecord,
  prices: TokenPrices,
  sizes: TokenSizes,
): { readonly usd: number; readonly estimated: boolean } | undefined {
  if (record.usage !== undefined) {
    const estimated = record.usage.source === 'estimated'
    return { usd: usageCost(record.usage, prices), estimated }
  }
  if (!wasBilled(record)) return { usd: 0, estimated: false }
  const usage = estimateUsage(record, sizes)
  return usage === undefined ? undefined : { usd: usageCost(usage, prices), estimated: true }
}

/** Cached tokens are part of the input and reasoning tokens part of the output. */
function usageCost(usage: Usage, prices: TokenPrices): number {
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens)
  const reasoning = Math.min(usage.reasoningTokens, usage.outputTokens)
  return (
    prices.request +
    (usage.inputTokens - cached) * prices.input +
    cached * prices.cachedInput +
    (usage.outputTokens - reasoning) * prices.output +
    reasoning * prices.reasoning
  )
}

/** Each request bears the share of the rented time in which it was in flight; they add up to it. */
function byTimeInFlight(records: readonly RequestRecord[], usd: number): readonly number[] {
  const times = records.map((record) => Math.max(0, record.endMs - record.startedMs))
  const totalMs = times.reduce((a, b) => a + b, 0)
  return times.map((ms) => (totalMs === 0 ? usd / records.length : (usd * ms) / totalMs))
}

function withUsage(record: RequestRecord, sizes: TokenSizes): RequestRecord {
  if (record.usage !== undefined || record.outcome !== 'completed') return record
  const usage = estimateUsage(record, sizes)
  return usage === undefined ? record : { ...record, usage }
}

function sum(priced: Priced): Cost {
  const { unknown, estimated, costsUsd } = priced
  if (unknown !== undefined) return { reason: unknown, estimated }
  return { usd: costsUsd.reduce((a, b) => a + b, 0), estimated }
}
