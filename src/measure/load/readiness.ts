// What happens before the first request: an endpoint is left alone until it is cold, waited for until it
// answers, and asked once and alone. Time comes in as an argument, so that ten minutes are tested in none.

import { Client, type Dispatcher, ProxyAgent } from 'undici'
import type { Readiness } from '../../model/config.ts'
import type { PlannedRequest } from '../../model/plan.ts'
import type { Opened, OpenRequest } from '../../model/ports.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import { waitMs } from '../../model/wait.ts'
import { dialectOf } from '../../wire/dialects/dialects.ts'
import { codeOf } from './failure.ts'
import { publicLookup } from './public-lookup.ts'
import type { Target } from './targets.ts'
import { proxyToken } from './tunnel.ts'

/** Between two looks. */
const EVERY_MS = 2000
const LOOK_TIMEOUT_MS = 10_000
/** Where only an idle time is asked for: as long as `ready` waits by default. */
const COLD_TIMEOUT_MS = 600_000
/** After so long the same answer is said again. */
const SIGN_OF_LIFE_MS = 30_000

export type Waiting = {
  readonly now: () => number
  readonly wait: (ms: number) => Promise<void>
  readonly signal: AbortSignal
  readonly announce: (step: string) => void
  /** One request, alone. */
  readonly ask: (asked: PlannedRequest) => Promise<RequestRecord | undefined>
  /** Whether a request is billed. */
  readonly isBilled: (record: RequestRecord) => boolean
}

/** `look`: where the readiness address is, with the key that may go there. */
export type OpenTargets = { readonly look: Target | undefined }

export async function openEndpoint(
  request: OpenRequest,
  targets: OpenTargets,
  by: Waiting,
): Promise<Opened> {
  const { gate, idleMs, asked, endpoint } = request
  if (idleMs > 0) {
    by.announce(`${gate}: left alone for ${seconds(idleMs)}, for a cold start`)
    await by.wait(idleMs)
  }
  const watch = new Watch(request, by)
  const { ready } = endpoint
  const beganMs = by.now()
  // What is left alone to become cold is woken by the answer that is timed, not by a look before it.
  if (idleMs === 0 && ready?.url !== undefined && targets.look !== undefined) {
    const look = targets.look
    const never = await watch.until(ready, async () => await lookAt(look))
    if (never !== undefined) return { never, records: [] }
  }
  const readyAfterMs = by.now() - beganMs
  if (asked === undefined) return said(request, by, { readyAfterMs, records: [] })
  const answer = await askUntilAnswered(asked, { watch, request, by })
  if (answer.never !== undefined) return answer
  const isWaitedFor = ready !== undefined && idleMs === 0
  const waitedMs = ready?.url === undefined ? by.now() - beganMs : readyAfterMs
  return said(request, by, { ...answer, readyAfterMs: isWaitedFor ? waitedMs : undefined })
}

function said({ gate }: OpenRequest, by: Waiting, opened: Opened): Opened {
  const { readyAfterMs, coldStartMs } = opened
  const parts = [
    ...(readyAfterMs === undefined ? [] : [`ready after ${seconds(readyAfterMs)}`]),
    ...(coldStartMs === undefined
      ? []
      : [`first answer alone: first token ${seconds(coldStartMs)}`]),
  ]
  if (parts.length > 0) by.announce(`${gate}: ${parts.join('; ')}`)
  return opened
}

type Asking = { readonly watch: Watch; readonly request: OpenRequest; readonly by: Waiting }

async function askUntilAnswered(
  asked: PlannedRequest,
  { watch, request, by }: Asking,
): Promise<Opened> {
  const { idleMs, endpoint, allowance, costOf } = request
  const records: RequestRecord[] = []
  let last: RequestRecord | undefined
  let startedMs = 0
  const firstMs = by.now()
  const within = endpoint.ready ?? { timeoutMs: COLD_TIMEOUT_MS }
  const never = await watch.until(within, async () => {
    if (records.length >= allowance.requests) return { over: 'requests' }
    const spentUsd = records.reduce((sum, record) => sum + (costOf?.(record) ?? 0), 0)
    if (spentUsd > 0 && spentUsd >= allowance.costUsd) return { over: 'cost' }
    startedMs = by.now()
    last = await by.ask(asked)
    if (last === undefined) return { last: 'nothing' }
    if (by.isBilled(last)) records.push(last)
    if (isAnswer(last)) return undefined
    return { last: wordsOf(last), isFinal: isFinal(last) }
  })
  if (never !== undefined || last === undefined) return { never, records }
  const { sentMs, startedMs: handedMs } = last
  const ownMs = waitMs(last)
  const fromFirst =
    ownMs === undefined || sentMs === undefined
      ? undefined
      : startedMs - firstMs + sentMs - handedMs + ownMs
  return { records, coldStartMs: idleMs > 0 ? fromFirst : waitMs(last) }
}

/** Also a filter's or an invisible token's answer is one: the endpoint is there. */
function isAnswer({ outcome }: RequestRecord): boolean {
  return outcome === 'completed' || outcome === 'content-filter' || outcome === 'empty'
}

/** What no time mends: a wrong key, a request that is refused for what it is. A 404 may be a deployment
 * that is not there yet. */
function isFinal({ outcome, status }: RequestRecord): boolean {
  return outcome === 'http-4xx' && status !== 404 && status !== 408 && status !== 425
}

function wordsOf({ outcome, status, detail }: RequestRecord): string {
  return detail ?? (status === undefined ? outcome : `HTTP ${status}`)
}

type Glance =
  /** Not yet. */
  { readonly last: string; readonly isFinal?: boolean } | { readonly over: 'requests' | 'cost' }

class Watch {
  readonly #request: OpenRequest
  readonly #by: Waiting
  readonly #beganMs: number
  #looks = 0
  #last = ''
  #saidMs: number

  constructor(request: OpenRequest, by: Waiting) {
    this.#request = request
    this.#by = by
    this.#beganMs = by.now()
    this.#saidMs = this.#beganMs
  }

  /** Looks until there is nothing to say against the endpoint; else why it was given up. */
  async until(
    { timeoutMs }: Pick<Readiness, 'timeoutMs'>,
    look: () => Promise<Glance | undefined>,
  ): Promise<Opened['never']> {
    for (;;) {
      if (this.#by.signal.aborted) return { kind: 'aborted', measured: 0 }
      const found = await look()
      this.#looks += 1
      if (found === undefined) return undefined
      if ('over' in found) return this.#over(found.over)
      this.#say(found.last)
      if (found.isFinal === true || this.#waitedMs + EVERY_MS > timeoutMs) return this.#never()
      await this.#by.wait(EVERY_MS)
    }
  }

  get #waitedMs(): number {
    return this.#by.now() - this.#beganMs
  }

  #say(last: string): void {
    const nowMs = this.#by.now()
    if (last === this.#last && nowMs - this.#saidMs < SIGN_OF_LIFE_MS) return
    this.#last = last
    this.#saidMs = nowMs
    const { gate } = this.#request
    this.#by.announce(`${gate}: not ready after ${seconds(this.#waitedMs)}: ${last}`)
  }

  #never(): Opened['never'] {
    return { kind: 'not-ready', waitedMs: this.#waitedMs, looks: this.#looks, last: this.#last }
  }

  #over(what: 'requests' | 'cost'): Opened['never'] {
    const { requests, costUsd } = this.#request.allowance
    const allowed = what === 'requests' ? requests : costUsd
    return { kind: 'budget', what, allowed, needed: allowed, measured: 0 }
  }
}

async function lookAt({
  endpoint,
  apiKey,
  authorize,
  publicOnly,
  proxy,
}: Target): Promise<Glance | undefined> {
  const url = new URL(endpoint.url)
  const client = clientFor(url, { publicOnly, proxy })
  const headers = headersFor({ endpoint, apiKey })
  const signed = authorize?.({ method: 'GET', url: url.href, headers, body: '' })
  try {
    const { statusCode, body } = await client.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: signed ?? headers,
      signal: AbortSignal.timeout(LOOK_TIMEOUT_MS),
    })
    await body.dump({ limit: 16 * 1024 })
    return statusCode === 200 ? undefined : { last: `HTTP ${statusCode} at ${url.pathname}` }
  } catch (error) {
    const { name = '' }: { name?: string } = Object(error)
    const isSlow = /timeout/i.test(name)
    const why = isSlow ? `no answer within ${seconds(LOOK_TIMEOUT_MS)}` : codeOf(Object(error))
    return { last: `${why || 'no connection'} at ${url.pathname}` }
  } finally {
    await client.destroy()
  }
}

function clientFor(
  url: URL,
  { publicOnly, proxy }: Pick<Target, 'publicOnly' | 'proxy'>,
): Dispatcher {
  const bounds = {
    allowH2: false,
    headersTimeout: LOOK_TIMEOUT_MS,
    bodyTimeout: LOOK_TIMEOUT_MS,
    connect: { timeout: LOOK_TIMEOUT_MS, ...(publicOnly === true ? { lookup: publicLookup } : {}) },
  }
  return proxy === undefined
    ? new Client(url.origin, bounds)
    : new ProxyAgent({ ...bounds, uri: proxy.origin, token: proxyToken(proxy) })
}

/** As the dialect would send its key; a GET has no body to speak of. */
function headersFor({
  endpoint,
  apiKey,
}: Pick<Target, 'endpoint' | 'apiKey'>): Record<string, string> {
  const { headers } = dialectOf(endpoint.api).request({
    endpoint,
    apiKey,
    messages: [],
    maxOutputTokens: 1,
  })
  const kept = Object.entries(headers).filter(([name]) => !/^content-|^accept/i.test(name))
  return { ...Object.fromEntries(kept), accept: '*/*' }
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${Number((ms / 1000).toPrecision(2))} s` : `${Math.round(ms / 1000)} s`
}
