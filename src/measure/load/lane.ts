// One connection's worth of an endpoint: what travels on a lane goes one request after the other,
// and a lane never has more than one socket. Each concurrent request has a lane of its own, so no
// request ever waits in a pool, and which connection served it is known without guessing.

import { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import { buildConnector, Client } from 'undici'
import type { HttpProxy } from '../../model/proxy.ts'
import type { ConnectStage } from './failure.ts'
import { codeOf } from './failure.ts'
import { publicLookup } from './public-lookup.ts'
import { asForwarded, Tunnel } from './tunnel.ts'

/** Stamps of the connection a request had to open; from the caller's clock. */
export type Connecting = {
  readonly startMs: number
  dnsMs?: number
  tcpMs?: number
  tlsMs?: number
  /** How far it got: what a failure is named after. */
  stage: ConnectStage
}

/**
 * A connection that was idle this long is not used again: many servers (uvicorn, vLLM with it) close
 * after five seconds without saying so, and a request sent into that would look like their failure.
 * Where a server does say how long it keeps a connection, that counts.
 */
const IDLE_MS = 4000
const LONGEST_IDLE_MS = 600_000
/** Header blocks beyond this are no answer of an inference server. */
const MOST_HEADER_BYTES = 64 * 1024

/**
 * What all lanes to one server have learned of it. Some servers (llama.cpp's among them) close each
 * connection behind its answer without saying so; a request written in the moment before that is
 * noticed would look like their failure. From then on every request gets a connection of its own.
 */
export type ServerHabits = { closesConnections: boolean }

/** What a lane is to: the same for all lanes of an arm. */
export type LaneServer = {
  readonly habits: ServerHabits
  readonly publicOnly: boolean
  /** Undefined = straight. */
  readonly proxy: HttpProxy | undefined
}

/** A connection closed within this time behind an answer was not closed for being idle. */
const CLOSED_BEHIND_ANSWER_MS = 1000

export class Lane {
  readonly #origin: string
  readonly #now: () => number
  readonly #habits: ServerHabits
  readonly #publicOnly: boolean
  readonly #proxy: HttpProxy | undefined
  #client: Client
  #socket: Socket | undefined
  #tunnel: Tunnel | undefined
  #connecting: Connecting | undefined
  #warmed = false

  /** When the last response ended; undefined while a request is on the connection. */
  #answeredMs: number | undefined
  #connected = false

  constructor(origin: string, now: () => number, server: LaneServer) {
    this.#origin = origin
    this.#now = now
    this.#habits = server.habits
    this.#publicOnly = server.publicOnly
    this.#proxy = server.proxy
    this.#client = this.#open()
  }

  /** True when a connection has stood on this lane before. */
  get warmed(): boolean {
    return this.#warmed
  }

  /** Set while and after a request opened a connection, until `dispatch` is called again. */
  get connecting(): Connecting | undefined {
    return this.#connecting
  }

  get socket(): Socket | undefined {
    return this.#socket
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const reset = this.#habits.closesConnections
    if (reset && this.#connected) this.cut(new Error('the server closes its connections'))
    this.#connecting = undefined
    const proxy = this.#forwarding
    const sent =
      proxy === undefined ? options : asForwarded(options, { proxy, origin: this.#origin })
    this.#client.dispatch(reset ? { ...sent, reset } : sent, handler)
  }

  /** A request is about to be written to the connection. */
  writing(): void {
    this.#answeredMs = undefined
  }

  /** Its response has ended, as HTTP says. */
  answered(): void {
    this.#answeredMs = this.#now()
  }

  /** Ends whatever goes on, connecting included; the next request opens a new connection. */
  cut(reason: Error): void {
    const old = this.#client
    this.#client = this.#open()
    // A socket that is still connecting belongs to nobody yet and would outlive its client.
    this.#socket?.destroy()
    this.#tunnel?.cancel(reason)
    this.#connected = false
    this.#answeredMs = undefined
    void old.destroy(reason)
  }

  async close(): Promise<void> {
    await this.#client.destroy()
    this.#socket?.destroy()
    this.#tunnel?.cancel(new Error('the measurement has ended'))
  }

  /** The proxy that is given whole requests: plain http needs no tunnel. */
  get #forwarding(): HttpProxy | undefined {
    return this.#origin.startsWith('http:') ? this.#proxy : undefined
  }

  #open(): Client {
    // No timeouts of undici's: it knows nothing of tokens, and its timers tick in half seconds.
    const connect = buildConnector({
      allowH2: false,
      timeout: 0,
      ...(this.#publicOnly ? { lookup: publicLookup } : {}),
    })
    const client = new Client(this.#forwarding?.origin ?? this.#origin, {
      allowH2: false,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MOST_HEADER_BYTES,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: LONGEST_IDLE_MS,
      connect: (options, callback) => this.#connect(connect, options, callback),
    })
    client.on('disconnect', (_origin, _targets, error) => {
      if (client === this.#client) this.#disconnected(error)
    })
    return client
  }

  #disconnected(error: Error): void {
    this.#connected = false
    const idleMs = this.#now() - (this.#answeredMs ?? Number.NEGATIVE_INFINITY)
    // undici's own reasons: it was idle too long, or the server had said that it would close.
    if (codeOf(error) === 'UND_ERR_INFO' || idleMs > CLOSED_BEHIND_ANSWER_MS) return
    this.#habits.closesConnections = true
  }

  #connect(
    connect: buildConnector.connector,
    options: buildConnector.Options,
    callback: buildConnector.Callback,
  ): void {
    const isForwarding = this.#forwarding !== undefined
    const isThrough = this.#proxy !== undefined
    const connecting: Connecting = { startMs: this.#now(), stage: isThrough ? 'proxy' : 'dns' }
    this.#connecting = connecting
    if (this.#proxy === undefined || isForwarding) {
      this.#dial(connect, { options, connecting, callback })
      return
    }
    const tunnel = new Tunnel(this.#proxy)
    this.#tunnel = tunnel
    const { host, port } = new URL(this.#origin)
    tunnel.open(port === '' ? `${host}:443` : host).then(
      (httpSocket) => {
        connecting.tcpMs = this.#now()
        connecting.stage = 'tls'
        this.#dial(connect, { options: { ...options, httpSocket }, connecting, callback })
      },
      (error) => callback(new ConnectError(error), null),
    )
  }

  #dial(connect: buildConnector.connector, { options, connecting, callback }: Dialling): void {
    const secure = options.protocol === 'https:'
    // undici returns the socket it opens; its types do not say so.
    const opened: unknown = connect(options, (...result) => {
      const [error, socket] = result
      if (error !== null) return callback(new ConnectError(error), null)
      // undici calls back before our own listener of `secureConnect` would hear of it.
      if (secure) connecting.tlsMs = this.#now()
      this.#warmed = true
      this.#connected = true
      callback(null, socket)
    })
    if (!(opened instanceof Socket)) return
    this.#socket = opened
    // The phases of what stands already are those of the proxy.
    if (options.httpSocket !== undefined) return
    stampPhases(opened, { connecting, secure, now: this.#now })
  }
}

type Dialling = {
  readonly options: buildConnector.Options
  readonly connecting: Connecting
  readonly callback: buildConnector.Callback
}

function stampPhases(
  socket: Socket,
  {
    connecting,
    secure,
    now,
  }: { readonly connecting: Connecting; readonly secure: boolean; readonly now: () => number },
): void {
  const isProxy = connecting.stage === 'proxy'
  socket.once('lookup', (error: Error | null) => {
    if (error !== null) return
    connecting.dnsMs = now()
    if (!isProxy) connecting.stage = 'tcp'
  })
  socket.once('connect', () => {
    connecting.tcpMs = now()
    if (!isProxy) connecting.stage = secure ? 'tls' : 'tcp'
  })
}

/** undici takes some socket errors for passing ones and would connect again without an end. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'

  constructor(cause: Error) {
    super(firstMessage(cause), { cause })
  }
}

/** An attempt over several addresses fails with a list of errors and no text of its own. */
function firstMessage(error: Error): string {
  const listed: unknown = 'errors' in error ? error.errors : undefined
  if (error.message !== '' || !Array.isArray(listed)) return error.message
  const messages = listed.map((each: { message?: unknown }) => String(each.message ?? ''))
  return messages.find((message) => message !== '') ?? 'no address could be reached'
}
