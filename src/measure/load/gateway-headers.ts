// What stands in a response's headers beside the answer: times that a server or a gateway took, how much
// of a rate limit is left, and whether the answer came out of a gateway's cache, which is not the
// model's. All of it is foreign text: numbers are taken out of it and nothing else.

import type { GatewaySaid } from '../../model/request-record.ts'
import { headerText, type ResponseHeaders } from './response-head.ts'

/** By the server behind: Envoy and Istio, OpenAI and what imitates it. */
const UPSTREAM = ['x-envoy-upstream-service-time', 'openai-processing-ms'] as const
const LEFT = ['x-ratelimit-remaining-requests', 'x-ratelimit-remaining'] as const
/** Caches of content networks, proxies and AI gateways; each says HIT in its own header. */
const CACHE_MARKS = [
  'x-cache',
  'x-cache-status',
  'cf-cache-status',
  'cf-aig-cache-status',
  'x-portkey-cache-status',
  'helicone-cache',
] as const
const HIT = /^(hit|semantic hit|stale|revalidated)\b/i

/** Longer values are read no further. */
const LONGEST_VALUE = 1000
const LARGEST = 1e7

/** Undefined where the headers say nothing of it. */
export function readGatewayHeaders(headers: ResponseHeaders): GatewaySaid | undefined {
  const timing = timingsOf(headerText(headers, 'server-timing'))
  const ageS = numberOf(headerText(headers, 'age'))
  const said: GatewaySaid = {
    upstreamMs: firstNumber(headers, UPSTREAM),
    queueMs: timing('queue', 'wait'),
    prefillMs: timing('prefill', 'prompt'),
    requestsLeft: firstNumber(headers, LEFT),
    ...(isFromCache(headers, ageS) ? { fromCache: true } : {}),
  }
  return Object.values(said).some((value) => value !== undefined) ? said : undefined
}

function firstNumber(headers: ResponseHeaders, names: readonly string[]): number | undefined {
  for (const name of names) {
    const found = numberOf(headerText(headers, name))
    if (found !== undefined) return found
  }
  return undefined
}

function numberOf(text: string): number | undefined {
  const value = /^\s*\d{1,9}(\.\d{1,9})?\s*$/.test(text) ? Number(text) : undefined
  return value !== undefined && value <= LARGEST ? value : undefined
}

/** A streamed answer of some age was made for somebody else. */
function isFromCache(headers: ResponseHeaders, ageS: number | undefined): boolean {
  if (ageS !== undefined && ageS > 0) return true
  return CACHE_MARKS.some((name) => HIT.test(headerText(headers, name).slice(0, 40)))
}

/** `queue;dur=12.5, prefill;desc="x";dur=80`: durations by the name that they begin with. */
function timingsOf(text: string): (...names: readonly string[]) => number | undefined {
  const entries = text.slice(0, LONGEST_VALUE).split(',')
  return (...names) => {
    for (const entry of entries) {
      const [name = '', ...members] = entry.split(';').map((part) => part.trim())
      if (!names.some((wanted) => name.toLowerCase().startsWith(wanted))) continue
      const duration = members.find((member) => /^dur\s*=/i.test(member))
      const ms = numberOf(duration?.replace(/^dur\s*=\s*"?|"$/gi, '') ?? '')
      if (ms !== undefined) return ms
    }
    return undefined
  }
}
