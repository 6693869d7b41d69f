// One connection's worth of an endpoint: what travels on a lane goes one request after the other,
// and a lane never has more than one socket. Each concurrent request has a lane of its own, so no
// request ever waits in a pool, and which connection served it is known without guessing.

import { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import { buildConnector, Client } from 'undici'
import type { HttpProxy } from '../../model/proxy.ts'
import { MOST_HEADER_BYTES } from './answer-bounds.ts'
import type { Clock } from './clock.ts'
import type { Connecting } from './connecting.ts'
import { ConnectError, stampPhases } from './connecting.ts'
import { codeOf } from './failure.ts'
import type { OpenedAhead } from './opened-ahead.ts'
import { openAhead } from './opened-ahead.ts'
import { publicLookup } from './public-lookup.ts'
import { boundedReads, ResponseOverhead } from './response-overhead.ts'
import { asForwarded, Tunnel } from './tunnel.ts'

/**
 * A connection that was idle this long is not used again: many servers (uvicorn, vLLM with it) close
 * after five seconds without saying so, and a request sent into that would look like their failure.
 * Where a server does say how long it keeps a connection, that counts.
 */
const IDLE_MS = 4000
const LONGEST_IDLE_MS = 600_000

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
  readonly #clock: Clock
  readonly #habits: ServerHabits
  readonly #connector: buildConnector.connector
  readonly #proxy: HttpProxy | undefined
  #client: Client
  #socket: Socket | undefined
  #tunnel: Tunnel | undefined
  #ahead: OpenedAhead | undefined
  #connecting: Connecting | undefined
  #warmed = false
  /** Told by whoever handles the response. */
  readonly overhead = new ResponseOverhead()

  /** When the last response ended; undefined while a request is on the connection. */
  #answeredMs: number | undefined
  #connected = false

  constructor(origin: string, clock: Clock, server: LaneServer) {
    this.#origin = origin
    this.#clock = clock
    this.#habits = server.habits
    this.#proxy = server.proxy
    // No timeouts of undici's: it knows nothing of tokens, and its timers tick in half seconds.
    this.#connector = buildConnector({
      allowH2: false,
      timeout: 0,
      ...(server.publicOnly ? { lookup: publicLookup } : {}),
    })
    this.#client = this.#newClient()
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

  /**
   * Opens the connection for the request that comes, where none stands: its own opening is then in no
   * stamp. Does nothing where each request gets a connection of its own anyway.
   */
  async open(signal: AbortSignal): Promise<void> {
    if (this.#connected || this.#habits.closesConnections) return
    const { protocol, host, hostname, port } = new URL(this.#firstHop)
    const options = { protocol, host, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port }
    const connecting = this.#beginning()
    this.#ahead = await openAhead({
      open: (callback) => this.#make({ options, connecting, callback }),
      giveUp: (reason) => this.#abandon(reason),
      signal,
    })
  }

  /** A request is about to be written to the connection. */
  writing(): void {
    this.#answeredMs = undefined
    this.overhead.begin()
  }

  /** Its response has ended, as HTTP says. */
  answered(): void {
    this.#answeredMs = this.#clock.steadyMs()
  }

  /** Ends whatever goes on, connecting included; the next request opens a new connection. */
  cut(reason: Error): void {
    const old = this.#client
    this.#client = this.#newClient()
    // A socket that is still connecting belongs to nobody yet and would outlive its client.
    this.#abandon(reason)
    this.#connected = false
    this.#answeredMs = undefined
    void old.destroy(reason)
  }

  async close(): Promise<void> {
    await this.#client.destroy()
    this.#abandon(new Error('the measurement has ended'))
  }

  #abandon(reason: Error): void {
    this.#socket?.destroy()
    this.#tunnel?.cancel(reason)
  }

  /** The proxy that is given whole requests: plain http needs no tunnel. */
  get #forwarding(): HttpProxy | undefined {
    return this.#origin.startsWith('http:') ? this.#proxy : undefined
  }

  /** What a connection is made to first. */
  get #firstHop(): string {
    return this.#forwarding?.origin ?? this.#origin
  }

  #newClient(): Client {
    const client = new Client(this.#firstHop, {
      allowH2: false,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MOST_HEADER_BYTES,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: LONGEST_IDLE_MS,
      connect: (options, callback) => this.#connect(options, callback),
    })
    client.on('disconnect', (_origin, _targets, error) => {
      if (client === this.#client) this.#disconnected(error)
    })
    return client
  }

  #disconnected(error: Error): void {
    this.#connected = false
    const idleMs = this.#clock.steadyMs() - (this.#answeredMs ?? Number.NEGATIVE_INFINITY)
    // undici's own reasons: it was idle too long, or the server had said that it would close.
    if (codeOf(error) === 'UND_ERR_INFO' || idleMs > CLOSED_BEHIND_ANSWER_MS) return
    this.#habits.closesConnections = true
  }

  #connect(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const ahead = this.#takeAhead(options)
    // undici does not look for work of its own while it asks for a connection.
    if (ahead !== undefined) {
      queueMicrotask(() => callback(null, ahead))
      return
    }
    this.#connecting = this.#beginning()
    this.#make({ options, connecting: this.#connecting, callback })
  }

  /** Not for a request whose `host` header asks TLS for another name than the address has. */
  #takeAhead({ protocol, hostname, servername }: buildConnector.Options): Socket | undefined {
    const ahead = this.#ahead?.take()
    this.#ahead = undefined
    if (protocol === 'http:' || !servername || servername === hostname) return ahead
    ahead?.destroy()
    return undefined
  }

  #beginning(): Connecting {
    const stage = this.#proxy === undefined ? 'dns' : 'proxy'
    return { startMs: this.#clock.now(), stage }
  }

  /** Makes a connection, through the proxy where there is one. */
  #make(dialling: Dialling): void {
    if (this.#proxy === undefined || this.#forwarding !== undefined) {
      this.#dial(dialling)
      return
    }
    const { options, connecting, callback } = dialling
    const tunnel = new Tunnel(this.#proxy)
    this.#tunnel = tunnel
    const { host, port } = new URL(this.#origin)
    tunnel.open(port === '' ? `${host}:443` : host).then(
      (httpSocket) => {
        connecting.tcpMs = this.#clock.now()
        connecting.stage = 'tls'
        this.#dial({ ...dialling, options: { ...options, httpSocket } })
      },
      (error) => callback(new ConnectError(error), null),
    )
  }

  #dial({ options, connecting, callback }: Dialling): void {
    const secure = options.protocol === 'https:'
    // undici returns the socket it opens; its types do not say so.
    const opened: unknown = this.#connector(options, (...result) => {
      const [error, socket] = result
      if (error !== null) return callback(new ConnectError(error), null)
      // undici calls back before our own listener of `secureConnect` would hear of it.
      if (secure) connecting.tlsMs = this.#clock.now()
      this.#warmed = true
      this.#connected = true
      callback(null, boundedReads(socket, this.overhead))
    })
    if (!(opened instanceof Socket)) return
    this.#socket = opened
    // The phases of what stands already are those of the proxy.
    if (options.httpSocket !== undefined) return
    stampPhases(opened, { connecting, secure, now: this.#clock.now })
  }
}

type Dialling = {
  readonly options: buildConnector.Options
  readonly connecting: Connecting
  readonly callback: buildConnector.Callback
}
