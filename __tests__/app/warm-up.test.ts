// The built command line before the first measured request: every endpoint is asked until its first tokens
// stop getting faster, the second arm and endpoints to choose from as well, and a warm one hardly more.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type SimulatorProcess, startSimulatorProcess } from '../simulator/simulator-process.ts'
import { runBuiltCli } from './cli-process.ts'
import { configText } from './forge.ts'

let simulator: SimulatorProcess
let folder: string
/** So slow that a busy machine's own delays make no batch look faster or slower than another. */
const CALM = { ttftMedianMs: 250, ttftPerInputTokenMs: 0, tokenGapMs: 0.5 } as const
const COLD = { firstTokenMs: 1200 } as const
const AWAY = { fault: 'http-503' } as const

beforeAll(async () => {
  simulator = await startSimulatorProcess({ seed: 9, behaviour: CALM })
}, 30_000)
afterAll(() => simulator.stop())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-warm-'))
  await simulator.control({ forget: ['script', 'log'] })
  await simulator.control({ version: 'other', behaviour: CALM })
  await simulator.control({ version: 'other', forget: ['script', 'log'] })
  return () => rmSync(folder, { recursive: true, force: true })
})

const otherUrl = () => simulator.url.replace('/v1', '/other/v1')

function cli(command: string, text: string, ...more: readonly string[]) {
  writeFileSync(join(folder, 'inference-gate.yml'), text)
  return runBuiltCli([command, ...more], { folder })
}

function reported() {
  const text = readFileSync(join(folder, 'inference-gate-report/report.json'), 'utf8')
  return JSON.parse(text).gates[0]
}

const words = (text: string) => text.replaceAll(/\s+/g, ' ')

describe('an endpoint that nobody has measured before', () => {
  it('is looked at once more with as many first-token probes, where it is warm', async () => {
    const { code } = await cli('record', configText({ url: simulator.url }))
    expect(code).toBe(0)
    const asked = await simulator.log()
    const [wave, check] = [asked.slice(0, 4), asked.slice(4, 8)]
    expect(wave.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([4, 4, 4, 4])
    expect(check.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([1, 1, 1, 1])
    expect(reported().conditions.warmupRequests).toBe(asked.length - 60)
    // From now on what is usual is known, and a warm endpoint costs nothing more.
    await simulator.control({ forget: ['log'] })
    expect((await cli('record', configText({ url: simulator.url }))).code).toBe(0)
    expect(await simulator.log()).toHaveLength(64)
  }, 60_000)

  it('is warmed until it is warm, and the report says after how many requests', async () => {
    await simulator.control({ script: Array(4).fill(COLD) })
    const { out } = await cli('run', configText({ url: simulator.url }))
    expect(words(out)).toMatch(/warm after \d+ requests: first token 1\.2\d* s → 2\d\d/)
    expect(reported().conditions.warmupRequests).toBeGreaterThan(12)
  }, 60_000)
})

describe('the second arm', () => {
  it('is warmed like the first', async () => {
    const text = configText({ url: simulator.url })
    // Without a history the second arm decides, which is cold.
    await simulator.control({ version: 'other', script: Array(4).fill(COLD) })
    const reference = `    reference: {url: "${otherUrl()}"}\n    workload:`
    await cli('run', text.replace('    workload:', reference))
    // Beside the pairs themselves: a wave, two looks at a cold endpoint, and two at a warm one.
    const asked = (await simulator.log()).filter(({ version }) => version === 'other')
    expect(asked.length - reported().effort.pairs).toBeGreaterThan(12)
  }, 60_000)
})

describe('endpoints to choose from', () => {
  it('are waited for', async () => {
    await simulator.control({ version: 'other', script: [AWAY, AWAY] })
    const gate = (name: string, url: string) =>
      `  ${name}:\n    endpoint: {url: "${url}", model: sim, ready: {timeout: 30s}}\n` +
      '    workload: {requests: 24, concurrency: 4, max_output_tokens: 4, max_client_delay: 30s}\n'
    const text = `gates:\n${gate('one', simulator.url)}${gate('two', otherUrl())}`
    const { code, err } = await cli('run', text, '--compare-endpoints')
    expect(err).toMatch(/two: not ready after 0/)
    expect(err).toMatch(/two: ready after \d/)
    expect(code).toBe(0)
  }, 60_000)
})
