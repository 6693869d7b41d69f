// One question to whoever hands out tokens: never redirected, bounded in time and size, over https (or to
// this machine itself), and through the proxy that the environment names.

import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
import { GateError } from '../model/errors.ts'
import { proxyFor } from '../model/proxy.ts'
import { leaving } from '../redact/redact.ts'
import { isObject, jsonOrNothing, objectAt, textAt } from '../wire/json/json.ts'
import type { LoginJob } from './proof.ts'
import { MOST_SAID_BYTES } from './proof.ts'

const TIMEOUT_MS = 20_000
const LONGEST_DETAIL = 200
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

export type AskedForToken = {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Posted as a form, or as JSON. Neither = fetched. */
  readonly form?: Readonly<Record<string, string>>
  readonly json?: unknown
}

export type TokenAnswer = {
  readonly status: number
  readonly text: string
  /** What to throw where it is not what was asked for. */
  readonly refused: (what: string, remedy: string) => GateError
}

/** Throws GateError where it cannot be asked at all. */
export async function ask(asked: AskedForToken, job: LoginJob): Promise<TokenAnswer> {
  const url = safe(asked.url)
  const dispatcher = dispatcherFor(url, job)
  try {
    const { statusCode: status, body } = await request(url, {
      ...written(asked),
      dispatcher,
      signal: AbortSignal.any([job.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    const text = await bounded(body)
    return { status, text, refused: (what, remedy) => refused({ url, what, status, text }, remedy) }
  } catch (cause) {
    if (cause instanceof GateError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GateError(
      'measurement',
      `${url.host} cannot be asked for the cloud’s token: ${shortened(why)}`,
      'Try again; behind a proxy set HTTPS_PROXY.',
      { cause },
    )
  } finally {
    await dispatcher.destroy()
  }
}

/** Over plain http anybody on the way would have the token. */
function safe(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isSafe = url?.protocol === 'https:' || (url !== undefined && LOOPBACK.test(url.hostname))
  if (url !== undefined && isSafe) return url
  throw new GateError(
    'config',
    `${url?.host ?? 'an address'} of the cloud’s login is not asked for a token, because it is no https address`,
    'Use the login step’s own settings.',
  )
}

function dispatcherFor(url: URL, { env }: LoginJob): Dispatcher {
  const bounds = { allowH2: false, connect: { timeout: TIMEOUT_MS } }
  const proxy = proxyFor(url.href, env)
  if (proxy === undefined) return new Agent(bounds)
  const { origin, credentials } = proxy
  const token = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
  return new ProxyAgent({ ...bounds, uri: origin, ...(token ? { token } : {}) })
}

function written({ headers = {}, form, json }: AskedForToken) {
  if (form === undefined && json === undefined) return { method: 'GET', headers } as const
  const [type, body] =
    form === undefined
      ? ['application/json', JSON.stringify(json)]
      : ['application/x-www-form-urlencoded', new URLSearchParams(form).toString()]
  return { method: 'POST', headers: { ...headers, 'content-type': type }, body } as const
}

async function bounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > MOST_SAID_BYTES)
      throw new Error(`it answers with more than ${MOST_SAID_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

type Refused = {
  readonly url: URL
  readonly what: string
  readonly status: number
  readonly text: string
}

function refused({ url, what, status, text }: Refused, remedy: string): GateError {
  const said = status === 200 ? 'its answer holds none' : `HTTP ${status}${reasonIn(text)}`
  return new GateError('measurement', `${url.host} gives no token for ${what}: ${said}`, remedy)
}

/** Foreign text: one short line, without what we know to be secret. */
function reasonIn(text: string): string {
  const told = jsonOrNothing(text)
  const error = objectAt(told, 'error') ?? objectAt(told, 'Error')
  const reason =
    textAt(told, 'error_description') ??
    textAt(error, 'message') ??
    textAt(error, 'Message') ??
    textAt(told, 'message') ??
    textAt(told, 'error') ??
    (isObject(told) ? undefined : /<Message>([^<]+)</.exec(text)?.[1])
  return reason === undefined ? '' : `: ${shortened(reason)}`
}

function shortened(text: string): string {
  const line = leaving
    .text(text)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  return line.length <= LONGEST_DETAIL ? line : `${line.slice(0, LONGEST_DETAIL - 1)}…`
}
