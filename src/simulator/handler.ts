// The simulator as an HTTP server: an inference endpoint with a known truth. It answers all dialects
// at once, at `/v1` (healthy), `/slow/v1` (regressed) and `/fault/NAME/v1`, lists its models, exports its
// numbers at `/metrics` and `/slow/metrics`, and has two addresses of its own: `GET /__log` tells what it did, `POST /__control` changes what it does.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { GateError } from '../model/errors.ts'
import { isObject, jsonOrNothing } from '../wire/json/json.ts'
import type { Address, AskedBody } from './asked.ts'
import { readAddress, readBody } from './asked.ts'
import { refusedByAws, type SignedRequest } from './aws-signature.ts'
import { checkTold, readControl } from './control.ts'
import type { Recipient } from './deliver.ts'
import { deliver } from './deliver.ts'
import type { Delivery } from './delivery.ts'
import { refusal } from './delivery.ts'
import { composeDelivery } from './disturbance.ts'
import type { SimulatorOptions } from './options.ts'
import { PROFILES } from './profiles.ts'
import { machineClockMs, ServedLog } from './served-log.ts'
import { metricsText, noNumbers } from './server-numbers.ts'
import type { Speech } from './speech/speech.ts'
import { SPEECHES } from './speech/speech.ts'
import { Version } from './version.ts'

const LARGEST_REQUEST_BYTES = 16 << 20

function ignore(): void {}

/** What all requests of one simulator share. */
type House = {
  readonly options: SimulatorOptions
  readonly versions: Map<string, Version>
  readonly log: ServedLog
  readonly seen: WeakSet<Socket>
}

/** Throws a GateError for options that are not known. */
export function createHandler(options: SimulatorOptions): RequestListener {
  const seed = options.seed ?? 1
  checkTold(options)
  const main = new Version(seed, 'main', PROFILES.healthy)
  const { profile, behaviour, script } = options
  main.change({
    profile,
    behaviour,
    script,
  })
  const versions = new Map([
    ['main', main],
    ['slow', new Version(seed, 'slow', PROFILES.regressed)],
  ])
  const house = { options, versions, log: new ServedLog(), seen: new WeakSet<Socket>() }
  return (request, response) => {
    const newSocket = !house.seen.has(request.socket)
    house.seen.add(request.socket)
    response.on('error', ignore)
    readWhole(request, (read) => answer(house, { request, response, newSocket, ...read }))
  }
}

type WholeRequest = { readonly body: string; readonly readMs: number }

function readWhole(request: IncomingMessage, then: (read: WholeRequest) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > LARGEST_REQUEST_BYTES) request.destroy()
    else chunks.push(chunk)
  })
  request.on('end', () => {
    const readMs = machineClockMs()
    then({ readMs, body: Buffer.concat(chunks).toString('utf8') })
  })
  request.on('error', ignore)
}

type ServedRequest = WholeRequest & {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly newSocket: boolean
}

function answer(house: House, exchange: ServedRequest): void {
  const path = (exchange.request.url ?? '/').split('?', 1)[0] ?? '/'
  const asked = `${exchange.request.method} ${path}`
  if (asked === 'GET /__log') sendJson(exchange.response, 200, house.log.all())
  else if (asked === 'GET /metrics') sendMetrics(house, exchange, 'main')
  else if (asked === 'GET /slow/metrics') sendMetrics(house, exchange, 'slow')
  else if (asked === 'POST /__control') control(house, exchange)
  else if (/^GET .*\/models$/.test(asked)) listModels(house, exchange)
  else answerDialect(house, exchange, path)
}

function answerDialect(house: House, exchange: ServedRequest, path: string): void {
  const address = readAddress(path)
  const version = address === undefined ? undefined : house.versions.get(address.version)
  const speech = address === undefined ? undefined : SPEECHES[address.dialect]
  if (address === undefined || version === undefined || speech === undefined) {
    const bases = 'base URLs are /v1, /slow/v1 and /fault/NAME/v1'
    const message = `nothing is served at ${exchange.request.method} ${path}; ${bases}`
    sendJson(exchange.response, 404, { error: { message, type: 'not_found_error' } })
  } else {
    serve(house, exchange, { address, version, speech })
  }
}

type Route = { readonly address: Address; readonly version: Version; readonly speech: Speech }

function serve(house: House, exchange: ServedRequest, route: Route): void {
  const { address, version, speech } = route
  const parsed = jsonOrNothing(exchange.body)
  const body = isObject(parsed) ? parsed : undefined
  const asked = readBody(address, body ?? {})
  const served = house.log.add({
    version: address.version,
    dialect: address.dialect,
    model: asked.model,
    prompt: asked.prompt.slice(0, 80),
    maxOutputTokens: asked.maxOutputTokens,
    keyPresent: keyOf(exchange.request) !== undefined,
    newSocket: exchange.newSocket,
    readMs: exchange.readMs,
    scripted: false,
    inputTokens: asked.inputTokens,
    turn: asked.turn,
    cachedTokens: 0,
    tokensMs: [],
  })
  const refused = refuse(house.options, exchange, body === undefined ? undefined : asked)
  if (refused !== undefined) {
    const startMs = exchange.readMs
    send(refusal(speech, refused), { response: exchange.response, served, startMs, done: ignore })
    return
  }
  const { plan, scripted } = version.plan(asked, address.fault)
  served.scripted = scripted
  served.cachedTokens = plan.cachedTokens
  if (plan.fault !== undefined) served.fault = plan.fault
  if (plan.wrong) served.wrong = true
  const delivery = composeDelivery({
    plan,
    speech,
    facts: {
      id: String(served.index),
      model: asked.model,
      inputTokens: plan.inputTokens,
      cachedTokens: plan.cachedTokens,
      tool: plan.toolName,
      items: asked.items,
      usageAsked: asked.usageAsked && version.behaviour.usage !== 'off',
    },
    behaviour: version.behaviour,
    elsewhere: elsewhere(exchange.request),
  })
  let waited = false
  version.takePlace(() => {
    // Without a wait, delays count from the moment the request had been read.
    const startMs = waited ? machineClockMs() : exchange.readMs
    const done = () => version.leavePlace(served)
    send(delivery, { response: exchange.response, served, startMs, done })
  })
  waited = true
}

function send(delivery: Delivery, to: Recipient): void {
  if (to.response.destroyed) {
    to.served.clientClosedMs = machineClockMs()
    to.done()
  } else {
    deliver(delivery, to)
  }
}

type Refused = { readonly status: number; readonly message: string; readonly code?: string }

function refuse(
  options: SimulatorOptions,
  exchange: ServedRequest,
  asked: Pick<AskedBody, 'model' | 'streams'> | undefined,
): Refused | undefined {
  const unsigned = options.aws && refusedByAws(signedOf(exchange), options.aws, Date.now())
  if (unsigned !== undefined) return unsigned
  if (options.apiKey !== undefined && keyOf(exchange.request) !== options.apiKey) {
    return { status: 401, message: 'the API key is missing or wrong' }
  }
  if (asked === undefined) return { status: 400, message: 'the body is not a JSON object' }
  if (!asked.streams) return { status: 400, message: 'only streamed answers are served' }
  if (options.models !== undefined && !options.models.includes(asked.model)) {
    const known = options.models.join(', ')
    return { status: 404, message: `the model "${asked.model}" does not exist; there is ${known}` }
  }
  return undefined
}

function signedOf({ request, body }: ServedRequest): SignedRequest {
  const { method = '', url = '/', rawHeaders } = request
  const pairs = rawHeaders.flatMap((name, i) =>
    i % 2 === 0 ? [[name, rawHeaders[i + 1] ?? ''] as const] : [],
  )
  return { method, path: url, headers: pairs, body }
}

function keyOf(request: IncomingMessage): string | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) return authorization.replace(/^Bearer /i, '')
  const named = ['x-api-key', 'x-goog-api-key', 'api-key'].map((name) => request.headers[name])
  return named.find((value): value is string => typeof value === 'string')
}

/** The same machine under another name: another host to every client that looks. */
function elsewhere(request: IncomingMessage): string {
  const scheme = request.socket instanceof TLSSocket ? 'https' : 'http'
  return `${scheme}://localhost:${request.socket.localPort}${request.url}`
}

function listModels(house: House, exchange: ServedRequest): void {
  const models = house.options.models ?? ['simulated']
  const data = models.map((id) => ({ id, object: 'model' }))
  sendJson(exchange.response, 200, { object: 'list', data })
}

function sendMetrics(house: House, { response }: ServedRequest, name: string): void {
  const numbers = house.versions.get(name)?.numbers() ?? noNumbers()
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  response.end(metricsText(numbers))
}

function control(house: House, exchange: ServedRequest): void {
  try {
    const change = readControl(exchange.body)
    const name = change.version ?? 'main'
    const version =
      house.versions.get(name) ?? new Version(house.options.seed ?? 1, name, PROFILES.healthy)
    if (change.forget?.includes('log')) house.log.clear()
    version.change(change)
    house.versions.set(name, version)
    sendJson(exchange.response, 200, version.describe())
  } catch (error) {
    if (!(error instanceof GateError)) throw error
    sendJson(exchange.response, 400, { error: { message: `${error.message} ${error.remedy}` } })
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value)
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(body)
}
