// A regression that was merged is the base branch's, and not that of the pull requests after it. The
// built action from the merge to the recovery, against a real endpoint, repository and forge.

import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import {
  atOwnGitHub,
  BASE_SHA,
  CONFIG_PATH,
  type Forge,
  pullJob,
  pushJob,
  recordHistory,
  startForge,
  workspace,
} from './forge.ts'

let forge: Forge
const MEDIANS = { quick: 90, regressed: 160, worse: 290 } as const
type Version = keyof typeof MEDIANS

beforeAll(async () => {
  forge = await startForge()
  for (const [version, ttftMedianMs] of Object.entries(MEDIANS)) {
    const behaviour = { ttftMedianMs, ttftPerInputTokenMs: 0, tokenGapMs: 0.5 }
    await forge.simulator.control({ version, behaviour })
  }
})
afterAll(async () => {
  await forge.stop()
})

/** Limits that a busy machine keeps: a fourth, where each step here is three fourths. */
const configOf = (version: Version, policy = '') => `gates:
  chat:
    endpoint: {url: "${forge.simulator.url.replace('/v1', `/${version}/v1`)}", model: sim}
    reference: none
    workload: {requests: 60, concurrency: 6, max_output_tokens: 2, max_client_delay: 30s}
    limits:
      ttft_p50: {increase: 25%, floor: 10ms}
      ttft_p95: off
      error_rate: {ceiling: 20%}
confirm: none
policy: {allowed_hosts: ["http://127.0.0.1:*"]${policy}}
`

let runId = 5000

/** A job of the base branch at that version. */
const baseJob = (version: Version) => ({
  workspace: workspace(forge, { [CONFIG_PATH]: configOf(version) }),
  env: { GITHUB_SHA: BASE_SHA, GITHUB_RUN_ID: String(++runId) },
})
const pushOf = (version: Version) => runAction(pushJob(forge, baseJob(version)))

type Pulled = { readonly policy?: string; readonly comment?: 'never' }

/** A pull request whose head is measured as it is, beside a base branch with that config. */
function pullOf(version: Version, { policy = '', comment }: Pulled = {}) {
  return atOwnGitHub(forge, async (own) => {
    const text = configOf(version, policy)
    own.github.state.files.push({ path: CONFIG_PATH, ref: BASE_SHA, text })
    const job = pullJob(own, {
      workspace: workspace(own, { [CONFIG_PATH]: text }),
      inputs: comment === undefined ? {} : { comment },
      env: { GITHUB_RUN_ID: String(++runId) },
    })
    const result = await runAction(job)
    return { ...result, body: own.github.state.comments.at(-1)?.body ?? '' }
  })
}

const held = () =>
  execFileSync('git', ['-C', forge.gitDir, 'ls-tree', '-r', '--name-only', 'inference-gate'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path.includes('/held/'))

describe('a regression that was merged', () => {
  it('is kept apart, as nobody accepted it: its pull request had no label', async () => {
    await recordHistory(forge, { ...baseJob('quick'), runs: 5 })
    const [pull] = forge.github.state.pulls
    if (pull === undefined) throw new Error('no pull request')
    pull.state = 'closed'
    pull.merged = { by: 'maintainer', commit: BASE_SHA, at: '2026-11-24T03:00:00Z' }
    const merged = await pushOf('regressed')
    expect(merged.outputs.headline).toMatch(
      /^Base branch regressed: chat: TTFT p(50|95) is \d+ % slower/,
    )
    expect(merged.code).toBe(1)
    expect(held()).toHaveLength(1)
    delete pull.merged
    pull.state = 'open'
  })

  it.concurrent('does not block an innocent pull request, whose headline says whose slowness it is', async () => {
    const { code, outputs, body } = await pullOf('regressed')
    expect(outputs.headline).toMatch(
      /^(Passed|Undecided, not blocking): chat: the base branch is \d+ % slower than its baseline; this pull request (adds|is) /,
    )
    expect(code).toBe(0)
    expect(body).not.toContain('Merge blocked')
    expect(body).toContain('Nothing has to be done in this pull request.')
  })

  it.concurrent('blocks it where the policy asks for that, and says so', async () => {
    const { code, outputs, body } = await pullOf('regressed', {
      policy: ', base_regressed: fail',
    })
    expect(outputs.headline).toMatch(
      /^Merge blocked: chat: the base branch is \d+ % slower than its baseline; this pull request (adds|is) /,
    )
    expect(code).toBe(1)
    expect(body).toContain('`policy.base_regressed` is `fail`')
    expect(body).not.toContain('Fix what made it worse')
  })

  it.concurrent('blocks a pull request for what it adds', async () => {
    const { code, outputs } = await pullOf('worse', { comment: 'never' })
    expect(outputs.headline).toMatch(
      /^Merge blocked: chat: TTFT p\d\d is \d+ % slower than the base branch, itself \d+ % slower than its baseline/,
    )
    expect(code).toBe(1)
  })

  it('is over when the base branch has recovered', async () => {
    expect((await pushOf('quick')).code).toBe(0)
    const [innocent, slower] = await Promise.all([
      pullOf('quick', { comment: 'never' }),
      pullOf('regressed', { comment: 'never' }),
    ])
    expect(innocent.outputs.headline).toMatch(/^Passed: chat: (?!the base branch)/)
    expect(slower.outputs.headline).toMatch(/^Merge blocked: chat: TTFT p\d\d is \d+ % slower/)
    expect(slower.outputs.headline).not.toContain('base branch')
  })
})
