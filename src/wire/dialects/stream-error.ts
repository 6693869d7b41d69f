// Reads what went wrong out of the shapes servers use, in a stream or as a whole body:
// {"error":{"message","type","code"}}, {"error":"…"}, {"message":"…"}, {"Message":"…"}, {"detail":"…"},
// and Gemini's list around the first. The text is foreign: it is shortened here, and escaped where it is shown.

import type { FramedEvent } from '../events/events.ts'
import type { JsonObject } from '../json/json.ts'
import { countAt, isObject, jsonOrNothing, textAt } from '../json/json.ts'
import type { StreamError } from './dialect.ts'

const LONGEST_MESSAGE = 500

/** Statuses that the common error words stand for. */
const STATUS_OF_WORD: Readonly<Record<string, number>> = {
  invalid_api_key: 401,
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  api_error: 500,
  server_error: 500,
  overloaded_error: 529,
}

/** The error a whole body tells of, or undefined when it tells of none. */
export function readErrorBody(body: string): StreamError | undefined {
  const value = jsonOrNothing(body)
  const first = Array.isArray(value) ? value[0] : value
  return isObject(first)
    ? (readError(first) ?? errorOf(first.message ?? first.Message ?? first.detail, first))
    : undefined
}

/** The `error` member of an object, or undefined when it has none (or null). */
export function readError(holder: JsonObject): StreamError | undefined {
  const { error } = holder
  if (error === undefined || error === null || error === false) return undefined
  return errorOf(error, holder)
}

/**
 * The error a server-sent event tells of: by an `error` member, by the event's name or by what the
 * data calls itself (older vLLM: `"object":"error"`). `data` is the event's data, parsed; an event
 * named `error` is one even when its data is plain text.
 */
export function readEventError(event: FramedEvent, data: unknown): StreamError | undefined {
  const stated = isObject(data) ? readError(data) : undefined
  if (stated !== undefined) return stated
  const named =
    event.name === 'error' || textAt(data, 'object') === 'error' || textAt(data, 'type') === 'error'
  if (!named) return undefined
  if (!isObject(data)) return { message: event.data.slice(0, LONGEST_MESSAGE) }
  return described(textAt(data, 'message') ?? textAt(data, 'detail'), data)
}

function errorOf(error: unknown, holder: JsonObject): StreamError | undefined {
  if (typeof error === 'string') return described(error, holder)
  if (isObject(error)) return described(textAt(error, 'message'), error)
  return Array.isArray(error) ? described(undefined, holder) : undefined
}

function described(message: string | undefined, source: JsonObject): StreamError {
  const code = textAt(source, 'code') ?? textAt(source, 'type') ?? textAt(source, 'status')
  const status = statusOf(source)
  return {
    message: (message ?? code ?? 'the server gave no message').slice(0, LONGEST_MESSAGE),
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code: code.slice(0, 80) }),
  }
}

function statusOf(source: JsonObject): number | undefined {
  const words = [textAt(source, 'code'), textAt(source, 'type'), textAt(source, 'status')]
  const numbers = [countAt(source, 'code'), countAt(source, 'status'), ...words.map(Number)]
  const stated = numbers.find((n) => n !== undefined && n >= 400 && n <= 599)
  if (stated !== undefined) return stated
  return words.map((word) => STATUS_OF_WORD[word ?? '']).find((status) => status !== undefined)
}
