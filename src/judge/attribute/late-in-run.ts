// Whether the run began as the baseline's runs and became slower from some moment on.

import type { Attribution } from '../../model/attribution.ts'
import { mean, pooled, STILL, sampled, shiftOf } from './level.ts'
import type { TimedRequest } from './timed.ts'

/** Of the moment. */
const FEWEST_ON_A_SIDE = 20
/**
 * The largest excursion of a Brownian bridge is above this once in a thousand:
 * P = 2 exp(-2 x^2). Source: Kolmogorov's limit, as in Page's CUSUM for one change of the mean.
 */
const EXCURSION = 1.95

type Runs = {
  readonly now: readonly TimedRequest[]
  readonly before: readonly (readonly TimedRequest[])[]
}

export function lateInRun(runs: Runs): Attribution | undefined {
  const usual = usualLevels(runs.before)
  const now = residualsOf(runs.now, usual)
  const moment = changeOf(now)
  if (moment === undefined) return undefined
  const early = now.slice(0, moment).map(({ residual }) => residual)
  const late = now.slice(moment).map(({ residual }) => residual)
  const share = moment / now.length
  const before = runs.before.map((run) => residualsOf(run, usual).map(({ residual }) => residual))
  const rises = before.map((run) => riseOf(run, share))
  const starts = before.map((run) =>
    mean(run.slice(0, Math.max(1, Math.round(share * run.length)))),
  )
  const own = pooled(sampled(early), sampled(late))
  const rise = shiftOf(rises, mean(late) - mean(early), { own })
  const start = shiftOf(starts, mean(early), { own: sampled(early) })
  if (rise === undefined || start === undefined || rise.low <= 0) return undefined
  const lasts = mean(late.slice(Math.floor(late.length / 2))) - mean(early) > rise.difference / 2
  if (!lasts || start.difference > STILL * rise.difference) return undefined
  return {
    kind: 'late',
    fromMs: now[moment]?.atMs ?? 0,
    change: Math.expm1(rise.difference),
    interval: [Math.expm1(rise.low), Math.expm1(rise.high)],
  }
}

function riseOf(run: readonly number[], share: number): number {
  const moment = Math.min(run.length - 1, Math.max(1, Math.round(share * run.length)))
  return mean(run.slice(moment)) - mean(run.slice(0, moment))
}

/** What each prompt took in the baseline's runs: a run may ask its prompts in any order. */
function usualLevels(before: Runs['before']): ReadonlyMap<string, number> {
  const byPrompt = Map.groupBy(before.flat(), ({ record }) => record.prompt)
  return new Map(
    [...byPrompt].map(([name, some]): [string, number] => [
      name,
      mean(some.map(({ logTtft }) => logTtft)),
    ]),
  )
}

type Residual = { readonly atMs: number; readonly residual: number }

function residualsOf(run: readonly TimedRequest[], usual: ReadonlyMap<string, number>): Residual[] {
  return run
    .flatMap(({ record, logTtft }) => {
      const level = usual.get(record.prompt)
      if (level === undefined || record.sentMs === undefined) return []
      return [{ atMs: record.sentMs, residual: logTtft - level }]
    })
    .sort((a, b) => a.atMs - b.atMs)
}

/** The first request after the change, where the cumulated sum leaves what chance explains. */
function changeOf(now: readonly Residual[]): number | undefined {
  const n = now.length
  if (n < 2 * FEWEST_ON_A_SIDE) return undefined
  const middle = mean(now.map(({ residual }) => residual))
  const spread = stepwiseSpread(now) * Math.sqrt(n)
  let sum = 0
  let lowest = 0
  let at = 0
  for (const [position, { residual }] of now.entries()) {
    sum += residual - middle
    if (sum >= lowest) continue
    lowest = sum
    at = position + 1
  }
  const isClear = spread > 0 && -lowest / spread > EXCURSION
  return isClear && at >= FEWEST_ON_A_SIDE && n - at >= FEWEST_ON_A_SIDE ? at : undefined
}

/** From differences of neighbours, which one step in the level does not widen. */
function stepwiseSpread(now: readonly Residual[]): number {
  const squares = now.slice(1).map(({ residual }, i) => (residual - (now[i]?.residual ?? 0)) ** 2)
  return Math.sqrt(mean(squares) / 2)
}
