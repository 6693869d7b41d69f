// Gates of embeddings and rerankers, as a person runs the built command: recorded, unchanged, slower, and
// with answers that are not whole.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type SimulatorProcess, startSimulatorProcess } from '../simulator/simulator-process.ts'
import { runBuiltCli } from './cli-process.ts'
import { QUICK } from './forge.ts'

/** So far apart that no busy machine makes one of the other. */
const USUAL = { ...QUICK, ttftMedianMs: 150 }
const SLOW = { ...QUICK, ttftMedianMs: 600 }

let simulator: SimulatorProcess
let parent: string

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'gate-items-'))
  simulator = await startSimulatorProcess({ seed: 5, behaviour: USUAL })
  await simulator.control({ version: 'worse', behaviour: SLOW })
  await simulator.control({
    version: 'broken',
    behaviour: { ...USUAL, faults: { 'no-token': 0.4 } },
  })
})
afterAll(async () => {
  await simulator.stop()
  rmSync(parent, { recursive: true, force: true })
})

function config(api: string, version = ''): string {
  const url = simulator.url.replace('/v1', `${version}/v1`)
  return `gates:
  search:
    endpoint: {api: ${api}, url: "${url}", model: bge}
    workload:
      requests: 40
      concurrency: 8
      prompts: {synthetic: {input_tokens: 40, count: 4, items: 5}}
      max_client_delay: 30s
    limits:
      latency_p50: {increase: 100%, must_detect: 900%}
      latency_p95: off
      items_per_second: {decrease: 50%, must_detect: 99%}
      cost_per_answer: {increase: 5%}
    prices: {input: $0.02/M, output: $0/M}
confirm: none
`
}

async function run(folder: string, command: readonly string[], text: string) {
  writeFileSync(join(folder, 'inference-gate.yml'), text)
  const result = await runBuiltCli(command, { folder })
  const report = JSON.parse(
    readFileSync(join(folder, 'inference-gate-report', 'report.json'), 'utf8'),
  )
  return { ...result, gate: report.gates[0] }
}

describe('a gate of items', () => {
  it.concurrent.each(['openai-embeddings', 'rerank'])(
    '(%s) passes unchanged, fails slower and with answers that lack items, and shows no first token',
    async (api) => {
      const folder = mkdtempSync(join(parent, 'here-'))
      expect((await run(folder, ['record', '--times', '3'], config(api))).code).toBe(0)
      const unchanged = await run(folder, ['run'], config(api))
      expect(unchanged.gate).toMatchObject({ verdict: 'passed', probes: 0, invalidities: [] })
      expect(unchanged.code).toBe(0)
      const ids = unchanged.gate.metrics.map(({ id }: { id: string }) => id)
      expect(ids).toEqual(
        expect.arrayContaining(['latency_p50', 'latency_p99', 'items_per_second', 'error_rate']),
      )
      expect(ids.filter((id: string) => id.startsWith('ttft'))).toEqual([])
      expect(unchanged.out).not.toMatch(/TTFT|first token/)

      const slower = await run(folder, ['run'], config(api, '/worse'))
      expect(slower.code).toBe(1)
      const failed = slower.gate.metrics.filter(
        ({ verdict }: { verdict: string }) => verdict === 'fail',
      )
      expect(failed.map(({ id }: { id: string }) => id)).toEqual([
        'latency_p50',
        'items_per_second',
      ])
      expect(slower.gate.headline).toMatch(/Latency p50 is [\d,]+ % slower/)

      const broken = await run(folder, ['run'], config(api, '/broken'))
      expect(broken.code).toBe(1)
      expect(broken.gate.headline).toMatch(/[Ee]rror rate/)

      const { out } = await runBuiltCli(['history'], { folder })
      expect(out).toContain('Latency p50')
      expect(out).not.toContain('TTFT')
    },
  )
})
