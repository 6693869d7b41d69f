// Limits between gates, from the config to the report: a prefix cache that works and one that stopped
// working, in a simulated endpoint that knows.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  type SimulatorProcess,
  startSimulatorProcess,
} from '../../../simulator/simulator-process.ts'
import { runCliHere } from '../../in-process.ts'

let simulator: SimulatorProcess
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'between-gates-'))
  simulator = await startSimulatorProcess({
    seed: 5,
    behaviour: { ttftMedianMs: 120, tokenGapMs: 0.5 },
  })
  const gate = (name: string, cache: string, more = '') => `
  ${name}:
    endpoint: {url: ${simulator.url}, model: m}
    workload:
      prompts: [{prompt: "${'Tell me about the weather of the whole week. '.repeat(4)}"}]
      requests: 48
      concurrency: 2
      max_output_tokens: 3
      prompt_cache: ${cache}
      max_client_delay: 2s
${more}`
  const limit = '    compare: {gate: cold, metric: ttft_p50, at_most: 50%}\n'
  const config = `gates:${gate('warm', 'keep', limit)}${gate('cold', 'bypass')}confirm: none\n`
  writeFileSync(join(folder, 'inference-gate.yml'), config)
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Shown = { verdict: string; shares?: readonly { verdict: string }[] }

async function run(cacheSaving: number) {
  await simulator.control({ behaviour: { cacheSaving }, forget: ['cache'] })
  const { code, out, err } = await runCliHere(['run', '--json', 'report.json'], { folder })
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
  const [warm, cold] = report.gates as readonly [Shown, Shown]
  return { code, out, err, warm, cold, headline: report.headline }
}

describe('a prefix cache', () => {
  it('that works is within its limit, both gates measured in turns', async () => {
    const { warm, cold, err, out } = await run(0.9)
    expect(warm.shares).toMatchObject([{ gate: 'cold', verdict: 'pass' }])
    expect(cold.shares).toBeUndefined()
    expect(err).toMatch(/warm: turn 1 of 6[\s\S]*cold: turn 1 of 6[\s\S]*cold: turn 2 of 6/)
    expect(out).toContain('limit at most 50 %: it holds')
  })

  it('that stopped working fails the gate, without any baseline', async () => {
    const { code, warm, headline, out } = await run(0)
    expect(warm).toMatchObject({ verdict: 'failed', shares: [{ verdict: 'fail' }] })
    expect(code).toBe(1)
    expect(headline).toMatch(
      /^Failed: warm: TTFT p50 is [\d.]+ % of cold’s, above its limit of 50 %/,
    )
    expect(out).toContain('it is breached')
  })
})
