// Reads values out of foreign JSON: every read names its place, is bounded, looks at own members
// only and returns a typed value. A wrong value throws `ForeignData`, which the decoders of this
// folder catch at their top and turn into a problem; it never leaves them.
// By hand: a schema says what a whole document has to be; whoever reads another engine's file asks for a
// few members of many, and a complaint has to name which.

import { shown } from '../../model/shown.ts'

export class ForeignData extends Error {
  override readonly name = 'ForeignData'
  /** Characters of the text before the mistake, where its parser says so. */
  readonly at: number | undefined

  constructor(message: string, at?: number) {
    super(message)
    this.at = at
  }
}

export type JsonObject = { readonly [member: string]: unknown }

const LONGEST_TEXT = 4_000

/** The only place that parses JSON of others. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const cut = /[}\]]\s*$/.test(text) ? '' : '; it seems to be cut short'
    throw new ForeignData(`is not JSON${cut}`, positionOf(cause))
  }
}

/** The engine names a position for some mistakes only. */
function positionOf(cause: unknown): number | undefined {
  const position = /at position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1]
  return position === undefined ? undefined : Number(position)
}

export function asObject(value: unknown, place: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw wrong(place, value, 'an object')
}

export function asArray(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw wrong(place, value, 'a list')
}

export function asText(value: unknown, place: string): string {
  if (typeof value === 'string' && value.length <= LONGEST_TEXT) return value
  throw wrong(place, value, `text of at most ${LONGEST_TEXT} characters`)
}

export function asNumber(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw wrong(place, value, 'a finite number')
}

/** A whole number, zero or more. */
export function asCount(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw wrong(place, value, 'a whole number, zero or more')
}

/** Reads a member that may be missing; null counts as missing. */
export function optional<T>(
  value: unknown,
  place: string,
  read: (value: unknown, place: string) => T,
): T | undefined {
  return value === undefined || value === null ? undefined : read(value, place)
}

/** The same object without its undefined members, as `exactOptionalPropertyTypes` wants it. */
export function present<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {}
  Object.assign(kept, Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)))
  return kept
}

function wrong(place: string, value: unknown, wanted: string): ForeignData {
  return new ForeignData(`${place} is ${shownJson(value)}, not ${wanted}`)
}

/** In JSON null is a value, and something else than nothing. */
export function shownJson(value: unknown): string {
  return value === null ? 'null' : shown(value)
}
