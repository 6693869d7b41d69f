// Careful reading of JSON that somebody else wrote: every step says what it expects and gives
// undefined (or nothing) instead of throwing where it finds something else.

import { type JsonObject, parseJson } from './json-reader.ts'

const NO_LIST: readonly unknown[] = []

/** The value, or undefined when the text is no JSON. */
export function jsonOrNothing(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objectAt(value: unknown, member: string): JsonObject | undefined {
  const found = isObject(value) ? value[member] : undefined
  return isObject(found) ? found : undefined
}

export function listAt(value: unknown, member: string): readonly unknown[] {
  const found = isObject(value) ? value[member] : undefined
  return Array.isArray(found) ? found : NO_LIST
}

export function textAt(value: unknown, member: string): string | undefined {
  const found = isObject(value) ? value[member] : undefined
  return typeof found === 'string' ? found : undefined
}

/** A finite number of at least 0: token counts and statuses are nothing else. */
export function countAt(value: unknown, member: string): number | undefined {
  const found = isObject(value) ? value[member] : undefined
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : undefined
}

/** UTF-16 units of the text there, 0 when there is none. */
export function lengthAt(value: unknown, member: string): number {
  return textAt(value, member)?.length ?? 0
}
