// A proxy as a company runs one: it opens tunnels on CONNECT, forwards plain http that is asked with the
// whole address, may want a user and a password, and keeps every byte that it could read.

import { once } from 'node:events'
import { createServer, request as forward, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { connect } from 'node:net'

export type ProxyServer = {
  readonly port: number
  readonly url: string
  /** `CONNECT host:port` and `POST http://host/path`, in order. */
  readonly asked: readonly string[]
  /** All that went through it, either way, as it could read it. */
  readonly seen: () => string
  readonly close: () => Promise<void>
}

export type ProxyServerOptions = {
  /** Ports of this machine by `host:port`; any other host does not exist. */
  readonly hosts: Readonly<Record<string, number>>
  /** `user:password` that it wants. */
  readonly credentials?: string
  /** Answers everything with this status. */
  readonly refuses?: number
}

export async function startProxy(options: ProxyServerOptions): Promise<ProxyServer> {
  const asked: string[] = []
  const bytes: Buffer[] = []
  const sockets = new Set<Socket>()
  const keep = (chunk: Buffer) => void bytes.push(chunk)
  const refusalOf = ({ headers }: IncomingMessage, host: string): number | undefined => {
    keep(Buffer.from(JSON.stringify(headers)))
    const { credentials, refuses, hosts } = options
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
    if (wanted !== undefined && headers['proxy-authorization'] !== wanted) return 407
    return refuses ?? (hosts[host] === undefined ? 502 : undefined)
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '')
    asked.push(`${request.method} ${url}`)
    const host = `${url.hostname}:${url.port || '80'}`
    const refused = refusalOf(request, host)
    if (refused !== undefined) return response.writeHead(refused, WANTS).end('no')
    const { 'proxy-authorization': _, ...headers } = request.headers
    const onward = forward(
      {
        port: options.hosts[host],
        method: request.method,
        path: url.pathname + url.search,
        headers,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    request.on('data', keep).pipe(onward)
    return undefined
  })
  server.on('connect', (request, socket, head) => {
    asked.push(`CONNECT ${request.url}`)
    const refused = refusalOf(request, request.url ?? '')
    if (refused !== undefined) {
      socket.end(
        `HTTP/1.1 ${refused} No\r\nProxy-Authenticate: Basic\r\nConnection: close\r\ncontent-length: 0\r\n\r\n`,
      )
      return
    }
    const onward = connect(options.hosts[request.url ?? ''] ?? 0, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.write(head)
      socket.on('data', keep).pipe(onward)
      onward.on('data', keep).pipe(socket)
    })
    sockets.add(onward)
    for (const end of [socket, onward])
      end.on('error', () => [socket, onward].map((each) => each.destroy()))
  })
  server.on('connection', (socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    asked,
    seen: () => Buffer.concat(bytes).toString('latin1'),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const WANTS = { 'proxy-authenticate': 'Basic' }
