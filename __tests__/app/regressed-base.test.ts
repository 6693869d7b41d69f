// A regression that was merged is the base branch's, and not that of the pull requests after it. The
// built action from the merge to the recovery, against a real endpoint, repository and forge.

import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  type Forge,
  NEXT_SHA,
  pushJob,
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
}, 60_000)
afterAll(async () => {
  await forge.stop()
})

/** Limits that a busy machine keeps: a fourth, where each step here is three fourths. */
const configOf = (version: Version) => `gates:
  chat:
    endpoint: {url: "${forge.simulator.url.replace('/v1', `/${version}/v1`)}", model: sim}
    reference: none
    workload: {requests: 60, concurrency: 6, max_output_tokens: 2, max_client_delay: 30s}
    limits:
      ttft_p50: {increase: 25%, floor: 10ms}
      error_rate: {ceiling: 20%}
confirm: none
policy: {allowed_hosts: ["http://127.0.0.1:*"]}
`

let runId = 5000

/** What the base branch measures at a commit of it. */
function pushOf(version: Version, commit: string) {
  const env = { GITHUB_SHA: commit, GITHUB_RUN_ID: String(++runId) }
  return runAction(
    pushJob(forge, { workspace: workspace(forge, { [CONFIG_PATH]: configOf(version) }), env }),
  )
}

const held = () =>
  execFileSync('git', ['-C', forge.gitDir, 'ls-tree', '-r', '--name-only', 'inference-gate'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path.includes('/held/'))

describe('a regression that was merged', () => {
  it('is kept apart, as nobody accepted it: its pull request had no label', async () => {
    for (let run = 1; run <= 5; run++) {
      await forge.simulator.control({ run })
      expect((await pushOf('quick', BASE_SHA)).code).toBe(0)
    }
    const [pull] = forge.github.state.pulls
    if (pull === undefined) throw new Error('no pull request')
    pull.state = 'closed'
    pull.merged = { by: 'maintainer', commit: NEXT_SHA, at: '2026-11-24T03:00:00Z' }
    const merged = await pushOf('regressed', NEXT_SHA)
    expect(merged.outputs.headline).toMatch(
      /^Base branch regressed: chat: TTFT p(50|95) is \d+ % slower/,
    )
    expect(merged.code).toBe(1)
    expect(held()).toHaveLength(1)
    delete pull.merged
    pull.state = 'open'
  }, 90_000)
})
