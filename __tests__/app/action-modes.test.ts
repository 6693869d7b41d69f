// The action as a function, in each of its modes and events, around the same forge as the bundle's
// tests: a real endpoint, a real git repository, a GitHub with its own rules.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type GitServer, startGitServer } from '../baseline/branch/git-http-server.ts'
import { JOB_TOKEN, jobToken, openPull } from '../github/github-state.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  configText,
  type Doors,
  FLAKY,
  type Forge,
  HEAD_SHA,
  pullJob,
  pushJob,
  QUICK,
  SLOW,
  startForge,
  workspace,
} from './forge.ts'
import { runActionHere } from './in-process.ts'

let forge: Forge
/** The same forge, but nothing was ever recorded: for what is not about a baseline. */
let unrecorded: Doors
/** The same with a history of its own, which may be spoiled. */
let apart: Doors
const gitServers: GitServer[] = []

/** The repository as it is now, behind a server of its own. */
async function copied(name: string): Promise<Doors> {
  const root = join(forge.folder, name)
  cpSync(forge.gitDir, join(root, 'acme/search.git'), { recursive: true })
  const gitServer = await startGitServer({ root, token: JOB_TOKEN })
  gitServers.push(gitServer)
  return { gitServer, github: forge.github }
}

beforeAll(async () => {
  forge = await startForge()
  unrecorded = await copied('unrecorded')
  await forge.simulator.control({ version: 'flaky', behaviour: FLAKY })
  const inputs = { times: '4' }
  const { code } = await runActionHere(pushJob(forge, { workspace: checkout(), inputs }))
  if (code !== 0) throw new Error(`recording ended with ${code}`)
  apart = await copied('apart')
})
afterAll(async () => {
  expect(forge.github.state.violations).toEqual([])
  await Promise.all(gitServers.map((server) => server.close()))
  await forge.stop()
})

beforeEach(() => {
  const { state } = forge.github
  state.comments.splice(0)
  state.files.splice(0)
  state.requests.splice(0)
  state.troubles.splice(0)
  state.pulls.splice(0, state.pulls.length, openPull({ number: 7, headSha: HEAD_SHA }))
  state.tokens[JOB_TOKEN] = jobToken()
})

/** As few requests as can show that its limits hold: no percentile that needs more of them. */
const small = (url = forge.simulator.url) =>
  configText({ url })
    .replace('requests: 60', 'requests: 30')
    .replace(/ttft_p95: .*/, 'ttft_p95: off')
const checkout = (text = configText({ url: forge.simulator.url })) =>
  workspace(forge, { [CONFIG_PATH]: text })

/** Files as the API gives them. */
const publish = (ref: string, text: string, path = CONFIG_PATH) =>
  void forge.github.state.files.push({ path, ref, text })
const posted = () => forge.github.state.comments[0]?.body ?? ''
/** What the comment would be: a job waits for a moment once it has written one. */
const bodyIn = (path: string) =>
  readFileSync(join(path, 'inference-gate-report/comment.md'), 'utf8')
const quiet = { comment: 'never' }
const flakyUrl = () => forge.simulator.url.replace('/v1', '/flaky/v1')
const report = (path: string) =>
  JSON.parse(readFileSync(join(path, 'inference-gate-report/report.json'), 'utf8'))

describe('where the config comes from', () => {
  it('is read through the API where there is no checkout', async () => {
    const text = configText({ url: forge.simulator.url })
    publish(HEAD_SHA, text)
    publish(BASE_SHA, text)
    const path = workspace(forge, {})
    const { code, outputs } = await runActionHere(
      pullJob(forge, { workspace: path, inputs: quiet }),
    )
    expect(code).toBe(0)
    expect(['passed', 'inconclusive']).toContain(outputs.verdict)
    expect(bodyIn(path)).toContain('limits of the base branch')
  })

  it('is the same file, however its path is written', async () => {
    publish(BASE_SHA, small())
    const path = checkout(small())
    const inputs = { ...quiet, config: `./${CONFIG_PATH}` }
    const { code } = await runActionHere(pullJob(unrecorded, { workspace: path, inputs }))
    expect(code).toBe(0)
    expect(bodyIn(path)).toContain('limits of the base branch')
  })

  it('is the head’s for the first pull request that adds one, which the comment says', async () => {
    const path = checkout(small())
    const inputs = { ...quiet, 'endpoint-url': forge.simulator.url }
    const { code } = await runActionHere(pullJob(unrecorded, { workspace: path, inputs }))
    expect(code).toBe(0)
    expect(bodyIn(path)).toContain('limits of this pull request')
  })

  it('is the head’s where the base branch’s is broken, and that is said', async () => {
    publish(BASE_SHA, 'gates: {chat: 1}\n')
    const path = checkout(small())
    const inputs = { ...quiet, 'endpoint-url': forge.simulator.url }
    const { code, log } = await runActionHere(pullJob(unrecorded, { workspace: path, inputs }))
    expect(code).toBe(0)
    expect(log).toContain(`${CONFIG_PATH} on main cannot be read`)
    expect(log).toContain('::warning title=Config of the base branch')
  })

  it('names what the head would change: looser limits, a gate that goes', async () => {
    const base = small()
    const second = base.replace('gates:\n', '').replace('  chat:', '  summary:')
    publish(BASE_SHA, `${base.replace('confirm: none\n', '')}${second}`)
    const path = checkout(base.replace('increase: 60%', 'increase: 70%'))
    const { code } = await runActionHere(pullJob(unrecorded, { workspace: path, inputs: quiet }))
    expect(code).toBe(0)
    expect(bodyIn(path)).toContain('`gates.summary` is removed')
    expect(bodyIn(path)).toContain('to `increase: 70%')
    expect(report(path).gates.map(({ name }: { name: string }) => name)).toEqual([
      'chat',
      'summary',
    ])
  })

  it('leaves budget, policy and hosts to the base branch', async () => {
    const plain = small()
    publish(BASE_SHA, `${plain}budget: {requests: 60}\npolicy: {invalid: fail}\n`)
    const more = plain.replace('requests: 30', 'requests: 400')
    const path = checkout(`${more}budget: {requests: 900}\npolicy: {invalid: pass}\n`)
    const { code, outputs } = await runActionHere(
      pullJob(unrecorded, { workspace: path, inputs: quiet }),
    )
    expect([code, outputs.requests]).toEqual([3, '0'])
    expect(bodyIn(path)).toContain('budget.requests')
    forge.github.state.files.splice(0)
    publish(
      BASE_SHA,
      `${plain}policy: {allowed_hosts: ["http://127.0.0.1:*", "inference.example.com"]}\n`,
    )
    const away = checkout(
      `${configText({ url: 'http://localhost:9/v1' })}policy: {allowed_hosts: []}\n`,
    )
    const refused = await runActionHere(pullJob(unrecorded, { workspace: away, inputs: quiet }))
    expect([refused.code, refused.log]).toEqual([
      2,
      expect.stringContaining('http://localhost:9 is not among policy.allowed_hosts'),
    ])
  })

  it('stops the gate where GitHub does not give the base branch’s', async () => {
    forge.github.state.troubles.push(
      ...Array.from({ length: 8 }, () => ({ on: '/contents/', status: 403, message: 'no' })),
    )
    const path = checkout(small())
    const { code, log } = await runActionHere(
      pullJob(unrecorded, { workspace: path, inputs: quiet }),
    )
    expect(code).toBe(3)
    expect(log).toContain('contents: read')
    expect(report(path).verdict).toBe('invalid')
  })
})

describe('events', () => {
  it('gates a merge group by its base, without a comment', async () => {
    publish(BASE_SHA, small())
    const job = pullJob(unrecorded, { workspace: checkout(small()) })
    const result = await runActionHere({
      ...job,
      eventName: 'merge_group',
      event: {
        repository: { default_branch: 'main' },
        merge_group: {
          head_sha: HEAD_SHA,
          base_sha: BASE_SHA,
          base_ref: 'refs/heads/main',
          head_ref: 'refs/heads/gh-readonly-queue/main/pr-7',
        },
      },
      env: { ...job.env, GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-7' },
    })
    expect(result.code).toBe(0)
    expect(result.log).toContain('gate on merge_group')
    expect(result.outputs['comment-url']).toBe('')
    expect(forge.github.state.comments).toEqual([])
  })

  it('records on a schedule', async () => {
    const job = pushJob(forge, { workspace: checkout(small()) })
    const { code, log } = await runActionHere({ ...job, eventName: 'schedule' })
    expect(code).toBe(0)
    expect(log).toContain('record on schedule')
    expect(log).toContain('chat: recorded in branch inference-gate')
  })

  it('gates a push where it is told to, by the default branch’s runs', async () => {
    const job = pushJob(forge, {
      workspace: checkout(),
      inputs: { mode: 'gate' },
      env: { GITHUB_REF: 'refs/heads/feature' },
    })
    const { code, outputs, summary } = await runActionHere(job)
    expect(code).toBe(0)
    expect(outputs['comment-url']).toBe('')
    expect(summary).toContain('TTFT p50')
  })

  it('says what to do on an event that has no meaning of its own', async () => {
    for (const [eventName, ref, words] of [
      ['push', 'refs/heads/feature', 'a push to feature, which is not the default branch'],
      ['push', 'refs/tags/v1', 'a push to a tag'],
      ['issues', 'refs/heads/main', 'the event issues'],
      ['pull_request_target', 'refs/heads/main', 'the event pull_request_target'],
    ] as const) {
      const job = pushJob(forge, { workspace: checkout(), env: { GITHUB_REF: ref } })
      const { code, log } = await runActionHere({ ...job, eventName })
      expect(code).toBe(2)
      expect(log).toContain(words)
      expect(log).toContain('mode: gate')
      expect(log).not.toMatch(/\n\s+at /)
    }
  })

  it('takes a level that was kept apart as the new one, by a dispatch', async () => {
    const flaky = checkout(configText({ url: flakyUrl() }))
    const job = pushJob(apart, { workspace: flaky })
    const inputs = { ...job.inputs, mode: 'record' }
    const held = await runActionHere({ ...job, inputs })
    expect([held.code, held.log]).toEqual([1, expect.stringContaining('kept apart')])
    const accepted = await runActionHere({
      ...job,
      inputs,
      eventName: 'workflow_dispatch',
      event: {
        repository: { default_branch: 'main' },
        inputs: { accept: 'true', reason: 'larger model' },
      },
    })
    expect(accepted.log).toContain('as the first run of a new baseline epoch')
    expect(accepted.code).toBe(0)
    expect(accepted.summary).toContain('larger model')
    const report = JSON.parse(
      readFileSync(join(job.workspace, accepted.outputs['report-json'] ?? ''), 'utf8'),
    )
    const metrics: { accepted?: unknown }[] = report.gates[0].metrics
    const by = metrics.flatMap((metric) => metric.accepted ?? [])
    expect(by).not.toEqual([])
    for (const one of by) expect(one).toEqual({ reason: 'larger model', by: 'octocat' })
    const tree = ['ls-tree', '-r', '--name-only', 'inference-gate']
    const stored = execFileSync(
      'git',
      ['-C', join(forge.folder, 'apart/acme/search.git'), ...tree],
      { encoding: 'utf8' },
    )
    expect(stored).toMatch(/\/epochs\//)
  })
})

describe('shards', () => {
  it('are measured without a verdict and judged together by another job', async () => {
    publish(BASE_SHA, configText({ url: forge.simulator.url }))
    const judge = checkout()
    for (const shard of ['1', '2']) {
      const path = checkout()
      const job = pullJob(forge, { workspace: path, inputs: { mode: 'measure' } })
      const { code, outputs } = await runActionHere(job)
      expect(code).toBe(0)
      expect(outputs.requests).toBe('60')
      expect(outputs.verdict).toBeUndefined()
      mkdirSync(join(judge, 'shards', shard), { recursive: true })
      cpSync(join(path, 'inference-gate-report'), join(judge, 'shards', shard), {
        recursive: true,
      })
    }
    expect(forge.github.state.comments).toEqual([])
    const results = 'shards/*/runs/*.json'
    const { code, outputs } = await runActionHere(
      pullJob(forge, { workspace: judge, inputs: { ...quiet, results } }),
    )
    expect(code).toBe(0)
    expect(outputs.requests).toBe('120')
    cpSync(join(judge, 'shards/1'), join(judge, 'shards/1-again'), { recursive: true })
    const twice = await runActionHere(
      pullJob(forge, { workspace: judge, inputs: { ...quiet, results } }),
    )
    // The same run found twice counts once.
    expect([twice.code, twice.outputs.requests]).toEqual([0, '120'])
    // Two shards at once are another load than the runs that are stored.
    expect(outputs.verdict).toBe('no-baseline')
    expect(bodyIn(judge)).toContain('shards')
    const recorded = await runActionHere(pushJob(forge, { workspace: judge, inputs: { results } }))
    expect([recorded.code, recorded.log]).toEqual([0, expect.stringContaining('chat: recorded')])
  })

  it('measure gates that are compared with each other in turns, as one run does', async () => {
    // So slow that a busy moment of this machine is no part of it.
    await forge.simulator.control({ version: 'calm', behaviour: { ...QUICK, ttftMedianMs: 60 } })
    const gate = (name: string, more = '') => `  ${name}:
    endpoint: {url: "${forge.simulator.url.replace('/v1', '/calm/v1')}", model: sim}
    workload: {requests: 48, concurrency: 4, max_output_tokens: 4, max_client_delay: 30s}
    limits: {ttft_p50: off, ttft_p95: off, ttft_p99: off}
${more}`
    const tie = '    compare: {gate: cold, metric: ttft_p50, at_most: 900%}\n'
    const text = `gates:\n${gate('warm', tie)}${gate('cold')}confirm: none\n`
    publish(BASE_SHA, text)
    const path = checkout(text)
    const shard = await runActionHere(
      pullJob(forge, { workspace: path, inputs: { mode: 'measure' } }),
    )
    expect(shard.code).toBe(0)
    expect(shard.log).toMatch(/warm: turn 1 of 4[\s\S]*cold: turn 1 of 4[\s\S]*cold: turn 2 of 4/)
    const judge = checkout(text)
    cpSync(join(path, 'inference-gate-report'), join(judge, 'shards/1'), { recursive: true })
    const results = 'shards/*/runs/*.json'
    await runActionHere(pullJob(forge, { workspace: judge, inputs: { ...quiet, results } }))
    const folder = join(judge, 'inference-gate-report')
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
    const [warm] = report.gates
    expect(warm.shares).toMatchObject([{ gate: 'cold', verdict: 'pass' }])
    expect(warm.requests).toBe(48)
  })

  it('that cannot be used say so in words, and keep what they measured', async () => {
    const path = checkout(configText({ url: forge.simulator.faultUrl('http-401') }))
    publish(BASE_SHA, configText({ url: forge.simulator.url }))
    const job = pullJob(forge, { workspace: path, inputs: { mode: 'measure' } })
    const { code, log } = await runActionHere(job)
    expect(code).toBe(3)
    expect(log).toContain('This shard cannot be used. No request completed.')
    expect(log).toContain('api-key')
    expect(existsSync(join(path, 'inference-gate-report/runs/chat.json'))).toBe(true)
  })

  it('are refused where there are none, or none of a gate', async () => {
    const path = checkout()
    const none = await runActionHere(
      pullJob(forge, { workspace: path, inputs: { ...quiet, results: 'shards/**/*.json' } }),
    )
    expect([none.code, none.log]).toEqual([2, expect.stringContaining('no file matches shards/')])
    const talk = small().replace('chat:', 'talk:')
    publish(BASE_SHA, talk)
    const other = checkout(talk)
    await runActionHere(pullJob(forge, { workspace: other, inputs: { mode: 'measure' } }))
    forge.github.state.files.splice(0)
    publish(BASE_SHA, configText({ url: forge.simulator.url }))
    cpSync(join(other, 'inference-gate-report'), join(path, 'shards'), { recursive: true })
    const missing = await runActionHere(
      pullJob(forge, { workspace: path, inputs: { ...quiet, results: 'shards/runs/*.json' } }),
    )
    expect([missing.code, missing.log]).toEqual([
      2,
      expect.stringContaining('no run file of the gate chat'),
    ])
  })
})

describe('the reference arm', () => {
  /** A load that no stored run has: the reference arm alone can decide. */
  const text = () =>
    configText({
      url: forge.simulator.url,
      rest: 'budget: {requests: 160, cost: $5.00}\n',
    }).replace('cy: 4', 'cy: 6')
  const gatePreview = async (inputs: Readonly<Record<string, string>> = {}) => {
    await forge.simulator.control({ version: 'preview', behaviour: SLOW })
    publish(BASE_SHA, text())
    const path = checkout(text())
    const preview = forge.simulator.url.replace('/v1', '/preview/v1')
    const job = pullJob(forge, {
      workspace: path,
      inputs: { ...quiet, 'endpoint-url': preview, ...inputs },
    })
    return { path, ...(await runActionHere(job)) }
  }

  it('is the base branch’s own endpoint where a preview is measured, and decides', async () => {
    const { path, code, log } = await gatePreview()
    expect(log).toMatch(/chat: \d+ pairs of .+ against the reference arm, .*ttft_p50/)
    expect(code).toBe(1)
    expect(bodyIn(path)).toContain('pairs measured against the reference in the same minutes')
    const half = 'inference-gate-report/runs/pairs/chat.reference.json'
    expect(JSON.parse(readFileSync(join(path, half), 'utf8')).subject.url).toBe(forge.simulator.url)
  })

  it('that is down decides nothing, and the comment says so', async () => {
    const { path, code, outputs } = await gatePreview({
      'reference-url': forge.simulator.faultUrl('http-503'),
    })
    expect([code, outputs.verdict]).toEqual([0, 'no-baseline'])
    expect(bodyIn(path)).toContain('**Reference arm:** tried, and it did not answer')
  })
})

describe('the comment', () => {
  /** Every second answer breaks off, which fails the gate whatever was recorded. */
  const gate = (comment: string, url = forge.simulator.url, runId = '2001') =>
    runActionHere(
      pullJob(unrecorded, {
        workspace: checkout(small(url)),
        inputs: { comment },
        env: { GITHUB_RUN_ID: runId },
      }),
    )

  it('is written when the policy says so', async () => {
    publish(BASE_SHA, small())
    expect((await gate('never', flakyUrl())).code).toBe(1)
    expect((await gate('on-failure')).code).toBe(0)
    expect(forge.github.state.comments).toHaveLength(0)
    const failed = await gate('on-failure', flakyUrl())
    expect(failed.code).toBe(1)
    expect(failed.outputs['comment-url']).toContain('#issuecomment-')
    expect(forge.github.state.comments).toHaveLength(1)
    // Once there, it is kept up to date: a stale failure would be believed.
    expect((await gate('on-failure', forge.simulator.url, '2002')).code).toBe(0)
    expect(posted()).not.toContain('Merge blocked')
  })

  it('is not written where nothing changed and the policy waits for a change', async () => {
    publish(BASE_SHA, configText({ url: forge.simulator.url }))
    const job = { workspace: checkout(), inputs: { comment: 'on-change' } }
    expect((await runActionHere(pullJob(forge, job))).code).toBe(0)
    expect(forge.github.state.comments).toHaveLength(0)
  })

  it('is written on an undecided run where that blocks', async () => {
    const rest = 'policy: {no_baseline: fail}\n'
    const text = `${small()}${rest}`
    publish(BASE_SHA, text)
    const { code, outputs } = await runActionHere(
      pullJob(unrecorded, { workspace: checkout(text), inputs: { comment: 'on-failure' } }),
    )
    expect([code, outputs.verdict]).toEqual([4, 'no-baseline'])
    expect(forge.github.state.comments).toHaveLength(1)
  })

  it('of a newer run is not overwritten by an older one', async () => {
    publish(BASE_SHA, small())
    await gate('always', flakyUrl(), '3005')
    const newer = posted()
    expect(newer).toContain('Merge blocked')
    await gate('always', forge.simulator.url, '3001')
    expect(posted()).toBe(newer)
    expect(forge.github.state.comments).toHaveLength(1)
  })
})
