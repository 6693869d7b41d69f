// Which outcome a failure of the network or of HTTP is. Decided by the phase it happened in rather
// than by error codes, which differ between platforms.

import { errors } from 'undici'
import type { ErrorKind } from '../../model/request-record.ts'

/** `text` is foreign and has to go through `detailOf` before it is kept. */
export type Failure = { readonly outcome: ErrorKind; readonly text: string }

/** `proxy`: on the way to the proxy or while it opens the way on; what follows is the endpoint's. */
export type ConnectStage = 'proxy' | 'dns' | 'tcp' | 'tls'

/** A failure before the connection stood. */
export function connectFailure(stage: ConnectStage, error: Error): Failure {
  const code = codeOf(error)
  if (stage === 'proxy') return { outcome: 'proxy', text: described(error) }
  if (stage === 'tls') return { outcome: 'tls', text: handshakeProblem(error) }
  if (code === 'ETIMEDOUT') return { outcome: 'timeout-connect', text: described(error) }
  if (stage === 'dns' && /^E(NOTFOUND|AI_|NODATA|SERVFAIL)/.test(code)) {
    return { outcome: 'dns', text: described(error) }
  }
  return { outcome: 'connect', text: described(error) }
}

/** OpenSSL names its source lines; a plain HTTP port is the usual reason, and can be told. */
function handshakeProblem(error: Error): string {
  const isPlain = /wrong version number|packet length too long|http request/i.test(error.message)
  return isPlain
    ? 'the port answers without TLS: it looks like plain http behind an https address'
    : described(error)
}

/** A failure once the request had been handed to a connection. */
export function exchangeFailure(error: Error, answered: boolean): Failure {
  const code = codeOf(error)
  if (error instanceof errors.HTTPParserError || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return { outcome: 'malformed', text: `not a valid HTTP response: ${error.message}` }
  }
  const when = answered ? 'before the answer was complete' : 'before any response'
  return { outcome: 'truncated', text: `connection closed ${when} (${code || error.message})` }
}

/** undici refuses to write it: an impossible header or address. */
export function isUnsendable(error: Error): boolean {
  return codeOf(error) === 'UND_ERR_INVALID_ARG' || codeOf(error) === 'UND_ERR_NOT_SUPPORTED'
}

/** Proxy Authentication Required: no endpoint says it for itself. */
const PROXY_REFUSES = 407

export function statusOutcome(status: number): ErrorKind {
  if (status === 429) return 'rate-limited'
  if (status === PROXY_REFUSES) return 'proxy'
  return status >= 500 ? 'http-5xx' : 'http-4xx'
}

function described(error: Error): string {
  const code = codeOf(error)
  return code === '' || error.message.includes(code) ? error.message : `${error.message} (${code})`
}

/** The code of an error or of its cause; structural, since errors may come from another realm. */
export function codeOf(error: object): string {
  if ('code' in error && typeof error.code === 'string') return error.code
  const cause: unknown = 'cause' in error ? error.cause : undefined
  return typeof cause === 'object' && cause !== null ? codeOf(cause) : ''
}
