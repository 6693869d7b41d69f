// The grammar of quantities in a configuration, both ways: text to a number in the model's unit,
// and back to the text a person would write. Powers of ten are applied to the text, not to the
// number, so that 1.1% is exactly the number 0.011.
// By hand: libraries for durations and money take signs, exponents and words, and let a slip pass.
//
//   percentage  ::= number "%"                                a ratio: 10% is 0.1
//   points      ::= number "pp"                               a difference of rates: 1pp is 0.01
//   duration    ::= number ( "ms" | "s" | "m" | "h" | "d" )   milliseconds
//   money       ::= "$" number                                US dollars
//   token-price ::= "$" number "/M"                           US dollars per token
//   rate        ::= number "/" ( "s" | "min" )                per second
//   number      ::= digit+ [ "." digit+ ]
//
// One space may stand before a unit and around a slash. There is no sign and no exponent.

import { DAY_MS, HOUR_MS } from '../stats/moment.ts'

const NUMBER = '([0-9]+(?:\\.[0-9]+)?)'
const PERCENTAGE = new RegExp(`^${NUMBER} ?%$`)
const POINTS = new RegExp(`^${NUMBER} ?pp$`)
const DURATION = new RegExp(`^${NUMBER} ?(ms|s|m|h|d)$`)
const MONEY = new RegExp(`^\\$${NUMBER}$`)
const TOKEN_PRICE = new RegExp(`^\\$${NUMBER} ?/ ?M$`)
const RATE = new RegExp(`^${NUMBER} ?/ ?(s|min)$`)

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
])

/** `10%` is 0.1. Throws a plain error for text outside the grammar: the schema comes first. */
export function parsePercentage(text: string): number {
  const [number] = groups(PERCENTAGE, text)
  return Number(`${number}e-2`)
}

/** `1pp` is 0.01. */
export function parsePoints(text: string): number {
  const [number] = groups(POINTS, text)
  return Number(`${number}e-2`)
}

/** `1.5s` is 1500: milliseconds. */
export function parseDuration(text: string): number {
  const [number, unit = ''] = groups(DURATION, text)
  return unit === 's' ? Number(`${number}e3`) : Number(number) * (UNIT_MS.get(unit) ?? Number.NaN)
}

/** `$0.002` is 0.002: US dollars. */
export function parseMoney(text: string): number {
  const [number] = groups(MONEY, text)
  return Number(number)
}

/** `$0.60/M` is 0.0000006: US dollars per token. */
export function parseTokenPrice(text: string): number {
  const [number] = groups(TOKEN_PRICE, text)
  return Number(`${number}e-6`)
}

/** `30/min` is 0.5: per second. */
export function parseRate(text: string): number {
  const [number, unit] = groups(RATE, text)
  return unit === 's' ? Number(number) : Number(number) / 60
}

export function formatPercentage(ratio: number): string {
  return `${plain(ratio * 100)}%`
}

export function formatPoints(difference: number): string {
  return `${plain(difference * 100)}pp`
}

/** In the largest unit that needs no fraction. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0ms'
  for (const [unit, unitMs] of UNIT_MS) {
    if (durationMs % unitMs === 0) return `${plain(durationMs / unitMs)}${unit}`
  }
  return `${plain(durationMs)}ms`
}

export function formatMoney(usd: number): string {
  return `$${plain(usd)}`
}

function groups(grammar: RegExp, text: string): readonly string[] {
  const match = grammar.exec(text)
  if (match === null) throw new TypeError(`${JSON.stringify(text)} does not match ${grammar}`)
  return match.slice(1)
}

/** Twelve significant digits without an exponent: hides the last bit of a division. */
function plain(value: number): string {
  const rounded = Number(value.toPrecision(12))
  const text = String(rounded)
  return text.includes('e') ? rounded.toFixed(20).replace(/\.?0+$/, '') : text
}
