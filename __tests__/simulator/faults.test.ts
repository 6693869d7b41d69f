import { readFileSync } from 'node:fs'
import { request as tlsRequest } from 'node:https'
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Fault } from '../../src/simulator/faults.ts'
import { FAULTS } from '../../src/simulator/faults.ts'
import type { Simulator } from '../../src/simulator/server.ts'
import { startSimulator } from '../../src/simulator/server.ts'
import type { Told } from '../wire/stream-replay.ts'
import type { Question, Streamed } from './streamed-answer.ts'
import { ask } from './streamed-answer.ts'

let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator({ behaviour: { ttftMedianMs: 5, tokenGapMs: 1, tailShare: 0 } })
})
afterAll(() => simulator.close())

function askFor(fault: Fault, question: Partial<Question> = {}): Promise<Streamed> {
  return ask({ url: `http://127.0.0.1:${simulator.port}/fault/${fault}/v1`, ...question })
}

type Expected = {
  status?: number
  ending?: Streamed['ending']
  code?: string
  told?: Partial<Told>
}

const IMPATIENT = { patienceMs: 150 }
const MEBIBYTE = 1 << 20

/** What a client sees of every fault that can be told by status, ending and stream alone. */
const SEEN: readonly (readonly [Fault, Expected, Partial<Question>])[] = [
  ['http-400', { status: 400, ending: 'end', told: { tokenEvents: 0 } }, {}],
  ['http-401', { status: 401, ending: 'end' }, {}],
  ['http-404', { status: 404, ending: 'end' }, {}],
  ['http-500', { status: 500, ending: 'end' }, {}],
  ['http-503', { status: 503, ending: 'end' }, {}],
  ['empty-body', { status: 200, ending: 'end', told: { tokenEvents: 0 } }, {}],
  ['huge-headers', { ending: 'broken', code: 'HPE_HEADER_OVERFLOW' }, {}],
  ['not-http', { ending: 'broken', code: 'HPE_INVALID_CONSTANT' }, {}],
  ['no-answer', { ending: 'silent' }, IMPATIENT],
  ['silence-after-headers', { status: 200, ending: 'silent', told: { tokenEvents: 0 } }, IMPATIENT],
  ['silence-after-role', { status: 200, ending: 'silent', told: { tokenEvents: 0 } }, IMPATIENT],
  ['silence-after-tokens', { status: 200, ending: 'silent', told: { tokenEvents: 3 } }, IMPATIENT],
  ['cut-before-headers', { ending: 'broken', code: 'ECONNRESET' }, {}],
  ['cut-after-role', { status: 200, ending: 'broken', told: { tokenEvents: 0 } }, {}],
  ['cut-mid-event', { status: 200, ending: 'broken', told: { tokenEvents: 3 } }, {}],
  ['reset-mid-event', { status: 200, ending: 'broken', code: 'ECONNRESET' }, {}],
  ['end-without-mark', { status: 200, ending: 'end', told: { tokenEvents: 3 } }, {}],
  ['error-event', { status: 200, told: { tokenEvents: 3, status: 500 } }, {}],
  ['malformed-event', { told: { tokenEvents: 3, malformed: 'an event is not a JSON object' } }, {}],
  ['no-token', { status: 200, told: { tokenEvents: 0, finish: 'stop', terminal: true } }, {}],
  ['content-filter', { told: { tokenEvents: 3, finish: 'content-filter' } }, {}],
  ['length-stop', { told: { tokenEvents: 8, finish: 'length', terminal: true } }, {}],
]

describe('a simulated fault', () => {
  it.each(SEEN)('%s is seen as %j', async (fault, expected, question) => {
    expect(await askFor(fault, question)).toMatchObject(expected)
  })

  it('without a terminal mark has no finish reason either', async () => {
    const { told } = await askFor('end-without-mark')
    expect(told).not.toHaveProperty('finish')
    expect(told).not.toHaveProperty('terminal')
  })

  it('http-429 says when to come back', async () => {
    expect(await askFor('http-429')).toMatchObject({ status: 429, headers: { 'retry-after': '1' } })
  })

  it('html-page and json-error are no streams', async () => {
    const page = await askFor('html-page')
    expect(page).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    })
    expect(page.told.tokenEvents).toBe(0)
    const error = await askFor('json-error')
    expect(error).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
    expect(JSON.parse(error.text)).toMatchObject({ error: { message: 'the backend failed' } })
  })

  it('gzip compresses the whole answer although the client did not allow it', async () => {
    const { headers, reads } = await askFor('gzip')
    expect(headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(Buffer.concat(reads)).toString()).toContain('data: [DONE]')
  })

  it('redirect leads to another host, or where the script says', async () => {
    const here = await askFor('redirect')
    expect(here).toMatchObject({ status: 307 })
    expect(here.headers.location).toBe(
      `http://localhost:${simulator.port}/fault/redirect/v1/chat/completions`,
    )
    const script = [{ fault: 'redirect', redirectTo: 'http://127.0.0.2/x' }] as const
    const scripted = await startSimulator({ script })
    expect((await ask({ url: scripted.url })).headers.location).toBe('http://127.0.0.2/x')
    await scripted.close()
  })

  it('endless-stream and endless-event do not end', async () => {
    const stream = await askFor('endless-stream', { enoughBytes: 20_000 })
    expect(stream.ending).toBe('silent')
    expect(stream.told.tokenEvents).toBeGreaterThan(8)
    const event = await askFor('endless-event', { enoughBytes: 3 * MEBIBYTE })
    expect(event.told).toMatchObject({ tokenEvents: 3, tooLarge: true })
  })

  it('huge-error-body has 64 MiB', async () => {
    const { status, ending, reads } = await askFor('huge-error-body')
    expect({ status, ending }).toEqual({ status: 500, ending: 'end' })
    const size = reads.reduce((sum, read) => sum + read.length, 0)
    expect(size).toBeGreaterThanOrEqual(64 * MEBIBYTE)
  })

  it('is one that a test makes', () => {
    const apart = ['http-429', 'html-page', 'json-error', 'gzip', 'redirect', 'endless-stream']
    const tested = [...SEEN.map(([fault]) => fault), ...apart, 'endless-event', 'huge-error-body']
    expect(tested.sort()).toEqual([...FAULTS].sort())
  })
})

describe('a connection that cannot be made', () => {
  const pem = (name: string) =>
    readFileSync(new URL(`../fixtures/tls/self-signed.${name}.pem`, import.meta.url), 'utf8')

  function tlsError(port: number, timeoutMs: number): Promise<string> {
    return new Promise((resolve) => {
      const outgoing = tlsRequest({ host: '127.0.0.1', port, timeout: timeoutMs })
      outgoing.on('timeout', () => outgoing.destroy(new Error('silence')))
      outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      outgoing.end()
    })
  }

  it('has a certificate that nobody vouches for', async () => {
    const tls = { key: pem('key'), cert: pem('cert') }
    const secure = await startSimulator({ listener: 'https', tls })
    expect(secure.url).toMatch(/^https:/)
    expect(await tlsError(secure.port, 2000)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    await secure.close()
  })

  it('accepts and never says a byte', async () => {
    const silent = await startSimulator({ listener: 'silent' })
    expect(silent.url).toMatch(/^https:/)
    expect(await tlsError(silent.port, 100)).toBe('silence')
    const socket = connect(silent.port, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => {})
    await silent.close()
    await closed
    expect(socket.bytesRead).toBe(0)
  })
})
