// A rate that changes: stages one after the other and again from the first, each going evenly from one
// rate to another. How many requests it lets come by a time, and the other way round.

import type { ArrivalStage, Load } from './config.ts'
import { sha256Hex } from './digest.ts'

type OpenLoad = Extract<Load, { kind: 'open' }>

/** A rate that never changes is one stage. */
export function stagesOf({
  stages,
  ratePerSecond,
}: Pick<OpenLoad, 'stages' | 'ratePerSecond'>): readonly ArrivalStage[] {
  const always = { fromPerSecond: ratePerSecond, toPerSecond: ratePerSecond, forMs: 1000 }
  return stages ?? [always]
}

/** `2 per second, poisson`; `1 to 6 per second for 30 s, then 1 per second for 20 s, gamma of 0.25`. */
export function arrivalsText(load: OpenLoad): string {
  const { stages, ratePerSecond, process, burstiness, timesMs } = load
  if (timesMs !== undefined) {
    const digest = sha256Hex(JSON.stringify(timesMs)).slice(0, 12)
    return `trace of ${timesMs.length} requests over ${(timesMs.at(-1) ?? 0) / 1000} s, digest ${digest}`
  }
  const rate = stages?.map(stageText).join(', then ') ?? `${ratePerSecond} per second`
  return `${rate}, ${process}${burstiness === undefined ? '' : ` of ${burstiness}`}`
}

function stageText({ fromPerSecond, toPerSecond, forMs }: ArrivalStage): string {
  const rate =
    fromPerSecond === toPerSecond ? String(fromPerSecond) : `${fromPerSecond} to ${toPerSecond}`
  return `${rate} per second for ${forMs / 1000} s`
}

/** Requests per second over the whole pattern; NaN for one that takes no time. */
export function meanRate(stages: readonly ArrivalStage[]): number {
  return (1000 * requestsOf(stages)) / lengthMs(stages)
}

/** How long the arrivals of so many requests take on average, in ms from the first on. */
export function sendingMs(load: OpenLoad, requests: number): number {
  return whenArrived(load, Math.max(0, requests - 1))
}

/** The time, in ms, by which so many requests have come before this one: on average, or by the trace. */
export function whenArrived(load: OpenLoad, requests: number): number {
  return load.timesMs === undefined
    ? whenExpected(stagesOf(load), requests)
    : whenRecorded(load.timesMs, Math.floor(requests))
}

/** How many requests the load lets come in so long, on average. */
export function requestsWithin(load: OpenLoad, durationMs: number): number {
  if (load.timesMs !== undefined) return recordedWithin(load.timesMs, durationMs)
  const stages = stagesOf(load)
  const rounds = Math.floor(durationMs / lengthMs(stages))
  let leftMs = durationMs - rounds * lengthMs(stages)
  let requests = rounds * requestsOf(stages)
  for (const stage of stages) {
    const { fromPerSecond, toPerSecond, forMs } = stage
    const hereMs = Math.min(Math.max(0, leftMs), forMs)
    const end = fromPerSecond + ((toPerSecond - fromPerSecond) * hereMs) / forMs
    requests += (((fromPerSecond + end) / 2) * hereMs) / 1000
    leftMs -= forMs
  }
  return requests
}

/** The time, in ms, by which the stages have let `requests` come on average. */
export function whenExpected(stages: readonly ArrivalStage[], requests: number): number {
  const each = requestsOf(stages)
  const rounds = Math.floor(requests / each)
  let atMs = rounds * stages.reduce((sum, { forMs }) => sum + forMs, 0)
  let left = requests - rounds * each
  for (const stage of stages) {
    const here = requestsOf([stage])
    if (left < here) return atMs + whenWithin(stage, left)
    left -= here
    atMs += stage.forMs
  }
  return atMs
}

/**
 * Solves from*t + (to - from)*t^2/(2*for) = requests for t, in the form that also holds for a steady
 * rate.
 */
function whenWithin({ fromPerSecond, toPerSecond, forMs }: ArrivalStage, requests: number): number {
  if (requests <= 0 && fromPerSecond > 0) return 0
  const steepness = (1000 * (toPerSecond - fromPerSecond)) / forMs
  const root = Math.sqrt(Math.max(0, fromPerSecond ** 2 + 2 * steepness * requests))
  return (1000 * 2 * requests) / (fromPerSecond + root) || 0
}

function requestsOf(stages: readonly ArrivalStage[]): number {
  return stages.reduce(
    (sum, { fromPerSecond, toPerSecond, forMs }) =>
      sum + ((fromPerSecond + toPerSecond) / 2) * (forMs / 1000),
    0,
  )
}

/** When the trace's request of this position came, counted on through its repetitions. */
export function whenRecorded(timesMs: readonly number[], position: number): number {
  const laps = Math.floor(position / timesMs.length)
  return laps * lapMs(timesMs) + (timesMs[position % timesMs.length] ?? 0)
}

function recordedWithin(timesMs: readonly number[], durationMs: number): number {
  const laps = Math.floor(durationMs / lapMs(timesMs))
  const leftMs = durationMs - laps * lapMs(timesMs)
  return laps * timesMs.length + timesMs.filter((at) => at <= leftMs).length
}

/** One mean gap follows the last; of a single moment a second, so that a repetition has a place. */
function lapMs(timesMs: readonly number[]): number {
  const lastMs = timesMs.at(-1) ?? 0
  return lastMs === 0 ? 1000 : (lastMs * timesMs.length) / (timesMs.length - 1)
}

function lengthMs(stages: readonly ArrivalStage[]): number {
  return stages.reduce((sum, { forMs }) => sum + forMs, 0)
}
