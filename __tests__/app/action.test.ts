// The built action, run as the runner runs it, against a real endpoint, a real git repository and a
// GitHub that holds every request against its own description.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeReport } from '../../src/wire/files/report-file.ts'
import { setLabel } from '../github/github-state.ts'
import { runAction, startAction } from './action-process.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  type ConfigParts,
  configText,
  FLAKY,
  type Forge,
  HEAD_SHA,
  NEXT_SHA,
  pullJob,
  pushJob,
  QUICK,
  recordHistory,
  SLOW,
  startForge,
  workspace,
} from './forge.ts'

let forge: Forge
const RUNS = 4

beforeAll(async () => {
  forge = await startForge()
  await forge.simulator.control({ version: 'flaky', behaviour: FLAKY })
})
afterAll(async () => {
  await forge.stop()
})

const RUN = 'inference-gate-report/runs/chat.json'
const runOf = (path: string) => readFileSync(join(path, RUN), 'utf8')
/** What the slower pull request measured, to be judged once more. */
let slowRun = ''

/** With a warm-up of its own, which is not prolonged where the endpoint is slower than it was. */
const config = (parts: ConfigParts) =>
  configText(parts).replace('requests: 60', 'requests: 60, warmup: 4')

const flakyUrl = () => forge.simulator.url.replace('/v1', '/flaky/v1')
const checkout = (url: string, rest = '') =>
  workspace(forge, { [CONFIG_PATH]: config({ url, rest }) })

/** The base branch's config, as the API gives it. */
function publishBaseConfig(text: string): void {
  forge.github.state.files.splice(0)
  forge.github.state.files.push({ path: CONFIG_PATH, ref: BASE_SHA, text })
}

const storedRuns = () =>
  execFileSync('git', ['-C', forge.gitDir, 'ls-tree', '-r', '--name-only', 'inference-gate'], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')

describe('the action', () => {
  it('records a run on each push to the default branch', async () => {
    const path = checkout(forge.simulator.url)
    const first = await runAction(pushJob(forge, { workspace: path }))
    expect(first.log).toContain('chat: recorded in branch inference-gate')
    expect(first.code).toBe(0)
    const more = await recordHistory(forge, { workspace: path, runs: RUNS - 1 })
    expect(more.log).toContain('chat: recorded in branch inference-gate')
    expect(storedRuns().filter((name) => name.includes('/runs/'))).toHaveLength(RUNS)
    publishBaseConfig(config({ url: forge.simulator.url }))
  })

  it('passes an unchanged pull request, writes every file and comments once', async () => {
    const path = checkout(forge.simulator.url)
    const result = await runAction(pullJob(forge, { workspace: path }))
    expect(result.log).not.toContain('::error')
    expect(result.code).toBe(0)
    expect(['passed', 'inconclusive']).toContain(result.outputs.verdict)
    expect(Number(result.outputs['ttft-p50-ms'])).toBeGreaterThan(3)
    expect(Number(result.outputs.requests)).toBeGreaterThanOrEqual(60)
    expect(Number(result.outputs['spent-usd'])).toBeGreaterThan(0)
    expect(result.outputs['error-rate']).toBe('0')
    expect(result.outputs['comment-url']).toContain('/pull/7')
    expect(result.summary).toContain('TTFT p50')
    for (const name of ['report.json', 'report.html', 'comment.md', 'runs/chat.json']) {
      expect(existsSync(join(path, 'inference-gate-report', name))).toBe(true)
    }
    expect(
      decodeReport(readFileSync(join(path, result.outputs['report-json'] ?? ''), 'utf8')).ok,
    ).toBe(true)
    expect(forge.github.state.comments).toHaveLength(1)
  })

  it('fails a pull request that makes the endpoint slower, in the same comment', async () => {
    await forge.simulator.control({ version: 'slow', behaviour: SLOW })
    const path = checkout(forge.simulator.slowUrl)
    const result = await runAction(
      pullJob(forge, { workspace: path, env: { GITHUB_RUN_ID: '1002' } }),
    )
    slowRun = runOf(path)
    expect(result.code).toBe(1)
    expect(result.outputs.verdict).toBe('failed')
    expect(result.outputs.headline).toMatch(/^Merge blocked: chat: TTFT p50 is \d+ % slower/)
    expect(result.log).toContain('::error title=Inference Gate%3A chat::TTFT p50')
    expect(forge.github.state.comments).toHaveLength(1)
    expect(forge.github.state.comments[0]?.body).toContain('Merge blocked')
  })

  it('takes the limits from the base branch, whatever the pull request says', async () => {
    const loose = config({ url: forge.simulator.slowUrl }).replace(
      'increase: 60%',
      'increase: 9000%',
    )
    const path = workspace(forge, {
      [CONFIG_PATH]: loose.replace('must_detect: 1200%', 'must_detect: 9000%'),
      'slow.json': slowRun,
    })
    const inputs = { results: 'slow.json' }
    const result = await runAction(
      pullJob(forge, { workspace: path, inputs, env: { GITHUB_RUN_ID: '1003' } }),
    )
    expect(result.code).toBe(1)
    expect(forge.github.state.comments[0]?.body).toContain('ttft_p50')
  })

  it('turns a fail into a pass that says so, while the label speaks of this commit', async () => {
    const path = checkout(flakyUrl())
    const [pull] = forge.github.state.pulls
    pull?.labels.push('accept-inference-regression')
    const labels = ['accept-inference-regression']
    const accepted = await runAction(
      pullJob(forge, {
        workspace: path,
        action: 'labeled',
        label: 'accept-inference-regression',
        labels,
        env: { GITHUB_RUN_ID: '1004' },
      }),
    )
    expect(accepted.code).toBe(0)
    expect(forge.github.state.comments[0]?.body).toContain('accept-inference-regression')
    // A label from before the push accepted an older commit.
    const pushed = await runAction(
      pullJob(forge, {
        workspace: path,
        action: 'synchronize',
        labels,
        inputs: { results: RUN },
        env: { GITHUB_RUN_ID: '1005' },
      }),
    )
    expect(pushed.code).toBe(1)
    expect(forge.github.state.comments[0]?.body).toContain(
      `was set before \`${HEAD_SHA.slice(0, 7)}\`, so it does not count for it`,
    )
    pull?.labels.splice(0)
  })

  it('keeps a regressed run of the base branch apart until the level is accepted', async () => {
    const path = checkout(flakyUrl())
    const held = await runAction(pushJob(forge, { workspace: path, env: { GITHUB_SHA: HEAD_SHA } }))
    expect(held.code).toBe(1)
    expect(held.log).toContain('kept apart')
    const page = readFileSync(join(path, 'inference-gate-report/history/index.html'), 'utf8')
    expect(page).toContain('kept apart</span>')
    const badge = readFileSync(join(path, 'inference-gate-report/history/badge.json'), 'utf8')
    expect(JSON.parse(badge)).toMatchObject({ color: 'red' })
    expect(storedRuns().filter((name) => name.includes('/held/'))).toHaveLength(1)
    const [pull] = forge.github.state.pulls
    if (pull === undefined) throw new Error('no pull request')
    setLabel(forge.github.state, {
      issue: 7,
      label: 'accept-inference-regression',
      at: '2026-11-24T02:30:00Z',
    })
    forge.github.state.pushes.push({
      repository: 'acme/search',
      branch: 'faster',
      after: HEAD_SHA,
      at: '2026-11-24T02:00:00Z',
    })
    pull.state = 'closed'
    pull.merged = { by: 'maintainer', commit: NEXT_SHA, at: '2026-11-24T03:00:00Z' }
    const accepted = await runAction(
      pushJob(forge, { workspace: path, env: { GITHUB_SHA: NEXT_SHA } }),
    )
    expect(accepted.log).toContain('as the first run of a new baseline epoch')
    expect(accepted.code).toBe(0)
    expect(storedRuns().some((name) => name.includes('/epochs/'))).toBe(true)
    delete pull.merged
    pull.state = 'open'
    pull.labels.splice(0)
  })

  it('keeps what it measured when the job is cancelled, and ends with 3', async () => {
    await forge.simulator.control({ version: 'crawl', behaviour: { ...QUICK, ttftMedianMs: 1500 } })
    const path = checkout(forge.simulator.url.replace('/v1', '/crawl/v1'))
    const asked = (await forge.simulator.log()).length
    const running = startAction(pushJob(forge, { workspace: path }))
    await forge.simulator.arrived(asked + 1)
    running.kill('SIGINT')
    const { code, log, outputs } = await running.result
    expect(code).toBe(3)
    expect(outputs.verdict).toBe('invalid')
    expect(log).toContain('not recorded, because the measurement is invalid')
    expect(log).not.toMatch(/\n\s+at /)
    expect(existsSync(join(path, 'inference-gate-report/runs/chat.json'))).toBe(true)
  })

  it('sent GitHub nothing that its own description does not allow', () => {
    expect(forge.github.state.requests.length).toBeGreaterThan(10)
    expect(forge.github.state.violations).toEqual([])
  })
})
