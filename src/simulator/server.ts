// The simulator's sockets: starts it on a port, over HTTP, TLS, or a listener that never speaks, and
// stops it with every connection. What it answers is in `handler.ts`.

import type { Server } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server as NetServer, Socket } from 'node:net'
import { createServer as createNetServer } from 'node:net'
import { GateError } from '../model/errors.ts'
import { createHandler } from './handler.ts'
import type { SimulatorOptions } from './options.ts'

export type Simulator = {
  /** Base URL of the healthy endpoint, ending in `/v1`. */
  readonly url: string
  readonly port: number
  /** Ends every connection; resolves when the port is free. */
  close(): Promise<void>
}

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
