// What status and headers alone decide: whether a stream may follow, or which outcome this is.

import { ANSWERED_INSTEAD, type ErrorKind } from '../../model/request-record.ts'
import type { Dialect } from '../../wire/dialects/dialects.ts'
import { readErrorBody } from '../../wire/dialects/dialects.ts'
import { statusOutcome } from './failure.ts'

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>

/** An answer that is no stream. `bodyTells`: its body may say why, so a little of it is read. */
export type Refusal = {
  readonly kind: 'refusal'
  readonly outcome: ErrorKind
  readonly text: string
  readonly bodyTells: boolean
  readonly contentType: string
}
export type ResponseHead = { readonly kind: 'stream' } | Refusal

/** `url` is the address that was asked: a redirect may be relative to it. */
export function readResponseHead(
  response: { readonly status: number; readonly headers: ResponseHeaders; readonly url: string },
  framing: Dialect['framing'],
): ResponseHead {
  const { status, headers } = response
  const contentType = mediaType(headers)
  if (status >= 400) {
    const text = `HTTP ${status}${awsWord(headers)}`
    return refusal(statusOutcome(status), text, { contentType, bodyTells: true })
  }
  if (status >= 300) {
    const text = `HTTP ${status}, a redirect to ${redirectHost(response)}; redirects are not followed`
    return refusal('http-4xx', text, { contentType, bodyTells: false })
  }
  const encoding = headerText(headers, 'content-encoding').trim().toLowerCase()
  if (encoding !== '' && encoding !== 'identity') {
    const text = `${ANSWERED_INSTEAD.compressed} although none was asked for`
    return refusal('malformed', text, { contentType, bodyTells: false })
  }
  if (contentType === 'text/html') {
    return refusal('malformed', ANSWERED_INSTEAD.html, { contentType, bodyTells: false })
  }
  if (contentType === 'application/json' && framing !== 'ndjson' && framing !== 'json') {
    return refusal('malformed', ANSWERED_INSTEAD.json, {
      contentType,
      bodyTells: true,
    })
  }
  return { kind: 'stream' }
}

/**
 * Outcome and sentence of a refusal, with what its body adds. A JSON error under a 2xx status is a
 * stream-error: the endpoint took the request and then said that it failed.
 */
export function concludeRefusal(
  refused: Refusal,
  body: string,
): { readonly outcome: ErrorKind; readonly text: string } {
  const error = refused.bodyTells ? readErrorBody(body) : undefined
  const outcome =
    refused.outcome === 'malformed' && error !== undefined ? 'stream-error' : refused.outcome
  if (error !== undefined) {
    const text = error.code === undefined ? error.message : `${error.message} (${error.code})`
    return { outcome, text: outcome === 'stream-error' ? text : `${refused.text}: ${text}` }
  }
  // What is no error of an API may be the answer of something that nobody meant to ask.
  return { outcome, text: refused.text }
}

/** AWS puts its word for what went wrong into a header of its own, sometimes with an address behind it. */
function awsWord(headers: ResponseHeaders): string {
  const word = /^\w{1,80}/.exec(headerText(headers, 'x-amzn-errortype'))?.[0]
  return word === undefined ? '' : ` ${word}`
}

export function headerText(headers: ResponseHeaders, name: string): string {
  const value = headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

function refusal(
  outcome: ErrorKind,
  text: string,
  body: { readonly contentType: string; readonly bodyTells: boolean },
): Refusal {
  return { kind: 'refusal', outcome, text, ...body }
}

function mediaType(headers: ResponseHeaders): string {
  return (headerText(headers, 'content-type').split(';', 1)[0] ?? '').trim().toLowerCase()
}

function redirectHost(response: {
  readonly headers: ResponseHeaders
  readonly url: string
}): string {
  const location = headerText(response.headers, 'location')
  if (location === '' || !URL.canParse(location, response.url)) return 'nowhere'
  return new URL(location, response.url).host
}
