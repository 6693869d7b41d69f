// A TCP server that answers each connection by hand, for endings no HTTP server would make.

import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'

export type RawServer = {
  readonly url: string
  readonly port: number
  /** From now on no connection can be made. */
  refuse(): void
  stop(): Promise<void>
}

/** `answer` is called with each connection, and with the text of every request on it. */
export async function startRawServer(
  answer: (socket: Socket, request: string) => void,
  connected: (socket: Socket) => void = () => {},
): Promise<RawServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    connected(socket)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1])
      const body = text.indexOf('\r\n\r\n') + 4
      if (body < 4 || text.length < body + length) return
      const request = text
      text = ''
      answer(socket, request)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const closed = once(server, 'close')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    refuse: () => void server.close(),
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await closed
    },
  }
}

export const STREAM_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'

/** A chat token as one SSE event. */
export function tokenEvent(text: string): string {
  return `data: {"choices":[{"delta":{"content":${JSON.stringify(text)}}}]}\n\n`
}

export const LAST_EVENTS =
  'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'

/** One HTTP chunk. */
export function httpChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}
