// A measurement through a proxy: connections stand before the first measured request as they do without
// one, the way to the proxy is in no TTFT, and a proxy that hangs or goes away is no end of the client.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { measure } from '../../../src/measure/load/load.ts'
import { type SimulatorProcess, startSimulatorProcess } from '../../simulator/simulator-process.ts'
import { options, plan, request, target } from './asking.ts'
import { type ProxyServer, startProxy } from './proxy-server.ts'
import { startRawServer } from './raw-server.ts'

let simulator: SimulatorProcess
let proxy: ProxyServer
beforeAll(async () => {
  simulator = await startSimulatorProcess({ seed: 3, behaviour: { ttftMedianMs: 15 } })
  proxy = await startProxy({ hosts: { 'model.example:80': simulator.port } })
})
afterAll(async () => {
  await Promise.all([simulator.stop(), proxy.close()])
})

const through = (origin: string, url = 'http://model.example/v1') => ({
  candidate: { ...target(url), apiKey: undefined, proxy: { origin } },
})

it('opens every connection in the warm-up, and says which proxy was between', async () => {
  const requests = Array.from({ length: 16 }, (_, index) => request(index, { warmup: index < 4 }))
  const asked = plan(requests, { load: { kind: 'closed', concurrency: 4 } })
  const { records, conditions, proxies } = await measure(asked, through(proxy.url), options())
  expect(records.map(({ outcome }) => outcome)).toEqual(Array(12).fill('completed'))
  expect(conditions.unwarmedConnections).toBe(0)
  expect(proxies).toEqual({ candidate: proxy.url, reference: undefined })
})

it('opens what the warm-up left unopened ahead of the requests that count', async () => {
  const requests = Array.from({ length: 13 }, (_, index) => request(index, { warmup: index < 1 }))
  const asked = plan(requests, { load: { kind: 'closed', concurrency: 4 } })
  const { records, conditions } = await measure(asked, through(proxy.url), options())
  expect(records.map(({ outcome }) => outcome)).toEqual(Array(12).fill('completed'))
  expect(conditions).toMatchObject({ freshConnections: 0, unwarmedConnections: 0 })
})

it('gives up a tunnel that never opens when the time for connecting is over', async () => {
  const silent = await startRawServer(() => undefined)
  const asked = plan([request(0)], { timeouts: { connectMs: 100 } })
  const targets = through(`http://127.0.0.1:${silent.port}`, 'https://model.example/v1')
  const { records } = await measure(asked, targets, options())
  expect(records[0]).toMatchObject({ outcome: 'timeout-connect' })
  await silent.stop()
})

it.each(['https', 'http'])('calls a proxy that hangs up on %s by its name', async (scheme) => {
  const rude = await startRawServer(
    () => undefined,
    (socket) => socket.destroy(),
  )
  const targets = through(`http://127.0.0.1:${rude.port}`, `${scheme}://model.example/v1`)
  const { records } = await measure(plan([request(0)]), targets, options())
  expect(records[0]?.outcome).toBe(scheme === 'https' ? 'proxy' : 'truncated')
  await rude.stop()
})
