// Lines of a head, and lines behind a body, become objects before anybody is told: they are counted.

import type { Socket } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { ResponseOverhead } from '../../../src/measure/load/response-overhead.ts'
import { plan, request, run } from './asking.ts'
import { httpChunk, LAST_EVENTS, STREAM_HEAD, startRawServer, tokenEvent } from './raw-server.ts'

async function ask(answer: (socket: Socket) => void, requests = 1) {
  const server = await startRawServer(answer)
  const asked = Array.from({ length: requests }, (_, index) => request(index))
  try {
    const { records } = await run(plan(asked, { timeouts: { firstTokenMs: 1500 } }), server.url)
    return records.map(({ outcome, detail }) => ({ outcome, detail }))
  } finally {
    await server.stop()
  }
}

const TOO_LONG = {
  outcome: 'malformed',
  detail: expect.stringMatching(
    /^not a valid HTTP response: (its head or trailers are too long|Headers Overflow Error)$/,
  ),
}
const ANSWER = `${tokenEvent('hi')}${LAST_EVENTS}`
const CHUNKED = `${STREAM_HEAD}transfer-encoding: chunked\r\n\r\n`
const PIECES = [...ANSWER].map(httpChunk).join('')

describe('what is neither head nor body', () => {
  it.each<[string, string]>([
    ['a head of a thousand lines', `${STREAM_HEAD}${'a:\r\n'.repeat(1000)}`],
    ['a head of long lines', `${STREAM_HEAD}${`a: ${'x'.repeat(900)}\r\n`.repeat(90)}`],
    ['interim heads without an end', 'HTTP/1.1 103 x\r\n\r\n'.repeat(1000)],
    [
      'a long head behind an interim one',
      `HTTP/1.1 103 x\r\n\r\n${STREAM_HEAD}${'a:\r\n'.repeat(1000)}`,
    ],
    ['trailers', `${CHUNKED}${httpChunk(tokenEvent('hi'))}0\r\n${'a:b\r\n'.repeat(1000)}`],
    ['trailers in the read of the head', `${CHUNKED}0\r\n${'a:b\r\n'.repeat(1000)}`],
    ['extensions of chunks', `${CHUNKED}1;${'e'.repeat(4000)}`],
  ])('is malformed when it is %s', async (_, text) => {
    const [record] = await ask((socket) => {
      socket.write(text)
      // The count is taken when the next bytes come.
      setTimeout(() => socket.write('b:c\r\n'), 50).unref()
    })
    expect(record).toEqual(TOO_LONG)
  })

  it.each<[string, readonly string[]]>([
    ['in one piece', [`${CHUNKED}${httpChunk(ANSWER)}0\r\n\r\n`]],
    ['a byte a chunk', [`${CHUNKED}${PIECES}0\r\n\r\n`]],
    ['with the end of the head in two reads', [CHUNKED.slice(0, -2), `\r\n${PIECES}`, '0\r\n\r\n']],
    ['behind an interim head', [`HTTP/1.1 103 x\r\n\r\n${CHUNKED}${httpChunk(ANSWER)}0\r\n\r\n`]],
    [
      'with sixty lines of head and a trailer',
      [
        `${STREAM_HEAD}${'x-y: z\r\n'.repeat(60)}transfer-encoding: chunked\r\n\r\n`,
        `${httpChunk(ANSWER)}0\r\nx: y\r\n\r\n`,
      ],
    ],
    [
      'in lines that look like the end of a head',
      [`${CHUNKED}${httpChunk(ANSWER.replaceAll('\n', '\r\n'))}0\r\n\r\n`],
    ],
  ])('is no matter of an honest answer %s', async (_, writes) => {
    const records = await ask((socket) => {
      for (const [at, text] of writes.entries()) setTimeout(() => socket.write(text), 30 * at)
    }, 2)
    expect(records.map(({ outcome }) => outcome)).toEqual(['completed', 'completed'])
  })

  it('is counted anew for each request of a connection', () => {
    const overhead = new ResponseOverhead()
    for (let round = 0; round < 10; round++) {
      overhead.begin()
      const head = Buffer.from(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(200)}\r\n`)
      overhead.read(head.subarray(0, 800))
      expect(overhead.isTooMuch()).toBe(false)
      overhead.read(head.subarray(800))
      overhead.head(200)
      expect(overhead.isTooMuch()).toBe(false)
    }
  })
})
