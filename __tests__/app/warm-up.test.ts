// The built command line before the first measured request: every endpoint is asked until its first tokens
// stop getting faster, the second arm and endpoints to choose from as well, and a warm one hardly more.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type SimulatorProcess, startSimulatorProcess } from '../simulator/simulator-process.ts'
import { runBuiltCli } from './cli-process.ts'
import { configText } from './forge.ts'

let simulator: SimulatorProcess
let parent: string
/** So slow that a busy machine's own delays make no batch look faster or slower than another. */
const CALM = { ttftMedianMs: 250, ttftPerInputTokenMs: 0, tokenGapMs: 0.5 } as const
const COLD = { firstTokenMs: 1200 } as const
const AWAY = { fault: 'http-503' } as const

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'gate-warm-'))
  simulator = await startSimulatorProcess({ seed: 9, behaviour: CALM })
})
afterAll(async () => {
  await simulator.stop()
  rmSync(parent, { recursive: true, force: true })
})

/** An endpoint that nobody else asks: the cases run side by side. */
async function endpoint(name: string, script: readonly (typeof COLD | typeof AWAY)[] = []) {
  await simulator.control({ version: name, behaviour: CALM })
  if (script.length > 0) await simulator.control({ version: name, script })
  return {
    url: simulator.url.replace('/v1', `/${name}/v1`),
    asked: async () => (await simulator.log()).filter(({ version }) => version === name),
  }
}

/** The built command line in a folder of its own, and what its report says. */
function caller() {
  const folder = mkdtempSync(join(parent, 'here-'))
  return {
    cli: (command: string, text: string, ...more: readonly string[]) => {
      writeFileSync(join(folder, 'inference-gate.yml'), text)
      return runBuiltCli([command, ...more], { folder })
    },
    reported: () => {
      const text = readFileSync(join(folder, 'inference-gate-report/report.json'), 'utf8')
      return JSON.parse(text).gates[0]
    },
  }
}

const words = (text: string) => text.replaceAll(/\s+/g, ' ')

describe('before the first measured request', () => {
  it.concurrent('a new endpoint is looked at once more with as many first-token probes, where it is warm', async () => {
    const { cli, reported } = caller()
    const { url, asked: all } = await endpoint('warm')
    const { code } = await cli('record', configText({ url }))
    expect(code).toBe(0)
    const asked = await all()
    const [wave, check] = [asked.slice(0, 4), asked.slice(4, 8)]
    expect(wave.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([4, 4, 4, 4])
    expect(check.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([1, 1, 1, 1])
    expect(reported().conditions.warmupRequests).toBe(asked.length - 60)
    // From now on what is usual is known, and a warm endpoint costs nothing more.
    expect((await cli('record', configText({ url }))).code).toBe(0)
    expect(await all()).toHaveLength(asked.length + 64)
  })

  it.concurrent('a new endpoint is warmed until it is warm, and the report says after how many requests', async () => {
    const { cli, reported } = caller()
    const { url } = await endpoint('cold', Array(4).fill(COLD))
    const { out } = await cli('run', configText({ url }))
    expect(words(out)).toMatch(/warm after \d+ requests: first token 1\.2\d* s → 2\d\d/)
    expect(reported().conditions.warmupRequests).toBeGreaterThan(12)
  })

  it.concurrent('the second arm is warmed like the first', async () => {
    const { cli, reported } = caller()
    const first = await endpoint('first')
    // Without a history the second arm decides, which is cold.
    const second = await endpoint('second', Array(4).fill(COLD))
    const reference = `    reference: {url: "${second.url}"}\n    workload:`
    await cli('run', configText({ url: first.url }).replace('    workload:', reference))
    // Beside the pairs themselves: a wave, two looks at a cold endpoint, and two at a warm one.
    const asked = await second.asked()
    expect(asked.length - reported().effort.pairs).toBeGreaterThan(12)
  })

  it.concurrent('endpoints to choose from are waited for', async () => {
    const { cli } = caller()
    const [one, two] = [await endpoint('one'), await endpoint('two', [AWAY, AWAY])]
    const gate = (name: string, url: string) =>
      `  ${name}:\n    endpoint: {url: "${url}", model: sim, ready: {timeout: 30s}}\n` +
      '    workload: {requests: 24, concurrency: 4, max_output_tokens: 4, max_client_delay: 30s}\n'
    const text = `gates:\n${gate('one', one.url)}${gate('two', two.url)}`
    const { code, err } = await cli('run', text, '--compare-endpoints')
    expect(err).toMatch(/two: not ready after 0/)
    expect(err).toMatch(/two: ready after \d/)
    expect(code).toBe(0)
  })
})
