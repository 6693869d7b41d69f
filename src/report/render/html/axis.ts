// The room of a chart and its scales. A tick stands at 1, 2 or 5 times a power of ten.
// By hand: a library of scales is larger than the charts that need these few.

import type { ChartScale } from '../../../model/report-document.ts'

export const ROOM = { width: 640, height: 260, left: 52, right: 14, top: 28, bottom: 42 } as const

export const PLOT_WIDTH = ROOM.width - ROOM.left - ROOM.right

const TICKS = 5
/** More lines than this are too many: of a wide logarithmic axis only the powers of ten stay. */
const MOST_LOG_TICKS = 8

/** Pixels of a value. */
export type Scale = (value: number) => number

export type Axis = { readonly at: Scale; readonly ticks: readonly number[] }

/** `values` may hold Infinity, for what has no place on the axis. */
export function verticalAxis(values: readonly number[], scale: ChartScale): Axis {
  const drawn = values.filter(Number.isFinite)
  const positive = drawn.filter((value) => value > 0)
  return scale === 'log' && positive.length > 0 ? logAxis(positive) : linearAxis(drawn)
}

/** From zero to a round number past the largest, in pixels from the left edge of the chart. */
export function horizontalAxis(values: readonly number[]): Axis {
  const last = niceCeiling(most(values))
  return { at: (value) => ROOM.left + (PLOT_WIDTH * value) / last, ticks: linearTicks(last) }
}

function linearAxis(values: readonly number[]): Axis {
  const highest = niceCeiling(most(values))
  return { at: (value) => pixels(value / highest), ticks: linearTicks(highest) }
}

function logAxis(values: readonly number[]): Axis {
  const low = roundBelow(values.reduce((a, b) => Math.min(a, b)))
  const high = roundAbove(most(values))
  const height = Math.log(high / low)
  return {
    at: (value) => pixels(Math.log(Math.max(value, low) / low) / height),
    ticks: logTicks(low, high),
  }
}

function pixels(share: number): number {
  return ROOM.top + (ROOM.height - ROOM.top - ROOM.bottom) * (1 - share)
}

function linearTicks(highest: number): readonly number[] {
  const step = niceStep(highest)
  const count = Math.round(highest / step)
  return Array.from({ length: count + 1 }, (_none, index) => Number((index * step).toPrecision(10)))
}

function logTicks(low: number, high: number): readonly number[] {
  const powers = Array.from(
    { length: Math.round(Math.log10(high / low)) + 2 },
    (_none, index) => 10 ** (Math.floor(Math.log10(low) + 1e-9) + index),
  )
  const inside = (value: number) => value >= low * 0.999 && value <= high * 1.001
  const all = powers.flatMap((power) => [1, 2, 5].map((factor) => exact(factor * power)))
  const drawn = all.filter(inside)
  return drawn.length <= MOST_LOG_TICKS ? drawn : powers.map(exact).filter(inside)
}

/** The largest of 1, 2 and 5 times a power of ten that is not above `value`. */
function roundBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return exact(([5, 2, 1].find((factor) => factor * power <= value * 1.000_001) ?? 1) * power)
}

function roundAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return exact(([1, 2, 5, 10].find((factor) => factor * power >= value * 0.999_999) ?? 10) * power)
}

/** The next multiple of a round step. */
function niceCeiling(value: number): number {
  const step = niceStep(Math.max(value, Number.EPSILON))
  return exact(Math.ceil(value / step) * step) || step
}

/** About a fifth of the whole. */
function niceStep(whole: number): number {
  return roundAbove(whole / TICKS)
}

function most(values: readonly number[]): number {
  return values.reduce((highest, value) => Math.max(highest, value), 0)
}

function exact(value: number): number {
  return Number(value.toPrecision(10))
}
