// A chat endpoint that costs as little as it can: canned bytes, one timer for all answers, one write a
// token. Every answer is 64 tokens long and begins after 100 ms. It ends with its standard input.

import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { cannedAnswer } from './canned-answer.ts'

const TOKENS = 64
const TICK_MS = 10
const TICKS_TO_FIRST_TOKEN = 10

const ANSWER = cannedAnswer(TOKENS)

type Playing = { readonly socket: Socket; tick: number }
const playing = new Set<Playing>()

setInterval(() => {
  for (const answer of playing) {
    answer.tick += 1
    if (answer.tick === 1) answer.socket.write(ANSWER.head)
    const tokens = answer.tick - TICKS_TO_FIRST_TOKEN
    if (tokens < 0) continue
    if (tokens < TOKENS) answer.socket.write(ANSWER.token)
    else {
      answer.socket.write(ANSWER.tail)
      playing.delete(answer)
    }
  }
}, TICK_MS)

const sockets = new Set<Socket>()
const server = createServer({ noDelay: true }, (socket) => {
  sockets.add(socket)
  let received = ''
  socket.on('data', (data) => {
    received += data.toString('latin1')
    if (received.includes('GET /sockets')) {
      const body = String(sockets.size - 1)
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
      return
    }
    const bodyAt = received.indexOf('\r\n\r\n') + 4
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1])
    if (bodyAt < 4 || received.length < bodyAt + length) return
    received = ''
    playing.add({ socket, tick: 0 })
  })
  socket.on('error', () => {})
  socket.on('close', () => sockets.delete(socket))
})
server.listen(0, '127.0.0.1', 4096, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.resume()
process.stdin.once('end', () => process.exit(0))
