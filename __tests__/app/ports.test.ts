import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from '@jest/globals'
import { gatePorts } from '../../src/app/ports.ts'
import { SILENT_PROGRESS } from '../../src/app/progress.ts'
import { planWorkload } from '../../src/measure/plan/plan.ts'
import { CONFIG, configOf, memoryWorld, requestOf } from '../gate/memory-ports.ts'

const SIZE = { requests: 1, probes: 0, warmup: 0, round: 0, nonce: 'n' } as const

function portsWith(screen = SILENT_PROGRESS) {
  return gatePorts({
    store: memoryWorld().ports.store,
    keys: { candidate: 'key', reference: undefined },
    policy: configOf(CONFIG).policy,
    signal: new AbortController().signal,
    reach: { kind: 'anywhere' },
    env: {},
    screen,
  })
}

it('ends the line that shows the progress also where measuring throws', async () => {
  let ended = 0
  const { gate } = requestOf()
  const ports = portsWith({
    ...SILENT_PROGRESS,
    end: () => {
      ended += 1
    },
  })
  const plan = planWorkload(gate.workload, { ...SIZE, arms: 'candidate' })
  const asked = ports.measure(plan, {
    // Nothing is sent to it: an API of this name has no dialect.
    candidate: { ...gate.endpoint, api: 'no-such-api' as never },
    reference: undefined,
    allowance: { requests: 10, costUsd: 1, durationMs: 1000 },
    costOf: () => 0,
  })
  await expect(asked).rejects.toThrow()
  expect(ended).toBe(1)
})

it('lets go of the server’s exporter where measuring throws, so that the process can end', async () => {
  const { gate } = requestOf()
  const closed = Promise.withResolvers<void>()
  const server = createServer((_, response) => response.end('vllm:num_requests_running 1\n'))
  server.on('connection', (socket) => socket.on('close', () => closed.resolve()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const plan = planWorkload(gate.workload, { ...SIZE, arms: 'candidate' })
  const asked = portsWith().measure(plan, {
    candidate: {
      ...gate.endpoint,
      url: `http://127.0.0.1:${port}/v1`,
      metricsUrl: `http://127.0.0.1:${port}/metrics`,
      // Found unsendable only when the first request is written, after the exporter was read.
      headers: { 'x-team': 'line\nfeed' },
    },
    reference: undefined,
    allowance: { requests: 10, costUsd: 1, durationMs: 60_000 },
    costOf: () => 0,
  })
  await expect(asked).rejects.toThrow('cannot be sent')
  await closed.promise
  server.close()
})
