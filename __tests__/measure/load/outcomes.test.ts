import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { RequestRecord } from '../../../src/model/request-record.ts'
import type { SimulatorProcess } from '../../simulator/simulator-process.ts'
import { startSimulatorProcess } from '../../simulator/simulator-process.ts'
import { askOnce } from './asking.ts'
import type { RawServer } from './raw-server.ts'
import { LAST_EVENTS, STREAM_HEAD, startRawServer, tokenEvent } from './raw-server.ts'
import { SELF_SIGNED_CERT, SELF_SIGNED_KEY } from './self-signed.ts'

let simulator: SimulatorProcess

beforeAll(async () => {
  simulator = await startSimulatorProcess({ behaviour: { ttftMedianMs: 5 } })
})
afterAll(() => simulator.stop())

function expectEnding(record: RequestRecord, ending: Partial<RequestRecord>): void {
  expect(record).toMatchObject(ending)
  expect(record.detail ?? '').not.toContain('sk-very-secret')
}

async function withRawServer<T>(
  answer: Parameters<typeof startRawServer>[0],
  use: (server: RawServer) => Promise<T>,
): Promise<T> {
  const server = await startRawServer(answer)
  try {
    return await use(server)
  } finally {
    await server.stop()
  }
}

describe('a request that gets no connection', () => {
  it('is connect when the port is closed', async () => {
    const closed = await withRawServer(
      () => {},
      async (server) => server.url,
    )
    const record = await askOnce(closed)
    expectEnding(record, { outcome: 'connect', freshConnection: true })
    expect(record.detail).toMatch(/ECONNREFUSED/)
    expect(record.sentMs).toBeUndefined()
  })

  it('is dns when the host has no address', async () => {
    const record = await askOnce('http://no-such-host.invalid/v1')
    expectEnding(record, { outcome: 'dns' })
    expect(record.tcpMs).toBeUndefined()
  })

  it('is tls when nobody vouches for the certificate', async () => {
    const https = await startSimulatorProcess({
      listener: 'https',
      tls: { key: SELF_SIGNED_KEY, cert: SELF_SIGNED_CERT },
    })
    const record = await askOnce(`https://127.0.0.1:${https.port}/v1`)
    await https.stop()
    expectEnding(record, { outcome: 'tls' })
    expect(record.detail).toMatch(/self-signed/)
    expect(record.tcpMs).toBeGreaterThanOrEqual(0)
    expect(record.tlsMs).toBeUndefined()
  })

  it('is tls when the server does not speak it', async () => {
    const record = await askOnce(simulator.url.replace('http:', 'https:'))
    expectEnding(record, { outcome: 'tls' })
    expect(record.detail).toBe(
      'the port answers without TLS: it looks like plain http behind an https address',
    )
  })

  it('is timeout-connect when the handshake never ends', async () => {
    const silent = await startSimulatorProcess({ listener: 'silent' })
    const record = await askOnce(`https://127.0.0.1:${silent.port}/v1`, {
      timeouts: { connectMs: 150 },
    })
    await silent.stop()
    expectEnding(record, { outcome: 'timeout-connect' })
    expect(record.endMs - record.startedMs).toBeGreaterThanOrEqual(149)
  })
})

describe('a request that is refused', () => {
  const refusals = [
    { fault: 'http-400', outcome: 'http-4xx', status: 400 },
    { fault: 'http-401', outcome: 'http-4xx', status: 401 },
    { fault: 'http-404', outcome: 'http-4xx', status: 404 },
    { fault: 'http-429', outcome: 'rate-limited', status: 429 },
    { fault: 'http-500', outcome: 'http-5xx', status: 500 },
    { fault: 'http-503', outcome: 'http-5xx', status: 503 },
  ] as const
  it.each(refusals)('is $outcome for $fault, with the reason', async (refusal) => {
    const { fault, outcome, status } = refusal
    const record = await askOnce(simulator.faultUrl(fault))
    expectEnding(record, { outcome, status })
    expect(record.detail).toMatch(new RegExp(`^HTTP ${status}: .+`))
  })

  it('keeps the seconds that a 429 asks to wait', async () => {
    const record = await askOnce(simulator.faultUrl('http-429'))
    expect(record.retryAfterS).toBeGreaterThan(0)
  })

  it('understands a date to wait for', async () => {
    const until = new Date(Date.now() + 30_000).toUTCString()
    const record = await withRawServer(
      (socket) =>
        socket.end(`HTTP/1.1 503 Busy\r\nretry-after: ${until}\r\ncontent-length: 0\r\n\r\n`),
      ({ url }) => askOnce(url),
    )
    expectEnding(record, { outcome: 'http-5xx' })
    expect(record.retryAfterS).toBeGreaterThanOrEqual(28)
    expect(record.retryAfterS).toBeLessThanOrEqual(31)
  })

  it('does not follow a redirect, and names its host', async () => {
    const record = await askOnce(simulator.faultUrl('redirect'))
    expectEnding(record, { outcome: 'http-4xx', status: 307 })
    expect(record.detail).toMatch(/redirect to \S+; redirects are not followed/)
  })

  it('is not drowned by a huge error body', async () => {
    const record = await askOnce(simulator.faultUrl('huge-error-body'))
    expectEnding(record, { outcome: 'http-5xx', status: 500 })
    expect(record.detail?.length).toBeLessThanOrEqual(300)
  })

  it('ends although the error body never does', async () => {
    const record = await withRawServer(
      (socket) => socket.write('HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\npart'),
      ({ url }) => askOnce(url),
    )
    expectEnding(record, { outcome: 'http-5xx', status: 500, detail: 'HTTP 500' })
  })

  it('keeps no secret, control character or query string of what the server said', async () => {
    const body = JSON.stringify({
      error: {
        message: 'key sk-very-secret is bad\n::error::x see https://h.example/x?key=abc',
      },
    })
    const record = await withRawServer(
      (socket) =>
        socket.end(
          `HTTP/1.1 401 No\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        ),
      ({ url }) => askOnce(url),
    )
    expect(record.detail).toBe('HTTP 401: key *** is bad ::error::x see https://h.example/x')
  })

  it('says nothing of a body that is no error of an API', async () => {
    const record = await withRawServer(
      (socket) =>
        socket.end(
          'HTTP/1.1 503 No\r\ncontent-type: text/plain\r\ncontent-length: 21\r\n\r\nno upstream\nsecond on',
        ),
      ({ url }) => askOnce(url),
    )
    expect(record.detail).toBe('HTTP 503')
  })
})

describe('a 200 that is no stream', () => {
  it('is malformed for an HTML page', async () => {
    const record = await askOnce(simulator.faultUrl('html-page'))
    expectEnding(record, {
      outcome: 'malformed',
      status: 200,
      detail: 'answered with an HTML page',
    })
  })

  it('is stream-error for a JSON error, with its message', async () => {
    const record = await askOnce(simulator.faultUrl('json-error'))
    expectEnding(record, { outcome: 'stream-error', status: 200 })
    expect(record.detail).toMatch(/\w+/)
  })

  it('is malformed for a whole answer in one JSON document', async () => {
    const body = '{"choices":[{"message":{"content":"hi"}}]}'
    const record = await withRawServer(
      (socket) =>
        socket.end(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        ),
      ({ url }) => askOnce(url),
    )
    expectEnding(record, { outcome: 'malformed' })
    expect(record.detail).toMatch(/instead of a stream/)
  })

  it('is malformed when it is compressed though that was not asked for', async () => {
    const record = await askOnce(simulator.faultUrl('gzip'))
    expectEnding(record, { outcome: 'malformed', status: 200 })
    expect(record.detail).toMatch(/content-encoding/)
  })

  it('is malformed when nothing in it reads as an event', async () => {
    const record = await withRawServer(
      (socket) => socket.end(`${STREAM_HEAD}connection: close\r\n\r\nhello there\n\n`),
      ({ url }) => askOnce(url),
    )
    expectEnding(record, { outcome: 'malformed' })
  })

  it('is malformed when it is no HTTP', async () => {
    const record = await withRawServer(
      (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n\r\n'),
      ({ url }) => askOnce(url),
    )
    expectEnding(record, { outcome: 'malformed' })
    expect(record.status).toBeUndefined()
  })
})

describe('a hostile server', () => {
  it('is malformed when its headers never end', async () => {
    const record = await withRawServer(
      (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'x-more: and more\r\n'.repeat(20_000)}`),
      ({ url }) => askOnce(url),
    )
    expectEnding(record, { outcome: 'malformed' })
  })

  it('gets no longer text into a record than it may', async () => {
    const message = 'x'.repeat(200_000)
    const record = await withRawServer(
      (socket) =>
        socket.end(
          `${STREAM_HEAD}connection: close\r\n\r\ndata: ${JSON.stringify({ error: { message } })}\n\n`,
        ),
      ({ url }) => askOnce(url),
    )
    expectEnding(record, { outcome: 'stream-error' })
    expect(record.detail?.length).toBeLessThanOrEqual(300)
  })
})

describe('silence', () => {
  const timeouts = { firstTokenMs: 150, idleMs: 120, totalMs: 5000 }

  it.each(['no-answer', 'silence-after-headers', 'silence-after-role'])(
    'is timeout-first-token for %s',
    async (fault) => {
      const record = await askOnce(simulator.faultUrl(fault), { timeouts })
      expectEnding(record, { outcome: 'timeout-first-token' })
      expect(record.firstTokenMs).toBeUndefined()
      expect(record.endMs - (record.sentMs ?? 0)).toBeGreaterThanOrEqual(149)
    },
  )

  it('is timeout-idle after tokens', async () => {
    const record = await askOnce(simulator.faultUrl('silence-after-tokens'), { timeouts })
    expectEnding(record, { outcome: 'timeout-idle', status: 200 })
    expect(record.tokenEvents).toBeGreaterThan(0)
  })

  it('is not broken by pings', async () => {
    const record = await withRawServer(
      (socket) => {
        socket.write(`${STREAM_HEAD}connection: close\r\n\r\n${tokenEvent('hi')}`)
        const pings = setInterval(() => socket.write(': ping\n\n'), 20)
        socket.on('close', () => clearInterval(pings))
      },
      ({ url }) => askOnce(url, { timeouts }),
    )
    expectEnding(record, { outcome: 'timeout-idle' })
  })

  it('is timeout-total when tokens come for ever', async () => {
    const record = await askOnce(simulator.faultUrl('endless-stream'), {
      timeouts: { totalMs: 300 },
    })
    expectEnding(record, { outcome: 'timeout-total' })
    expect(record.endMs - record.startedMs).toBeGreaterThanOrEqual(299)
  })
})

describe('an answer that is cut', () => {
  it('is truncated before the headers', async () => {
    const record = await askOnce(simulator.faultUrl('cut-before-headers'))
    expectEnding(record, { outcome: 'truncated' })
    expect(record.detail).toMatch(/before any response/)
  })

  it.each(['cut-after-role', 'cut-mid-event', 'end-without-mark'])(
    'is truncated for %s',
    async (fault) => {
      const record = await askOnce(simulator.faultUrl(fault))
      expectEnding(record, { outcome: 'truncated', status: 200 })
    },
  )

  it('is stream-error for an error event', async () => {
    const record = await askOnce(simulator.faultUrl('error-event'))
    expectEnding(record, { outcome: 'stream-error', status: 200 })
    expect(record.detail).toMatch(/\w+/)
  })

  it('is malformed for an event that is no JSON', async () => {
    expectEnding(await askOnce(simulator.faultUrl('malformed-event')), { outcome: 'malformed' })
  })

  it('is malformed for an event without an end', async () => {
    const record = await askOnce(simulator.faultUrl('endless-event'))
    expectEnding(record, { outcome: 'malformed' })
    expect(record.detail).toMatch(/larger than/)
  })

  it('is malformed for an event that would become a flood of values', async () => {
    for (const part of ['[{},[],', '[', '{"a":', '1,']) {
      const event = `data: ${part.repeat(200_000 / part.length)}\n\n`
      const record = await withRawServer(
        (socket) => socket.end(`${STREAM_HEAD}connection: close\r\n\r\n${event}`),
        ({ url }) => askOnce(url),
      )
      expectEnding(record, { outcome: 'malformed' })
      expect(record.detail).toBe('one event holds more than 32768 values')
    }
  })

  it('is malformed past the bytes an answer may have', async () => {
    const record = await withRawServer(
      (socket) => {
        socket.write(`${STREAM_HEAD}connection: close\r\n\r\n`)
        const event = tokenEvent('x'.repeat(20_000))
        let left = 200
        const more = () => {
          while (left > 0 && socket.write(event)) left -= 1
          if (left > 0) socket.once('drain', more)
        }
        more()
      },
      ({ url }) => askOnce(url),
    )
    expectEnding(record, { outcome: 'malformed' })
    expect(record.detail).toMatch(/longer than \d+ bytes/)
  })
})

describe('a complete answer', () => {
  it('is completed, with usage and a finish reason', async () => {
    const record = await askOnce(simulator.url)
    expectEnding(record, { outcome: 'completed', status: 200, tokenEvents: 4 })
    expect(record.usage).toMatchObject({ source: 'server', outputTokens: 4 })
    expect(record.detail).toBeUndefined()
  })

  it('is completed when it stops at its length', async () => {
    expectEnding(await askOnce(simulator.faultUrl('length-stop')), {
      outcome: 'completed',
      finish: 'length',
    })
  })

  it('is empty without a token', async () => {
    const record = await askOnce(simulator.faultUrl('no-token'))
    expectEnding(record, { outcome: 'empty', status: 200 })
    expect(record.firstTokenMs).toBeUndefined()
  })

  it('is empty without a body', async () => {
    const record = await withRawServer(
      (socket) => socket.end(`${STREAM_HEAD}content-length: 0\r\n\r\n`),
      ({ url }) => askOnce(url),
    )
    expectEnding(record, { outcome: 'empty' })
  })

  it('is content-filter when a filter ended it', async () => {
    expectEnding(await askOnce(simulator.faultUrl('content-filter')), {
      outcome: 'content-filter',
      finish: 'content-filter',
    })
  })

  it('stays completed when the connection breaks behind it', async () => {
    const record = await withRawServer(
      (socket) => {
        socket.write(`${STREAM_HEAD}transfer-encoding: chunked\r\n\r\n`)
        const body = tokenEvent('hi') + LAST_EVENTS
        socket.write(`${body.length.toString(16)}\r\n${body}\r\n`, () => socket.destroy())
      },
      ({ url }) => askOnce(url),
    )
    expectEnding(record, { outcome: 'completed', finish: 'stop' })
  })

  it('ends with its last event although the body stays open', async () => {
    const record = await withRawServer(
      (socket) =>
        socket.write(`${STREAM_HEAD}connection: close\r\n\r\n${tokenEvent('hi')}${LAST_EVENTS}`),
      ({ url }) => askOnce(url, { timeouts: { idleMs: 5000 } }),
    )
    expectEnding(record, { outcome: 'completed' })
    expect(record.endMs).toBe(record.lastTokenMs)
  })
})
