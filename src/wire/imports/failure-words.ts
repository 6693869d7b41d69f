// How a failure that another engine wrote down in its own words ended, in our closed set. The words
// themselves are never kept: they may hold an answer's body, a key or a prompt. Kept are the status
// and the name of the exception.

import type { Outcome } from '../../model/request-record.ts'

export type ForeignFailure = {
  readonly outcome: Outcome
  readonly status?: number
  readonly detail?: string
}

/** HTTP's own words, which some engines keep in place of the status, a body behind a colon. */
const REASON_PHRASES: Readonly<Record<string, number>> = {
  'bad request': 400,
  unauthorized: 401,
  'payment required': 402,
  forbidden: 403,
  'not found': 404,
  'method not allowed': 405,
  'request timeout': 408,
  'content too large': 413,
  'unprocessable entity': 422,
  'unprocessable content': 422,
  'too many requests': 429,
  'internal server error': 500,
  'bad gateway': 502,
  'service unavailable': 503,
  'gateway timeout': 504,
}

/** The first that fits speaks: a timeout of a connection is one of connecting. */
const WORDS: readonly (readonly [RegExp, Outcome])[] = [
  [/connect\w*[ _]?time|timed? ?out\w* while connecting/i, 'timeout-connect'],
  [/timed? ?out|timeout/i, 'timeout-total'],
  [/getaddrinfo|name or service not known|name resolution|\bdns\b/i, 'dns'],
  [/certificate|\bssl\b|\btls\b|SSLError/i, 'tls'],
  [/cannot connect|connection refused|connect call failed|ConnectError|ConnectorError/i, 'connect'],
  [/unusable_backend_response|empty response|never received a valid chunk/i, 'empty'],
  [
    /incomplete|peer closed|disconnected|connection reset|PayloadError|TransferEncoding|interrupted/i,
    'truncated',
  ],
  [/JSONDecode|invalid json|expecting value|KeyError|IndexError|ValidationError/i, 'malformed'],
  [/content[ _-]?filter/i, 'content-filter'],
  [/cancel/i, 'aborted'],
]

/** The beginning names a status, the end of a traceback the exception. */
const READ_AT_EACH_END = 2_000

/**
 * `stream-error` where the words fit nothing: such a failure counts in the error rate, is left out of
 * TTFT when no token came, and keeps TTFT from passing as if it had been slow.
 */
export function failureOf(words: string, status?: number): ForeignFailure {
  const text = ends(words)
  const code = status ?? statusIn(text)
  const exception = exceptionIn(text)
  const detail = exception === undefined ? {} : { detail: exception }
  if (code !== undefined && Number.isInteger(code) && code >= 400 && code <= 599) {
    return { outcome: outcomeOfStatus(code), status: code, ...detail }
  }
  const outcome = WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? 'stream-error'
  return { outcome, ...detail }
}

function outcomeOfStatus(status: number): Outcome {
  if (status === 429) return 'rate-limited'
  return status < 500 ? 'http-4xx' : 'http-5xx'
}

function ends(words: string): string {
  if (words.length <= 2 * READ_AT_EACH_END) return words
  return `${words.slice(0, READ_AT_EACH_END)}\n${words.slice(-READ_AT_EACH_END)}`
}

function statusIn(text: string): number | undefined {
  const phrase = /^\s*([a-z -]{5,30}?)\s*(?::|$)/i.exec(text)?.[1]?.toLowerCase() ?? ''
  if (Object.hasOwn(REASON_PHRASES, phrase)) return REASON_PHRASES[phrase]
  const named =
    /\b(?:http(?: error)?|status(?:[ _]code)?|error code|client error|server error)\b[^0-9\n]{0,12}([45]\d\d)\b/i
  const code = named.exec(text)?.[1]
  return code === undefined ? undefined : Number(code)
}

/** The last one named: the cause at the end of a traceback. */
function exceptionIn(text: string): string | undefined {
  return [...text.matchAll(/\b[A-Z][A-Za-z]{2,40}(?:Error|Exception|Timeout)\b/g)].at(-1)?.[0]
}
