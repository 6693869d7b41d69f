// What was asked and under which load, in the words that our own load shapes use, so that a change is
// named member by member. Numbers that vary from run to run without anybody's doing are rounded.

import { isObject } from '../json/json.ts'

export const NOT_SAID = 'not said by the file'

export function closedLoad(concurrency: number): string {
  return `closed, ${concurrency} in flight`
}

export function openLoad(ratePerSecond: number, process: string): string {
  return `open, ${ratePerSecond} per second, ${process}`
}

/** The median to two digits: the same prompts give the same text, whichever of them failed. */
export function roughly(counts: readonly (number | undefined)[]): string | undefined {
  const known = counts.filter((count) => count !== undefined).sort((a, b) => a - b)
  const middle = known[(known.length - 1) >> 1]
  return middle === undefined ? undefined : `about ${Number(middle.toPrecision(2))}`
}

/** Scheme, host and path of the first URL in a value: no user, query or fragment. */
export function safeUrl(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value[0] : value
  if (typeof text !== 'string' || text.length > 2_000 || !URL.canParse(text)) return undefined
  const { protocol, host, pathname } = new URL(text)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}

const LONGEST_TEXT = 200

/** Short texts, numbers and truth values as text; undefined for everything else. */
export function wordOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value.slice(0, LONGEST_TEXT)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** The value at the end of a way through objects, own members only. */
export function memberAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  )
}

/** Without the members that are not known, sorted by name as every shape and subject is. */
export function members(
  given: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const known = Object.entries(given).flatMap(([name, text]): [string, string][] =>
    text === undefined ? [] : [[name, text]],
  )
  return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** `0.8.1` as `0.8`: how an engine measures may change with these. */
export function minorVersion(version: string | undefined): string {
  return /^\d{1,6}\.\d{1,6}/.exec(version ?? '')?.[0] ?? ''
}
