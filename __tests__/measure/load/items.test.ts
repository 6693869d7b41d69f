// Answers of vectors and rankings: what completes them, what is said of those that are not, and that
// little of them is held.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HELD } from '../../../src/measure/load/held-bytes.ts'
import type { PlannedRequest } from '../../../src/model/plan.ts'
import type { SimulatorProcess } from '../../simulator/simulator-process.ts'
import { startSimulatorProcess } from '../../simulator/simulator-process.ts'
import { askOnce } from './asking.ts'
import { startRawServer } from './raw-server.ts'

let simulator: SimulatorProcess

beforeAll(async () => {
  simulator = await startSimulatorProcess({ behaviour: { ttftMedianMs: 5 } })
})
afterAll(() => simulator.stop())

const EMBEDDINGS = 'openai-embeddings' as const

function texts(...contents: readonly string[]): Partial<PlannedRequest> {
  return {
    messages: contents.map((content) => ({ role: 'user', content })),
    maxOutputTokens: 0,
  }
}

describe('an answer of items', () => {
  it.each([
    [EMBEDDINGS, texts('one'), 1],
    [EMBEDDINGS, texts('one', 'two', 'three'), 3],
    ['rerank' as const, texts('which', 'one', 'two'), 2],
  ])('%s completes with every item, its usage and no token', async (api, request, items) => {
    const record = await askOnce(simulator.url, { api, request })
    expect(record).toMatchObject({ outcome: 'completed', items, tokenEvents: 0, gapsMs: [] })
    expect(record.firstTokenMs).toBeUndefined()
    expect(record.usage).toMatchObject({ source: 'server', outputTokens: 0 })
    expect(record.endMs).toBeGreaterThanOrEqual(record.headersMs ?? Number.NaN)
  })

  it.each([
    ['http-503', 'http-5xx'],
    ['html-page', 'malformed'],
    ['json-error', 'stream-error'],
    ['empty-body', 'empty'],
    ['cut-mid-event', 'truncated'],
    ['no-token', 'empty'],
    ['malformed-event', 'malformed'],
  ])('with the fault %s is %s', async (fault, outcome) => {
    const url = simulator.url.replace('/v1', `/fault/${fault}/v1`)
    const record = await askOnce(url, { api: EMBEDDINGS, request: texts('one', 'two') })
    expect(record.outcome).toBe(outcome)
  })

  it('has all of its time where the server sends nothing yet', async () => {
    const url = simulator.url.replace('/v1', '/fault/silence-after-headers/v1')
    const record = await askOnce(url, {
      api: EMBEDDINGS,
      request: texts('one'),
      timeouts: { firstTokenMs: 20, totalMs: 150 },
    })
    expect(record.outcome).toBe('timeout-total')
  })
})

/** Answers with this body, however many texts were asked for. */
async function answered(body: string, request: Partial<PlannedRequest>) {
  const server = await startRawServer((socket) => {
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  })
  try {
    return await askOnce(server.url, { api: EMBEDDINGS, request })
  } finally {
    await server.stop()
  }
}

describe('a server of embeddings', () => {
  it('that answers half of a batch has not answered it', async () => {
    const record = await answered('{"data":[{"embedding":[1]}]}', texts('one', 'two'))
    expect(record).toMatchObject({
      outcome: 'malformed',
      detail: 'the answer has 1 of the 2 vectors that were asked for',
    })
  })

  it.each([
    ['no JSON', 'not json'],
    ['half of a document', '{"data":[{"embedding":[1]}'],
  ])('that ends with %s is malformed', async (_what, body) => {
    const record = await answered(body, texts('one'))
    expect(record.outcome).toBe('malformed')
  })

  it('may send megabytes of numbers, of which next to nothing is held', async () => {
    const before = HELD.peak
    const vector = `[${Array.from({ length: 4096 }, (_, i) => Math.sin(i)).join(',')}]`
    const data = Array.from({ length: 40 }, () => `{"embedding":${vector}}`).join(',')
    const record = await answered(
      `{"data":[${data}]}`,
      texts(...Array.from({ length: 40 }, (_, i) => `text ${i}`)),
    )
    expect(record).toMatchObject({ outcome: 'completed', items: 40 })
    expect(data.length).toBeGreaterThan(3_000_000)
    expect(Math.max(0, HELD.peak - before)).toBeLessThan(64 * 1024)
  })

  it('may not send without end', async () => {
    const server = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{"data":[0')
      const more = `${',0.123456789'.repeat(5000)}`
      const go = () => {
        if (!socket.destroyed) socket.write(more, go)
      }
      go()
    })
    const record = await askOnce(server.url, { api: EMBEDDINGS, request: texts('one') })
    await server.stop()
    expect(record.outcome).toBe('malformed')
    expect(record.detail).toMatch(/the answer is longer than \d+ bytes/)
  })
})
