// The built action without a config, on pull requests that edit the workflow's inputs: what the base
// branch was asked is known from its recorded runs, and is asked again.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import {
  CONFIG_PATH,
  type Forge,
  pullJob,
  QUICK,
  recordHistory,
  startForge,
  workspace,
} from './forge.ts'

let forge: Forge
let withConfig: ReturnType<typeof pull>

/** So slow that a busy machine's own delays are small beside it: inputs have no word for those. */
const CALM = { ...QUICK, ttftMedianMs: 300 } as const
const CRAWL = { ...QUICK, ttftMedianMs: 660 } as const

const at = (version: string) => forge.simulator.url.replace('/v1', `/${version}/v1`)
const inputs = () => ({
  url: at('calm'),
  model: 'sim',
  requests: '16',
  limits: 'ttft_p50 +50%, ttft_p95 off, ttft_p99 off, error_rate <=50%',
})

beforeAll(async () => {
  forge = await startForge()
  await forge.simulator.control({ version: 'calm', behaviour: CALM })
  await forge.simulator.control({ version: 'crawl', behaviour: CRAWL })
  await recordHistory(forge, { workspace: workspace(forge, {}), inputs: inputs(), runs: 3 })
  // As long as the others take together: it is measured meanwhile.
  withConfig = pullWithConfig()
})
afterAll(async () => {
  await withConfig
  expect(forge.github.state.violations).toEqual([])
  await forge.stop()
})

async function pull(given: Readonly<Record<string, string>>, files: Record<string, string> = {}) {
  const path = workspace(forge, files)
  const result = await runAction(
    pullJob(forge, { workspace: path, inputs: { comment: 'never', ...given } }),
  )
  const folder = join(path, 'inference-gate-report')
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
  const markdown = readFileSync(join(folder, 'comment.md'), 'utf8')
  return {
    ...result,
    report,
    markdown,
    gates: report.gates.map(({ name }: { name: string }) => name),
  }
}

function pullWithConfig() {
  const text = `gates:
  chat:
    endpoint: {url: "${at('crawl')}", model: sim}
    workload: {requests: 8, concurrency: 3, max_client_delay: 30s}
    limits: {ttft_p50: {ceiling: 60s}}
`
  return pull({}, { [CONFIG_PATH]: text })
}

describe('a pull request that edits the inputs', () => {
  it.concurrent('is blocked for a slower endpoint behind another dialect and limits that are off', async () => {
    const limits = 'ttft_p50 off, ttft_p95 off, ttft_p99 off, error_rate <=50%'
    const edited = { ...inputs(), url: at('crawl'), api: 'openai-completions', limits }
    const { code, report, markdown } = await pull(edited)
    expect(report.gates[0]).toMatchObject({ name: 'endpoint', verdict: 'failed' })
    expect(report.headline).toMatch(/^Merge blocked: endpoint: TTFT p50 is \d+ % slower/)
    expect(markdown).toContain('limits of the base branch')
    expect(code).toBe(1)
  })

  it.concurrent('passes where nothing is slower, and its limits count after the merge', async () => {
    const { code, markdown } = await pull({
      ...inputs(),
      limits: 'ttft_p50 +200%, error_rate <=50%',
    })
    expect(code).toBe(0)
    expect(markdown).toContain('`gates.endpoint.limits.ttft_p50`')
  })
})

describe('a pull request that brings a config in place of the inputs', () => {
  it.concurrent('is asked what the inputs asked, by their limits', async () => {
    const { code, report } = await withConfig
    expect(report.gates[0]).toMatchObject({ name: 'endpoint', verdict: 'failed' })
    expect(code).toBe(1)
  })
})
