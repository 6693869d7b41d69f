// What the dialects' requests have in common: where the path goes in a base URL, which headers are
// sent, and how the config's own members are laid over the body.

import type { Endpoint } from '../../model/config.ts'
import type { JsonValue } from '../../model/json-value.ts'
import { jsonOrNothing } from '../json/json.ts'

type MutableObject = { [member: string]: JsonValue }

/**
 * The base URL with a path appended, before any query string (`?api-version=…` stays).
 *
 * A base that already ends with the path is taken as it is. `whenBare` goes in front of the path
 * when the base names only a host, so `https://h` and `https://h/v1` ask the same thing.
 */
export function appendPath(base: string, whenBare: string, path: string): string {
  const { before, query } = splitQuery(base)
  if (before.endsWith(path)) return before + query
  const bare = /^[a-z]+:\/\/[^/]+$/i.test(before)
  return before + (bare ? whenBare : '') + path + query
}

/** A URL without fragment and trailing slashes, its query string apart (with its `?`). */
export function splitQuery(url: string): { readonly before: string; readonly query: string } {
  const plain = url.split('#', 1)[0] ?? ''
  const mark = plain.indexOf('?')
  const before = (mark === -1 ? plain : plain.slice(0, mark)).replace(/\/+$/, '')
  return { before, query: mark === -1 ? '' : plain.slice(mark) }
}

/**
 * Headers of one request, names in lower case. The config's own win over all of them, so another
 * authentication scheme or API version can be asked for. `identity`: a compressed stream would be
 * held back by the compressor, and a first token with it.
 */
export function requestHeaders(
  endpoint: Endpoint,
  dialect: { readonly accept: string; readonly own: Readonly<Record<string, string>> },
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: dialect.accept,
    'accept-encoding': 'identity',
    ...dialect.own,
  }
  for (const [name, value] of Object.entries(endpoint.headers)) headers[name.toLowerCase()] = value
  return headers
}

export function bearer(apiKey: string | undefined): Readonly<Record<string, string>> {
  return apiKey === undefined || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }
}

/**
 * The dialect's body with the config's members laid over it as a JSON merge patch (RFC 7396):
 * objects are merged member by member, anything else replaces, null removes.
 */
export function requestBody(own: MutableObject, patch: Endpoint['body']): string {
  return JSON.stringify(merged(own, patch))
}

/** A call's arguments, or a tool's result, where an API wants members: none where they are no object. */
export function membersOf(text: string): { readonly [member: string]: JsonValue } {
  const value = jsonOrNothing(text) as JsonValue | undefined
  return isMembers(value) ? value : {}
}

function merged(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isMembers(patch)) return patch
  const result: MutableObject = { ...(isMembers(target) ? target : {}) }
  for (const [member, value] of Object.entries(patch)) {
    if (value === null) delete result[member]
    else result[member] = merged(result[member], value)
  }
  return result
}

function isMembers(
  value: JsonValue | undefined,
): value is { readonly [member: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
