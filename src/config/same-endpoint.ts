// Whether two endpoint blocks ask the same of the same server, whatever the order of their members.

import type { Endpoint } from '../model/config.ts'
import type { JsonValue } from '../model/json-value.ts'

export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return (
    a.api === b.api &&
    a.url === b.url &&
    a.model === b.model &&
    isSameJson(a.body, b.body) &&
    hasSameHeaders(a.headers, b.headers)
  )
}

/** A blank value is one that could not be filled in here, and says nothing. */
function hasSameHeaders(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].every((name) => {
    const [left, right] = [a[name], b[name]]
    if (left === undefined || right === undefined) return false
    return left === '' || right === '' || left === right
  })
}

/** Whatever the order of members. */
function isSameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = new Map(Object.entries(a))
  const right = new Map(Object.entries(b))
  if (left.size !== right.size) return false
  return [...left].every(([key, value]) => right.has(key) && isSameJson(value, right.get(key)))
}
