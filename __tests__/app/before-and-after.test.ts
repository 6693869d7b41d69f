// The built action where a job deploys over one URL: measured before, deployed, measured again, and judged
// beside the run of before, without a history and without two servers at a time.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import { runBuiltCli } from './cli-process.ts'
import {
  CONFIG_PATH,
  configText,
  type Forge,
  HEAD_SHA,
  publishBase,
  pullJob,
  pushJob,
  QUICK,
  SLOW,
  startForge,
  workspace,
} from './forge.ts'

let forge: Forge
/** A checkout with the run files of before in `before/`. */
let checkout: string

beforeAll(async () => {
  forge = await startForge()
  publishBase(forge)
  checkout = workspace(forge, { [CONFIG_PATH]: config() })
  const inputs = { mode: 'measure', 'report-dir': 'before', comment: 'never' }
  const { code, log } = await runAction(pullJob(forge, { workspace: checkout, inputs }))
  if (code !== 0) throw new Error(`measuring before ended with ${code}: ${log}`)
})
afterAll(() => forge.stop())
beforeEach(() => forge.simulator.control({ behaviour: QUICK }))

const config = () => configText({ url: forge.simulator.url })

async function gateAfter(pattern = 'before/runs/*.json', text = config()) {
  writeFileSync(join(checkout, CONFIG_PATH), text)
  const inputs = { 'reference-results': pattern, comment: 'never' }
  const result = await runAction(pullJob(forge, { workspace: checkout, inputs }))
  const folder = join(checkout, 'inference-gate-report')
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
  const markdown = readFileSync(join(folder, 'comment.md'), 'utf8')
  return { ...result, report, markdown, gate: report.gates[0] }
}

describe('a deployment over the same URL', () => {
  it('is blocked where it is slower, and the comment says what it was compared with', async () => {
    await forge.simulator.control({ behaviour: SLOW })
    const { code, outputs, gate, markdown } = await gateAfter()
    expect(outputs.headline).toMatch(/^Merge blocked: .*TTFT p50 is \d+ % slower/)
    expect(gate).toMatchObject({ verdict: 'failed', effort: { reference: 'earlier' } })
    expect(gate.metrics[0]).toMatchObject({ id: 'ttft_p50', evidence: 'earlier' })
    expect(markdown).toMatch(/against a run that was measured .* before, not in alternation/)
    expect(markdown).toContain('| Before |')
    expect(code).toBe(1)
  })

  it('passes where it is as fast, with no history at all', async () => {
    const { code, gate } = await gateAfter()
    expect(gate).toMatchObject({ verdict: 'passed', baseline: { runs: 0 } })
    expect(code).toBe(0)
  })

  it('counts in what the endpoint moves by between two measurements', async () => {
    const { gate, markdown } = await gateAfter()
    // The simulator is on this machine: nobody else asks it.
    expect(gate.effort.earlier).toMatchObject({ movement: 0.015 })
    expect(gate.effort.earlier.beforeMs).toBeGreaterThan(0)
    expect(markdown).toContain('not in alternation, one look')
  })

  it('can be judged from the terminal as well', async () => {
    await forge.simulator.control({ behaviour: SLOW })
    const { code, out } = await runBuiltCli(
      ['run', '--reference-results', 'before/runs/*.json', '--report-dir', 'after'],
      { folder: checkout },
    )
    expect(out).toContain('TTFT p50 is')
    expect(code).toBe(1)
  })
})

describe('a run of before is refused in one sentence', () => {
  type RunFile = {
    startedAt: string
    subject: Record<string, string>
    loadShape: Record<string, string>
    loadShapeHash: string
    records: unknown
    costsUsd: unknown[]
    invalidities: unknown[]
  }

  function changed(name: string, change: (file: RunFile) => void): string {
    const file = JSON.parse(readFileSync(join(checkout, 'before/runs/chat.json'), 'utf8'))
    change(file)
    mkdirSync(join(checkout, name), { recursive: true })
    writeFileSync(join(checkout, name, 'chat.json'), JSON.stringify(file))
    return `${name}/chat.json`
  }

  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

  async function refused(pattern: string, text = config()) {
    const before = (await forge.simulator.log()).length
    const { code, log } = await gateAfter(pattern, text)
    expect(await forge.simulator.log()).toHaveLength(before)
    expect(code).toBe(2)
    return log
  }

  it('where it is older than an hour', async () => {
    const path = changed('old', (file) => {
      file.startedAt = minutesAgo(75)
    })
    expect(await refused(path)).toContain(
      'reference-results: the run of chat was measured 75 minutes ago; at most 60 are counted in.',
    )
  })

  it('where it is of the future', async () => {
    const path = changed('ahead', (file) => {
      file.startedAt = minutesAgo(-30)
    })
    expect(await refused(path)).toMatch(/the run of chat is dated .*Z, after now\./)
  })

  it('where it is of another endpoint', async () => {
    const path = changed('elsewhere', (file) => {
      file.subject = { ...file.subject, url: 'https://other.example.com/v1' }
    })
    expect(await refused(path)).toMatch(
      /the run of chat is of https:\/\/other\.example\.com\/v1, which is neither what the gate asks nor its reference \(http:/,
    )
  })

  it('where it was asked another question', async () => {
    const path = changed('question', (file) => {
      file.loadShape = { ...file.loadShape, load: 'closed, 3 in flight' }
      file.loadShapeHash = 'f'.repeat(64)
    })
    expect(await refused(path)).toContain(
      'reference-results: the run of chat is of another load shape than the gate (changed: load).',
    )
  })

  it('where it is empty', async () => {
    const path = changed('empty', (file) => {
      file.records = { count: 0, columns: {} }
      file.costsUsd = []
    })
    expect(await refused(path)).toContain(
      'reference-results: the run of chat has no request in it.',
    )
  })

  it('where it is void', async () => {
    const path = changed('void', (file) => {
      file.invalidities = [{ kind: 'load-not-reached', achieved: 1, intended: 4 }]
    })
    expect(await refused(path)).toContain('reference-results: the run of chat is void: ')
  })

  it('where no file is there, or none of the gate', async () => {
    expect(await refused('nowhere/*.json')).toContain('no file matches nowhere/*.json')
    const path = changed('other', (file) => Object.assign(file, { gate: 'search' }))
    expect(await refused(path)).toContain(
      'no run file of the gate chat matches other/chat.json; found are search.',
    )
  })

  it('where the pull request brings it along', async () => {
    const path = 'before/runs/chat.json'
    forge.github.state.files.push({ path, ref: HEAD_SHA, text: '{}' })
    expect(await refused('before/runs/*.json')).toContain(
      'reference-results: before/runs/chat.json is a file of the commit that is judged',
    )
    forge.github.state.files.pop()
  })

  it('where the job does not gate', async () => {
    const inputs = { 'reference-results': 'before/runs/*.json' }
    const { code, log } = await runAction(pushJob(forge, { workspace: checkout, inputs }))
    expect(log).toContain(
      "the input reference-results is judged by mode: gate alone, and this job's mode is record.",
    )
    expect(code).toBe(2)
  })
})
