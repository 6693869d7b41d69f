// Numbers to text: the one place that rounds and scales. A reader never needs more than three
// digits to decide, and two numbers that differ in a verdict must not look the same in a table.
// By hand: Intl knows digits and units, and not how many digits two numbers need to be told apart.

import type { MetricUnit } from '../model/metric.ts'
import { INTERVAL_LEVEL } from '../model/verdict-policy.ts'

/** A minus that lines up with the plus in tables. */
const MINUS = '−'

/** A metric's value. Infinity means that failed requests reach it: they rank as slower than all. */
export function value(number: number | undefined, unit: MetricUnit): string {
  if (number === undefined || Number.isNaN(number)) return '–'
  if (!Number.isFinite(number)) return 'no answer'
  switch (unit) {
    case 'ms':
      return milliseconds(number)
    case 'USD':
      return perAnswer(number)
    case 'ratio':
      return percent(number)
    case 'tokens':
      return `${significant(number)} tokens`
    case 'tokens/s':
      return `${significant(number)} tokens/s`
    case 'items/s':
      return `${significant(number)} items/s`
    case 'count':
      return significant(number)
  }
}

/** Less than a cent is read by the thousand: `$1.82 per 1,000 answers`. */
function perAnswer(dollars: number): string {
  return dollars !== 0 && Math.abs(dollars) < 0.01
    ? `${usd(1000 * dollars)} per 1,000 answers`
    : usd(dollars)
}

/** `8.4 ms`, `412 ms`, `1.24 s`. */
export function milliseconds(ms: number): string {
  if (Math.abs(ms) < 9.95) return `${trimmed(ms.toFixed(1))} ms`
  if (Math.abs(ms) < 999.5) return `${ms.toFixed(0)} ms`
  const seconds = ms / 1000
  return `${trimmed(seconds.toFixed(Math.abs(seconds) < 9.995 ? 2 : 1))} s`
}

/** `41 s`, `3 min 20 s`, `30 days`: for spans that people plan by. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return ms < 9_950 ? milliseconds(ms) : `${seconds} s`
  if (seconds < 3600) return pair([Math.floor(seconds / 60), 'min', seconds % 60, 's'])
  const minutes = Math.round(seconds / 60)
  if (minutes < 48 * 60) return pair([Math.floor(minutes / 60), 'h', minutes % 60, 'min'])
  return `${Math.round(minutes / 1440)} days`
}

/** Three digits that count: `$0.00184`, `$1.20`, `$1,240`. */
export function usd(dollars: number): string {
  const sign = dollars < 0 ? MINUS : ''
  const amount = Math.abs(dollars)
  if (amount === 0) return '$0'
  if (amount >= 100) return `${sign}$${grouped(amount.toFixed(0))}`
  if (amount >= 0.1) return `${sign}$${amount.toFixed(2)}`
  const decimals = Math.min(12, 2 - Math.floor(Math.log10(amount)))
  return `${sign}$${trimmed(amount.toFixed(decimals))}`
}

/** A share: `0.5 %`, `12.3 %`, `0 %`. */
export function percent(ratio: number): string {
  return `${trimmed((100 * ratio).toFixed(Math.abs(ratio) < 0.001 ? 2 : 1))} %`.replace('-', MINUS)
}

/** What an interval is called wherever one is shown: `90 % interval`. */
export const INTERVAL = `${percent(INTERVAL_LEVEL)} interval`

/**
 * A worsening in the direction that is worse. Ratios of metrics where more is better are reckoned on the
 * reciprocal: two and a half times as slow is 60 % less speed.
 */
export function worsening(
  size: number,
  {
    scale,
    better,
  }: { readonly scale: 'ratio' | 'difference'; readonly better: 'lower' | 'higher' },
): string {
  if (better === 'lower') return change(size, scale)
  return change(scale === 'ratio' ? -size / (1 + size) : -size, scale)
}

/** A change with its sign: `+20.9 %` for a ratio minus one, `+0.5 pp` for a difference of rates. */
export function change(
  number: number,
  scale: 'ratio' | 'difference',
  decimals?: number | undefined,
): string {
  if (Number.isNaN(number)) return '–'
  if (!Number.isFinite(number)) return number > 0 ? '+∞' : `${MINUS}∞`
  const hundredths = 100 * number
  const text =
    decimals === undefined
      ? changeDigits(Math.abs(hundredths), scale)
      : Math.abs(hundredths).toFixed(Math.abs(hundredths) < 99.95 ? decimals : 0)
  const sign = Number(text) === 0 ? '±' : number < 0 ? MINUS : '+'
  return `${sign}${grouped(text)} ${scale === 'ratio' ? '%' : 'pp'}`
}

function changeDigits(hundredths: number, scale: 'ratio' | 'difference'): string {
  if (scale === 'difference' && hundredths < 0.995) {
    return trimmed(hundredths.toFixed(2))
  }
  return hundredths.toFixed(hundredths < 99.95 ? 1 : 0)
}

export function interval(
  ends: readonly [number, number],
  scale: 'ratio' | 'difference',
  decimals?: number | undefined,
): string {
  return `[${change(ends[0], scale, decimals)}, ${change(ends[1], scale, decimals)}]`
}

/** Decimals of a change that its interval supports: none where it spans four points and more. */
export function supportedDecimals([low, high]: readonly [number, number]): number {
  const points = 100 * (high - low)
  return points >= 4 ? 0 : points >= 0.4 ? 1 : 2
}

/** A size that was estimated, not written by anybody: two digits, `40 %`, `4.2 %`. */
export function roughly(number: number, scale: 'ratio' | 'difference'): string {
  return `${number < 0 ? MINUS : '+'}${magnitude(number, scale)}`
}

/** A threshold as people wrote it: no digits that they did not write. `+10 %`, `+1 pp`. */
export function threshold(number: number, scale: 'ratio' | 'difference'): string {
  const text = trimmed(Math.abs(100 * number).toFixed(2))
  return `${number < 0 ? MINUS : '+'}${text} ${scale === 'ratio' ? '%' : 'pp'}`
}

/** The size of a change in words: `21 %`, `2.4 %`, `0.5 pp`. */
export function magnitude(number: number, scale: 'ratio' | 'difference'): string {
  if (!Number.isFinite(number)) return 'infinitely'
  const hundredths = Math.abs(100 * number)
  const digits = scale === 'ratio' && hundredths >= 9.95 ? 0 : 1
  return `${grouped(trimmed(hundredths.toFixed(digits)))} ${scale === 'ratio' ? '%' : 'pp'}`
}

/** `p = 0.003`, `p < 0.001`. */
export function probability(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${Number(p.toPrecision(2))}`
}

/** `1 request`, `1,200 requests`. */
export function count(number: number, noun: string): string {
  return `${grouped(String(number))} ${noun}${number === 1 ? '' : 's'}`
}

/** The first seven characters of a commit. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7)
}

/** The day of an ISO 8601 time. */
export function day(iso: string): string {
  return iso.slice(0, 10)
}

function significant(number: number): string {
  const magnitudeOfIt = Math.abs(number)
  if (magnitudeOfIt >= 99.95) return grouped(number.toFixed(0))
  return trimmed(number.toFixed(magnitudeOfIt < 9.95 ? 2 : 1))
}

function trimmed(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
}

function grouped(decimal: string): string {
  return decimal.replace(/^\d+/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ','))
}

function pair([large, largeUnit, small, smallUnit]: readonly [
  number,
  string,
  number,
  string,
]): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
