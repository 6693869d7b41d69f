// What two deployments of the same thing differ by, learnt by the built action from a merged pull request:
// from its own comment alone, by little, and said.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  type Forge,
  HEAD_SHA,
  publishBase,
  pullJob,
  pushJob,
  startForge,
  workspace,
} from './forge.ts'

let forge: Forge
/** What a machine, and no change, may make of it. */
const MEDIANS = { one: 90, two: 94 } as const

beforeAll(async () => {
  forge = await startForge()
  for (const [version, ttftMedianMs] of Object.entries(MEDIANS)) {
    const behaviour = { ttftMedianMs, ttftPerInputTokenMs: 0, tokenGapMs: 0.5 }
    await forge.simulator.control({ version, behaviour })
  }
  publishBase(forge, configOf('one'))
}, 60_000)
afterAll(() => forge.stop())

/** So little that a short history cannot rule it out, and pairs can. */
const configOf = (version: string) => `gates:
  chat:
    endpoint: {url: "${forge.simulator.url.replace('/v1', `/${version}/v1`)}", model: sim}
    workload: {requests: 60, concurrency: 4, max_output_tokens: 4, max_client_delay: 30s}
    limits:
      ttft_p50: {increase: 20%, floor: 5ms, must_detect: 25%}
      ttft_p95: off
      ttft_p99: off
      cost_per_answer: off
      error_rate: {ceiling: 20%}
confirm: none
`

let runId = 7000

/** The same thing, deployed a second time. */
async function pull() {
  const path = workspace(forge, { [CONFIG_PATH]: configOf('two') })
  const env = { GITHUB_RUN_ID: String(++runId) }
  const { code } = await runAction(pullJob(forge, { workspace: path, env }))
  const report = JSON.parse(readFileSync(join(path, 'inference-gate-report/report.json'), 'utf8'))
  return { code, gate: report.gates[0] }
}

async function push() {
  const path = workspace(forge, { [CONFIG_PATH]: configOf('one') })
  const env = { GITHUB_SHA: HEAD_SHA, GITHUB_RUN_ID: String(++runId) }
  expect((await runAction(pushJob(forge, { workspace: path, env }))).code).toBe(0)
}

/** What the newest recorded run says of the pull request that was merged with it. */
function recorded() {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', forge.gitDir, ...args], { encoding: 'utf8' })
  const paths = git('ls-tree', '-r', '--name-only', 'inference-gate').split('\n')
  const newest =
    paths
      .filter((path) => path.includes('/runs/'))
      .sort()
      .at(-1) ?? ''
  return JSON.parse(git('show', `inference-gate:${newest}`)).provenance.merged
}

function comment() {
  const found = forge.github.state.comments.at(-1)
  if (found === undefined) throw new Error('there is no comment')
  return found
}

function merge(more: { readonly head?: string } = {}) {
  const [own] = forge.github.state.pulls
  if (own === undefined) throw new Error('there is no pull request')
  own.merged = { by: 'maintainer', commit: HEAD_SHA, at: '2026-11-24T03:00:00Z' }
  if (more.head !== undefined) comment().body = comment().body.replace(HEAD_SHA, more.head)
}

describe('a pull request that passed beside the base branch’s own deployment', () => {
  it('is learnt from once it is merged, and the report says so', async () => {
    const first = await pull()
    expect(first.gate).toMatchObject({ verdict: 'passed', effort: { differs: 0.033 } })
    expect(first.gate.effort.differsLearntFrom).toBeUndefined()
    expect(comment().body).toMatch(/^<!-- [^\n]* twins=chat:(plus|minus):0\.\d{5}:0\.\d{5} -->/)
    await push()
    expect(recorded()).toBeUndefined()
    merge()
    await push()
    expect(recorded()).toMatchObject({ pullRequest: 7 })
    expect(Math.abs(recorded().difference)).toBeLessThan(0.5)
  }, 120_000)
})

describe('figures that somebody made up', () => {
  const WILD = ' twins=chat:plus:0.50000:0.00000 -->'
  const forged = () => comment().body.replace(/ twins=\S+ -->/, WILD)

  it('count as little more than what is assumed, and the report says from how many', async () => {
    comment().body = forged()
    await push()
    expect(recorded()).toEqual({ pullRequest: 7, difference: 0.5, error: 0 })
    // So near to the limit that a short history leaves it open, whatever this machine does.
    await forge.simulator.control({ version: 'two', behaviour: { ttftMedianMs: 107 } })
    const { gate } = await pull()
    expect(gate.effort).toMatchObject({ reference: 'measured', differsLearntFrom: 1 })
    expect(gate.effort.differs).toBeLessThan(0.0385)
    expect(comment().body.replace(/\s+/g, ' ')).toContain(
      'are assumed to differ by 3.8 %, learnt from 1 merged pull request',
    )
  }, 120_000)

  it.each([
    ['somebody else’s comment', () => (comment().login = 'mallory')],
    ['another commit’s comment', () => merge({ head: BASE_SHA })],
  ])(
    'are not read from %s',
    async (_, spoil) => {
      const before = { ...comment() }
      comment().body = forged()
      spoil()
      await push()
      expect(recorded()).toBeUndefined()
      Object.assign(comment(), before)
    },
    120_000,
  )
})
