// The built action with limits on what the inference server says of itself, read from the simulator's own
// exporter: recorded on pushes, compared with the history, held against a ceiling, missed where it is missing.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import {
  CONFIG_PATH,
  type Forge,
  publishBase,
  pullJob,
  recordHistory,
  startForge,
  workspace,
} from './forge.ts'
import { runActionHere } from './in-process.ts'

/** Four at once on one place, so that three always wait. */
const QUEUEING = { ttftMedianMs: 60, ttftPerInputTokenMs: 0, tokenGapMs: 0.5, capacity: 1 } as const
const ROOMY = { ...QUEUEING, capacity: 0 } as const

let forge: Forge
const origin = () => new URL(forge.simulator.url).origin

const OFF = ['ttft_p50', 'ttft_p95', 'ttft_p99', 'error_rate'].map((id) => `${id}: off`).join(', ')

function config(url: string, metrics: string, limits: string): string {
  return `gates:
  chat:
    endpoint: {url: "${url}", model: sim, metrics: {url: "${metrics}"}}
    workload: {requests: 40, concurrency: 4, max_output_tokens: 4, max_client_delay: 30s}
    limits: {${OFF}, ${limits}}
confirm: none
`
}
const LIMITS = 'server_queue_time: {increase: 50%, floor: 20ms}, server_waiting: {ceiling: 1}'
const ours = (limits = LIMITS) => config(forge.simulator.url, `${origin()}/metrics`, limits)

beforeAll(async () => {
  forge = await startForge()
  await forge.simulator.control({ behaviour: ROOMY })
  await forge.simulator.control({ version: 'slow', behaviour: QUEUEING })
  publishBase(forge, ours())
  const folder = workspace(forge, { [CONFIG_PATH]: ours() })
  await recordHistory(forge, { workspace: folder, runs: 4 }, runActionHere)
})
afterAll(() => forge.stop())

async function pull(text: string) {
  const path = workspace(forge, { [CONFIG_PATH]: text })
  const result = await runAction(pullJob(forge, { workspace: path, inputs: { comment: 'never' } }))
  const report = JSON.parse(readFileSync(join(path, 'inference-gate-report/report.json'), 'utf8'))
  const metrics = new Map<string, Record<string, unknown>>(
    report.gates[0].metrics.map((metric: { id: string }) => [metric.id, metric]),
  )
  const markdown = readFileSync(join(path, 'inference-gate-report/comment.md'), 'utf8')
  return { ...result, metrics, markdown }
}

describe('what the server says of itself', () => {
  it.concurrent('passes where it is as it was, and all of it is shown', async () => {
    const { code, metrics, markdown } = await pull(ours())
    expect(code).toBe(0)
    expect(metrics.get('server_queue_time')).toMatchObject({ history: 4, verdict: 'pass' })
    expect(metrics.get('server_waiting')).toMatchObject({ candidate: 0, verdict: 'pass' })
    for (const id of ['server_prefill_time', 'server_running', 'kv_cache_use']) {
      expect([id, metrics.get(id)?.verdict]).toEqual([id, 'not-gated'])
    }
    expect(markdown).toContain('Waiting requests')
  })

  it.concurrent('blocks by its history and by its ceiling', async () => {
    const slow = config(forge.simulator.slowUrl, `${origin()}/slow/metrics`, LIMITS)
    const { code, metrics, outputs } = await pull(slow)
    expect([code, outputs.verdict]).toEqual([1, 'failed'])
    expect(metrics.get('server_queue_time')).toMatchObject({
      verdict: 'fail',
      reason: { kind: 'worse-than-limit' },
    })
    expect(metrics.get('server_queue_time')?.candidate).toBeGreaterThan(60)
    expect(metrics.get('server_waiting')).toMatchObject({
      verdict: 'fail',
      reason: { kind: 'above-ceiling', text: expect.stringContaining('beyond the ceiling of 1') },
    })
  })

  it.concurrent('is missed where the exporter is', async () => {
    const { code, metrics, outputs } = await pull(
      config(forge.simulator.url, `${origin()}/nothing`, LIMITS),
    )
    expect([code, outputs.verdict]).toEqual([0, 'inconclusive'])
    expect(metrics.get('server_waiting')).toMatchObject({
      verdict: 'inconclusive',
      reason: { kind: 'not-exported', text: 'the server’s metrics do not include it' },
    })
  })

  it.concurrent('cannot be limited where nothing says where it is exported', async () => {
    const text = ours().replace(/, metrics: \{[^}]*\}/, '')
    const path = workspace(forge, { [CONFIG_PATH]: text })
    const job = pullJob(forge, { workspace: path, inputs: { comment: 'never' } })
    const { code, log } = await runAction(job)
    expect(code).toBe(2)
    expect(log).toMatch(/:5:\d+.*server_waiting is a number that the inference server exports/)
  })
})
