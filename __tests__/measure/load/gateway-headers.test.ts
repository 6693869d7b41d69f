// What a response's headers say beside the answer, read over real HTTP, and what hostile ones do not do.

import { afterEach, describe, expect, it } from '@jest/globals'
import { readGatewayHeaders } from '../../../src/measure/load/gateway-headers.ts'
import { checkRun } from '../../../src/measure/self-check/self-check.ts'
import { askOnce, plan, request, run } from './asking.ts'
import { type RawServer, startRawServer } from './raw-server.ts'

let server: RawServer | undefined
afterEach(async () => {
  await server?.stop()
  server = undefined
})

const BODY =
  'data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'

async function serving(...headers: readonly string[]): Promise<string> {
  server = await startRawServer((socket) => {
    const head = ['HTTP/1.1 200 OK', 'content-type: text/event-stream', ...headers]
    socket.end(`${[...head, `content-length: ${BODY.length}`, '', BODY].join('\r\n')}`, 'latin1')
  })
  return server.url
}

describe('the headers of an answer', () => {
  it('tell the times of a server behind a gateway, and what is left of a limit', async () => {
    const url = await serving(
      'server-timing: cache;desc="miss", queue;dur=12.5, prefill;dur="80"',
      'x-envoy-upstream-service-time: 140',
      'x-ratelimit-remaining-requests: 59',
      'age: 0',
      'x-cache: MISS',
    )
    const { gateway, outcome } = await askOnce(url)
    expect(outcome).toBe('completed')
    expect(gateway).toEqual({ upstreamMs: 140, queueMs: 12.5, prefillMs: 80, requestsLeft: 59 })
  })

  it.each(['age: 31', 'x-cache: HIT from edge', 'cf-aig-cache-status: HIT', 'helicone-cache: hit'])(
    'say with %s that the answer is out of a cache, and the run says so',
    async (header) => {
      const asked = plan([request(0)])
      const measurement = await run(asked, await serving(header))
      expect(measurement.records[0]?.gateway).toEqual({ fromCache: true })
      expect(checkRun(measurement, asked).warnings).toContainEqual({
        kind: 'answers-from-cache',
        cached: 1,
        answers: 1,
      })
    },
  )

  it('say nothing where there are none', async () => {
    expect((await askOnce(await serving())).gateway).toBeUndefined()
  })

  it.each([
    { 'x-envoy-upstream-service-time': '-5' },
    { 'x-envoy-upstream-service-time': '1e9' },
    { 'openai-processing-ms': '99999999999999999999' },
    { 'server-timing': `${'queue;dur='.repeat(5000)}` },
    { 'server-timing': 'queue;dur=NaN, wait;dur=<script>' },
    { age: 'Infinity' },
    { 'x-cache': `${' '.repeat(60_000)}HIT` },
    { 'x-ratelimit-remaining-requests': '1\u0000' },
  ])('are no numbers where they are %j', (headers) => {
    expect(readGatewayHeaders(headers)).toBeUndefined()
  })
})
