// `calibrate` as a person runs it: the built command in a process of its own, against a simulated endpoint
// whose truth is known.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  type SimulatorProcess,
  startSimulatorProcess,
} from '../../../simulator/simulator-process.ts'
import { runBuiltCli } from '../../cli-process.ts'
import { QUICK } from '../../forge.ts'

const MEDIAN_MS = 60
/** The second arm takes twice as long, beside which a busy machine's delays are small. */
const TWICE = { ...QUICK, ttftMedianMs: 2 * MEDIAN_MS }

let simulator: SimulatorProcess
let parent: string

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'gate-calibrate-'))
  simulator = await startSimulatorProcess({
    seed: 5,
    behaviour: { ...QUICK, ttftMedianMs: MEDIAN_MS },
  })
  await simulator.control({ version: 'twice', behaviour: TWICE })
})
afterAll(async () => {
  await simulator.stop()
  rmSync(parent, { recursive: true, force: true })
})

function folderWith(more = ''): string {
  const folder = mkdtempSync(join(parent, 'here-'))
  writeFileSync(
    join(folder, 'inference-gate.yml'),
    `# ours
gates:
  chat:
    endpoint: {url: "${simulator.url}", model: sim}
    # small
    workload: {requests: 40, probes: 20, concurrency: 8, warmup: 8, max_client_delay: 30s}
    limits:
      ttft_p50: {increase: 10%}
${more}confirm: none
`,
  )
  return folder
}

describe('inference-gate calibrate', () => {
  it('says what it measured and chose, and touches neither config nor baseline unasked', async () => {
    const folder = folderWith()
    const before = readFileSync(join(folder, 'inference-gate.yml'), 'utf8')
    const { code, out } = await runBuiltCli(['calibrate', '--times', '2'], { folder })
    expect(code).toBe(0)
    expect(out).toContain('chat: 2 runs; 136 requests sent now')
    expect(out).toMatch(/(uns of this endpoint|medians of this endpoint's runs) lie [\d.]+ % apart/)
    expect(out).toContain('All runs are of one day')
    expect(out).toMatch(/ {2}ttft_p50 +[\d.,]+ ms +±/)
    expect(out).toMatch(/Chosen: workload \{requests: \d+, probes: \d+\}, limits ttft_p50/)
    expect(readFileSync(join(folder, 'inference-gate.yml'), 'utf8')).toBe(before)
    expect(existsSync(join(folder, '.inference-gate'))).toBe(false)
    expect(readdirSync(join(folder, 'inference-gate-report/runs'))).not.toEqual([])
  })

  it('writes what it chose beside the comments, and its runs begin the baseline', async () => {
    const folder = folderWith()
    const args = ['calibrate', '--times', '2', '--write', '--record']
    const { code, out } = await runBuiltCli(args, { folder })
    expect(code).toBe(0)
    expect(out).toContain('wrote inference-gate.yml')
    const text = readFileSync(join(folder, 'inference-gate.yml'), 'utf8')
    expect(text).toMatch(/^# ours$/m)
    expect(text).toMatch(/^ {4}# small$/m)
    expect(text).toMatch(
      /workload: \{requests: \d+, probes: \d+, .*\} # calibrated \d{4}-\d\d-\d\d, 2 runs/,
    )
    expect((await runBuiltCli(['validate'], { folder })).code).toBe(0)
    const history = await runBuiltCli(['history'], { folder })
    expect(history.out.match(/accepted/g)).toHaveLength(2)
  })

  it('measures both arms in pairs where there are two, and knows when they are not the same', async () => {
    const url = simulator.url.replace('/v1', '/twice/v1')
    const folder = folderWith(`    reference: {url: "${url}"}\n`)
    const { code, out } = await runBuiltCli(['calibrate', '--times', '2'], { folder })
    expect(code).toBe(0)
    // The figures' widths decide where the lines break.
    const unwrapped = out.replace(/\s+/g, ' ')
    const [, percent = '0'] = /is ([\d.]+) % faster than the reference arm/.exec(unwrapped) ?? []
    expect(Number(percent)).toBeGreaterThan(30)
    expect(Number(percent)).toBeLessThan(60)
    expect(unwrapped).toContain('more than two deployments of the same thing differ by')
    expect(out).not.toContain('differs:')
  })

  it('ends with 3 where nothing answers, and with 2 where one run is asked for', async () => {
    const folder = folderWith()
    const down = ['calibrate', '--endpoint-url', 'http://127.0.0.1:1/v1']
    const nothing = await runBuiltCli([...down, '--write'], { folder })
    expect(nothing.code).toBe(3)
    expect(nothing.err).toContain('nothing is chosen')
    const one = await runBuiltCli(['calibrate', '--times', '1'], { folder })
    expect([one.code, one.err]).toEqual([2, expect.stringContaining('--times is 1')])
  })
})
