// A chat endpoint that knows exactly when it answered and does next to nothing else: canned bytes, one
// timer an answer, what it stamps kept in numbers. A server that works as it serves (parses, chooses
// words, collects garbage) is late in reading requests, and its lateness would be taken for an error of
// the client. It ends with its standard input.

import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { cannedAnswer } from './canned-answer.ts'

const TOKENS = 16
const GAP_MS = 15
const SHORTEST_TTFT_MS = 200
const LONGEST_TTFT_MS = 300
/** Steps through the range without repeating itself, in the same order for every client. */
const GOLDEN_RATIO = 0.618_033_988_749_895
const MOST_REQUESTS = 1 << 16
/** Of the prompt: its first characters tell the requests apart. */
const KEY_CHARACTERS = 16

const ANSWER = cannedAnswer(TOKENS)

const keys: string[] = []
const readMs = new Float64Array(MOST_REQUESTS)
const firstTokenMs = new Float64Array(MOST_REQUESTS)
let served = 0

/** One connection: it answers one request after the other. */
class Connection {
  readonly #socket: Socket
  #received = ''
  #request = 0
  #sent = 0

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (data) => this.#read(data))
    socket.on('error', () => {})
  }

  #read(data: Buffer): void {
    const atMs = performance.now()
    this.#received += data.toString('latin1')
    if (this.#received.startsWith('GET ')) {
      this.#tell()
      return
    }
    const bodyAt = this.#received.indexOf('\r\n\r\n') + 4
    const length = Number(/content-length: (\d+)/i.exec(this.#received)?.[1])
    if (bodyAt < 4 || this.#received.length < bodyAt + length) return
    this.#begin(atMs)
  }

  #begin(atMs: number): void {
    const key = /"content":"(.*)/.exec(this.#received)?.[1]?.slice(0, KEY_CHARACTERS) ?? ''
    this.#received = ''
    this.#request = served
    this.#sent = 0
    keys[served] = key
    readMs[served] = atMs
    served += 1
    const span = LONGEST_TTFT_MS - SHORTEST_TTFT_MS
    const ttftMs = SHORTEST_TTFT_MS + span * ((served * GOLDEN_RATIO) % 1)
    this.#socket.write(ANSWER.head)
    setTimeout(() => this.#token(), ttftMs)
  }

  #token(): void {
    if (this.#sent === 0) firstTokenMs[this.#request] = performance.now()
    this.#socket.write(ANSWER.token)
    this.#sent += 1
    setTimeout(
      () => (this.#sent < TOKENS ? this.#token() : this.#socket.write(ANSWER.tail)),
      GAP_MS,
    )
  }

  /** What was served since it was last asked. */
  #tell(): void {
    const log = keys.map((prompt, at) => ({
      prompt,
      ttftMs: (firstTokenMs[at] ?? Number.NaN) - (readMs[at] ?? Number.NaN),
    }))
    keys.length = 0
    served = 0
    const body = JSON.stringify(log)
    this.#socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
  }
}

const server = createServer({ noDelay: true }, (socket) => {
  new Connection(socket)
})
server.listen(0, '127.0.0.1', 4096, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.resume()
process.stdin.once('end', () => process.exit(0))
