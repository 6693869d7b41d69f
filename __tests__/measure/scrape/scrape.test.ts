// Reading a server's numbers over real HTTP, and the servers that have none to give.

import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { startScraper } from '../../../src/measure/scrape/scrape.ts'
import type { ServerMetricsRead } from '../../../src/model/server-metrics.ts'
import { startSimulator } from '../../../src/simulator/simulator.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`
}

async function readTwice(url: string): Promise<ServerMetricsRead> {
  const scraper = startScraper(url, { signal: new AbortController().signal })
  await scraper.begin()
  return scraper.end()
}

describe('reading a server’s numbers', () => {
  it('has a look before the measured phase and one after it', async () => {
    const simulator = await startSimulator()
    opened.push(() => simulator.close())
    const read = await readTwice(`http://127.0.0.1:${simulator.port}/metrics`)
    expect(read).toMatchObject({ ok: true, metrics: { engine: 'vllm' } })
    const readings = read.ok ? read.metrics.readings : []
    expect(readings).toHaveLength(2)
    expect(readings[0]?.atMs).toBeLessThanOrEqual(0)
    expect(readings[1]).toMatchObject({ running: 0, waiting: 0, queueMs: { sum: 0, count: 0 } })
  })

  it('names a page that is behind a login', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/login' }).end())
    expect(await readTwice(url)).toEqual({
      ok: false,
      problem: 'answers with HTTP 302, so it seems to be behind a login',
    })
  })

  it('names an HTML page', async () => {
    const url = await serve((_, response) => response.end('<!doctype html>\n<p>Hello</p>\n'))
    const problem = 'is an HTML page, not the text format of Prometheus'
    expect(await readTwice(url)).toEqual({ ok: false, problem })
  })

  it('stops reading a page of 50 MB', async () => {
    let sent = 0
    const url = await serve((_, response) => {
      const more = () => {
        while (sent < 50 << 20 && !response.destroyed) {
          sent += 1 << 16
          if (!response.write('vllm:num_requests_running 1\n'.repeat(2341))) return
        }
        response.end()
      }
      response.on('drain', more).on('error', () => {})
      more()
    })
    const problem = 'is larger than 4 MB, so it is no exporter of one server'
    expect(await readTwice(url)).toEqual({ ok: false, problem })
    expect(sent).toBeLessThan(40 << 20)
  })

  it('says that half an answer is none', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write('vllm:num_requests_running 1\n')
      setImmediate(() => response.destroy())
    })
    expect(await readTwice(url)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('cannot be reached'),
    })
  })

  it('says that nobody is there', async () => {
    const url = await serve((_, response) => response.end())
    for (const close of opened.splice(0)) await close()
    expect(await readTwice(url)).toEqual({
      ok: false,
      problem: 'cannot be reached (ECONNREFUSED)',
    })
  })
})
