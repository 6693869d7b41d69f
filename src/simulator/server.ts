// The simulator as an HTTP server: an inference endpoint with a known truth. It answers all dialects
// at once, at `/v1` (healthy), `/slow/v1` (regressed) and `/fault/NAME/v1`, lists its models, and has
// two addresses of its own: `GET /__log` tells what it did, `POST /__control` changes what it does.

import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server as NetServer, Socket } from 'node:net'
import { createServer as createNetServer } from 'node:net'
import { GateError } from '../model/errors.ts'
import { isObject, parseJson } from '../wire/untyped-json.ts'
import type { Address } from './asked.ts'
import { readAddress, readBody } from './asked.ts'
import { readControl } from './control.ts'
import { deliver } from './deliver.ts'
import type { Delivery } from './delivery.ts'
import { composeDelivery, refusal } from './delivery.ts'
import type { SimulatorOptions } from './options.ts'
import { applyChange } from './options.ts'
import { PROFILES } from './profiles.ts'
import type { Served } from './served-log.ts'
import { machineClockMs, ServedLog } from './served-log.ts'
import type { Speech } from './speech.ts'
import { SPEECHES } from './speech.ts'
import { Version } from './version.ts'

export type Simulator = {
  /** Base URL of the healthy endpoint, ending in `/v1`. */
  readonly url: string
  readonly port: number
  /** Ends every connection; resolves when the port is free. */
  close(): Promise<void>
}

const LARGEST_REQUEST_BYTES = 16 << 20

/** Throws a GateError for an option that is not known or a port that cannot be had. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const server = createListener(options)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const host = options.host ?? '127.0.0.1'
  const port = await listen(server, options.port ?? 0, host)
  const scheme = options.listener === undefined || options.listener === 'http' ? 'http' : 'https'
  return {
    url: `${scheme}://${host}:${port}/v1`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function createListener(options: SimulatorOptions): NetServer | Server {
  if (options.listener === 'silent') return createNetServer((socket) => socket.on('error', ignore))
  const handler = createHandler(options)
  if (options.listener !== 'https') return tuned(createServer(handler))
  return tuned(createTlsServer({ key: options.tls?.key, cert: options.tls?.cert }, handler))
}

function ignore(): void {}

/** Idle connections are the client's to close: a benchmark's pool must stay warm. */
function tuned<S extends Server>(server: S): S {
  server.keepAliveTimeout = 600_000
  server.requestTimeout = 0
  return server
}

function listen(server: NetServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const why = `simulator: cannot listen on ${host}:${port}; ${cause.message}`
      reject(new GateError('usage', why, 'Choose another port, or 0 for any free one.', { cause }))
    })
    server.listen(port, host, 1024, () => resolve((server.address() as AddressInfo).port))
  })
}

/** What all requests of one simulator share. */
type House = {
  readonly options: SimulatorOptions
  readonly versions: Map<string, Version>
  readonly log: ServedLog
  readonly seen: WeakSet<Socket>
}

function createHandler(options: SimulatorOptions): RequestListener {
  const seed = options.seed ?? 1
  const main = applyChange(PROFILES.healthy, options)
  const versions = new Map([
    ['main', new Version(seed, 'main', main)],
    ['slow', new Version(seed, 'slow', PROFILES.regressed)],
  ])
  versions.get('main')?.change({ script: options.script ?? [] })
  const house = { options, versions, log: new ServedLog(), seen: new WeakSet<Socket>() }
  return (request, response) => {
    const newSocket = !house.seen.has(request.socket)
    house.seen.add(request.socket)
    response.on('error', ignore)
    readWhole(request, (body) => answer(house, { request, response, body, newSocket }))
  }
}

function readWhole(request: IncomingMessage, then: (body: string) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > LARGEST_REQUEST_BYTES) request.destroy()
    else chunks.push(chunk)
  })
  request.on('end', () => then(Buffer.concat(chunks).toString('utf8')))
  request.on('error', ignore)
}

type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: string
  readonly newSocket: boolean
}

function answer(house: House, exchange: Exchange): void {
  const path = (exchange.request.url ?? '/').split('?', 1)[0] ?? '/'
  const asked = `${exchange.request.method} ${path}`
  if (asked === 'GET /__log') sendJson(exchange.response, 200, house.log.all())
  else if (asked === 'POST /__control') control(house, exchange)
  else if (/^GET .*\/models$/.test(asked)) listModels(house, exchange)
  else answerDialect(house, exchange, path)
}

function answerDialect(house: House, exchange: Exchange, path: string): void {
  const address = readAddress(path)
  const version = address === undefined ? undefined : house.versions.get(address.version)
  const speech = address === undefined ? undefined : SPEECHES[address.dialect]
  if (address === undefined || version === undefined || speech === undefined) {
    const message = `nothing is served at ${exchange.request.method} ${path}`
    sendJson(exchange.response, 404, { error: { message, type: 'not_found_error' } })
  } else {
    serve(house, exchange, { address, version, speech })
  }
}

type Route = { readonly address: Address; readonly version: Version; readonly speech: Speech }

function serve(house: House, exchange: Exchange, route: Route): void {
  const { address, version, speech } = route
  const parsed = parseJson(exchange.body)
  const asked = readBody(address, isObject(parsed) ? parsed : {})
  const served = house.log.add({
    version: address.version,
    dialect: address.dialect,
    model: asked.model,
    prompt: asked.prompt.slice(0, 80),
    maxOutputTokens: asked.maxOutputTokens,
    keyPresent: keyOf(exchange.request) !== undefined,
    newSocket: exchange.newSocket,
    readMs: machineClockMs(),
    scripted: false,
    inputTokens: asked.inputTokens,
    cachedTokens: 0,
    tokensMs: [],
  })
  const refused = refuse(house.options, exchange, { model: asked.model, streams: asked.streams })
  if (refused !== undefined) {
    send(exchange, refusal(speech, refused), served)
    return
  }
  const { plan, scripted } = version.plan(asked, address.fault)
  served.scripted = scripted
  served.cachedTokens = plan.cachedTokens
  if (plan.fault !== undefined) served.fault = plan.fault
  const delivery = composeDelivery({
    plan,
    speech,
    facts: {
      id: String(served.index),
      model: asked.model,
      inputTokens: plan.inputTokens,
      cachedTokens: plan.cachedTokens,
      usageAsked: asked.usageAsked && version.behaviour.usage !== 'off',
    },
    behaviour: version.behaviour,
    elsewhere: elsewhere(exchange.request),
  })
  version.takePlace(() => send(exchange, delivery, served, () => version.leavePlace()))
}

function send(exchange: Exchange, delivery: Delivery, served: Served, done = ignore): void {
  if (exchange.response.destroyed) {
    served.clientClosedMs = machineClockMs()
    done()
  } else {
    deliver(delivery, { response: exchange.response, served, done })
  }
}

type Refused = { readonly status: number; readonly message: string }

function refuse(
  options: SimulatorOptions,
  exchange: Exchange,
  asked: { readonly model: string; readonly streams: boolean },
): Refused | undefined {
  if (options.apiKey !== undefined && keyOf(exchange.request) !== options.apiKey) {
    return { status: 401, message: 'the API key is missing or wrong' }
  }
  if (!asked.streams) return { status: 400, message: 'only streamed answers are served' }
  if (options.models !== undefined && !options.models.includes(asked.model)) {
    const known = options.models.join(', ')
    return { status: 404, message: `the model "${asked.model}" does not exist; there is ${known}` }
  }
  return undefined
}

function keyOf(request: IncomingMessage): string | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) return authorization.replace(/^Bearer /i, '')
  const named = ['x-api-key', 'x-goog-api-key', 'api-key'].map((name) => request.headers[name])
  return named.find((value): value is string => typeof value === 'string')
}

/** The same machine under another name: another host to every client that looks. */
function elsewhere(request: IncomingMessage): string {
  const port = request.socket.localPort ?? 80
  return `http://localhost:${port}${request.url ?? '/'}`
}

function listModels(house: House, exchange: Exchange): void {
  const models = house.options.models ?? ['simulated']
  const data = models.map((id) => ({ id, object: 'model' }))
  sendJson(exchange.response, 200, { object: 'list', data })
}

function control(house: House, exchange: Exchange): void {
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
