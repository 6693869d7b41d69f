// Prices as members of a subject: a change of them is seen as a change of what is judged, and what was
// paid is read back from a stored run.

import type { Subject } from './config.ts'

export const PER_HOUR = 'price per hour'
export const OF_INPUT = 'price of input'
export const OF_CACHED_INPUT = 'price of cached input'
export const OF_OUTPUT = 'price of output'
export const OF_REASONING = 'price of reasoning'
export const OF_REQUEST = 'price of a request'
export const PRICES_FROM = 'prices from'

const MEMBERS = [
  PER_HOUR,
  OF_INPUT,
  OF_CACHED_INPUT,
  OF_OUTPUT,
  OF_REASONING,
  OF_REQUEST,
  PRICES_FROM,
]

export function isPriceMember(name: string): boolean {
  return MEMBERS.includes(name)
}

const MILLION = 1e6

/** `$2.4/M` of USD a token. */
export function perMillion(usd: number): string {
  return `$${Number((usd * MILLION).toPrecision(12))}/M`
}

/** USD an output token. Undefined where tokens are not billed. */
export function outputPriceUsd(subject: Subject): number | undefined {
  const match = /^\$([0-9.]+)\/M$/.exec(subject[OF_OUTPUT] ?? '')
  return match === null ? undefined : Number(match[1]) / MILLION
}
