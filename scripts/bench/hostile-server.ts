// Servers that answer so as to fill the memory of whoever asks. Each sends as fast as it is read, so
// a client that holds what it need not is found out within seconds.

import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { DEFAULT_EVENT_LIMIT_BYTES } from '../../src/wire/events/framing.ts'

export type Hostility = {
  readonly name: string
  /** What is sent once. */
  readonly head: Buffer
  /** What follows, over and over. Absent = nothing, and the connection stays open. */
  readonly again?: Buffer
  /** How often; absent = for ever. */
  readonly times?: number
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`
const UNFRAMED = `${OK}connection: close\r\n\r\n`
/** Large enough that the server's own work is none. */
const BLOCK = 64 * 1024
const ALMOST_AN_EVENT = DEFAULT_EVENT_LIMIT_BYTES - 4096

export const HONEST: Hostility = {
  name: 'honest',
  head: Buffer.from(
    `${OK}connection: close\r\n\r\ndata: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`,
  ),
  times: 0,
}

export const HOSTILITIES: readonly Hostility[] = [
  { name: 'one-byte chunks of one line', head: Buffer.from(CHUNKED), again: chunks('x') },
  { name: 'one-byte chunks of a refusal', head: refused(), again: chunks('x') },
  {
    name: 'an event of empty lines of data',
    head: Buffer.from(UNFRAMED),
    again: repeated('data:\n'),
  },
  {
    name: 'an event of short lines of data, in chunks',
    head: Buffer.from(CHUNKED),
    again: chunks('data:x\n'),
  },
  { name: 'a line that almost is too long', head: almost('x') },
  { name: 'the same in wide characters', head: almost('\u6f22') },
  { name: 'an event that almost is too long, in JSON', ...bomb('[{},[],') },
  { name: 'the same, nested', ...bomb('[') },
  { name: 'headers of three bytes, without end', head: Buffer.from(OK), again: repeated('a:\r\n') },
  { name: 'one long header, without end', head: Buffer.from(`${OK}a: `), again: repeated('x') },
  { name: 'a gzip bomb', head: gzipBomb(), times: 0 },
  { name: 'a gzip bomb that says it is none', head: gzipBomb(''), times: 0 },
  { name: 'comments without end', head: Buffer.from(UNFRAMED), again: repeated(': ping\n\n') },
  {
    name: 'tokens without end',
    head: Buffer.from(UNFRAMED),
    again: repeated('data: {"choices":[{"delta":{"content":"x"}}]}\n\n'),
  },
  {
    name: 'a flood after the end',
    head: Buffer.concat([HONEST.head]),
    again: repeated('data: x\n\n'),
  },
]

export type HostileServer = { readonly url: string; stop(): Promise<void> }

/** On this machine alone; it ends with whoever started it. */
export async function startHostileServer(hostility: Hostility): Promise<HostileServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.resume()
      void flood(socket, hostility)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function flood(socket: Socket, { head, again, times }: Hostility): Promise<void> {
  socket.write(head)
  if (times === 0) socket.end()
  if (again === undefined) return
  for (let sent = 0; sent < (times ?? Number.POSITIVE_INFINITY) && !socket.destroyed; sent++) {
    if (socket.write(again)) await new Promise(setImmediate)
    else await writable(socket)
  }
}

async function writable(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.once('drain', resolve)
  socket.once('close', resolve)
  await promise
  socket.off('drain', resolve)
  socket.off('close', resolve)
}

function chunks(text: string): Buffer {
  return repeated(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
}

function repeated(text: string): Buffer {
  return Buffer.from(text.repeat(Math.ceil(BLOCK / text.length)))
}

function refused(): Buffer {
  return Buffer.from(
    'HTTP/1.1 503 no\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
  )
}

/** As long as an event may be, and then silence: it is held until the time is up. */
function almost(character: string): Buffer {
  const line = character.repeat(Math.floor(ALMOST_AN_EVENT / Buffer.byteLength(character)))
  return Buffer.from(`${UNFRAMED}data: ${line}`)
}

/** Many small values in one event: what they become in memory is many times their text. */
function bomb(part: string): Pick<Hostility, 'head' | 'again'> {
  const event = `data: ${part.repeat(Math.floor(ALMOST_AN_EVENT / part.length))}\n\n`
  return { head: Buffer.from(UNFRAMED), again: Buffer.from(event) }
}

function gzipBomb(encoding = 'content-encoding: gzip\r\n'): Buffer {
  const body = gzipSync(Buffer.alloc(64 << 20))
  return Buffer.concat([Buffer.from(`${OK}${encoding}connection: close\r\n\r\n`), body])
}
