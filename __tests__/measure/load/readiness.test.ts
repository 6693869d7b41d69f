// Waiting for an endpoint, with a clock that the test turns: what is asked how often, what is billed, and
// what is said of an endpoint that never comes.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { openEndpoint } from '../../../src/measure/load/load.ts'
import type { Opened, OpenRequest } from '../../../src/model/ports.ts'
import type { RequestRecord } from '../../../src/model/request-record.ts'
import { answer, failure } from '../../judge/measured.ts'
import { AMPLE, request, TIMEOUTS, target } from './asking.ts'

const ENDPOINT = target('http://127.0.0.1:9/v1').endpoint
const AWAY = failure(0, { outcome: 'http-5xx', status: 503, detail: 'HTTP 503' })
const THERE = answer(0, { startedMs: 0, sentMs: 1, firstTokenMs: 401, endMs: 500 })

type Waited = {
  readonly opened: Opened
  readonly steps: readonly string[]
  readonly waits: number[]
}

/** Each answer takes a second of the test's clock. */
async function opened(
  answers: readonly RequestRecord[],
  change: Partial<OpenRequest> & { readonly aborts?: boolean },
): Promise<Waited> {
  let [nowMs, asked] = [0, 0]
  const steps: string[] = []
  const waits: number[] = []
  const { aborts = false, ...rest } = change
  const result = await openEndpoint(
    {
      endpoint: { ...ENDPOINT, ready: { timeoutMs: 600_000 } },
      candidate: ENDPOINT,
      gate: 'chat',
      idleMs: 0,
      asked: request(0),
      timeouts: TIMEOUTS,
      allowance: AMPLE,
      ...rest,
    },
    { look: undefined },
    {
      now: () => nowMs,
      wait: async (ms) => {
        waits.push(ms)
        nowMs += ms
      },
      signal: aborts ? AbortSignal.abort() : new AbortController().signal,
      announce: (step) => void steps.push(step),
      ask: async () => {
        nowMs += 1000
        asked += 1
        return answers[Math.min(asked, answers.length) - 1]
      },
      isBilled: ({ outcome }) => outcome === 'completed',
    },
  )
  return { opened: result, steps, waits }
}

describe('an endpoint that is waited for by a short answer', () => {
  it('is looked at every two seconds, and only the answer that came is billed', async () => {
    const { opened: found, waits, steps } = await opened([AWAY, AWAY, AWAY, THERE], {})
    expect(found).toEqual({ records: [THERE], readyAfterMs: 10_000, coldStartMs: 400 })
    expect(waits).toEqual([2000, 2000, 2000])
    expect(steps).toEqual([
      'chat: not ready after 1 s: HTTP 503',
      'chat: ready after 10 s; first answer alone: first token 0.4 s',
    ])
  })

  it('gives a sign of life every half minute', async () => {
    const { steps } = await opened(Array(30).fill(AWAY).concat(THERE), {})
    expect(steps.map((step) => step.replace('chat: ', ''))).toEqual([
      'not ready after 1 s: HTTP 503',
      'not ready after 31 s: HTTP 503',
      'not ready after 61 s: HTTP 503',
      expect.stringContaining('ready after 91 s'),
    ])
  })

  it('is given up after its timeout, with the last answer seen', async () => {
    const endpoint = { ...ENDPOINT, ready: { timeoutMs: 30_000 } }
    const { opened: found } = await opened([AWAY], { endpoint })
    expect(found.never).toEqual({
      kind: 'not-ready',
      waitedMs: 31_000,
      looks: 11,
      last: 'HTTP 503',
    })
    expect(found.records).toEqual([])
  })

  it.each([
    ['a wrong key', 401, 1],
    ['a request that is refused', 400, 1],
    ['a path that is not there yet', 404, 201],
  ])('does not wait for %s (HTTP %i)', async (_, status, looks) => {
    const refused = failure(0, { outcome: 'http-4xx', status, detail: `HTTP ${status}` })
    const { opened: found } = await opened([refused], {})
    expect(found.never).toMatchObject({ last: `HTTP ${status}`, looks })
  })

  it('stops with the job, and within the budget', async () => {
    expect((await opened([AWAY], { aborts: true })).opened.never).toMatchObject({ kind: 'aborted' })
    const allowance = { ...AMPLE, requests: 0 }
    const { never } = (await opened([THERE], { allowance })).opened
    expect(never).toMatchObject({ kind: 'budget', what: 'requests' })
  })
})

describe('an endpoint that is left alone', () => {
  it('is timed from the first try on, while it wakes', async () => {
    const endpoint = { ...ENDPOINT, idleMs: 900_000 }
    const found = await opened([AWAY, AWAY, THERE], { endpoint, idleMs: 900_000 })
    expect(found.waits).toEqual([900_000, 2000, 2000])
    expect(found.opened).toMatchObject({ coldStartMs: 6401, readyAfterMs: undefined })
  })
})

it('asks the readiness address with the key of its own origin', async () => {
  const seen: (string | undefined)[] = []
  const server = createServer((asked, response) => {
    seen.push(`${asked.method} ${asked.url} ${asked.headers.authorization}`)
    response.writeHead(seen.length < 3 ? 503 : 200).end('fine')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/health`
  const steps: string[] = []
  const found = await openEndpoint(
    {
      endpoint: { ...ENDPOINT, ready: { url, timeoutMs: 600_000 } },
      candidate: ENDPOINT,
      gate: 'chat',
      idleMs: 0,
      timeouts: TIMEOUTS,
      allowance: AMPLE,
    },
    { look: target(url) },
    {
      now: () => 0,
      wait: async () => undefined,
      signal: new AbortController().signal,
      announce: (step) => void steps.push(step),
      ask: async () => undefined,
      isBilled: () => true,
    },
  )
  server.close()
  expect(found).toEqual({ records: [], readyAfterMs: 0 })
  expect(seen).toEqual(Array(3).fill('GET /health Bearer sk-very-secret'))
  expect(steps[0]).toBe('chat: not ready after 0 s: HTTP 503 at /health')
})
