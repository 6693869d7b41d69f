// Attacks on whose word counts: a pull request that would decide for itself where keys go, what may be
// spent and by which limits it is judged. Each is tried on the built action, and what counts is what the
// attacker's server saw.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { openPull, setLabel } from '../github/github-state.ts'
import { runAction } from './action-process.ts'
import { type Attacker, startAttacker } from './attacker.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  configText,
  FLAKY,
  type Forge,
  HEAD_SHA,
  NEXT_SHA,
  type PullEvent,
  pullJob,
  startForge,
  workspace,
} from './forge.ts'
import type { ActionJob } from './runner.ts'

let forge: Forge
let evil: Attacker

beforeAll(async () => {
  forge = await startForge()
  await forge.simulator.control({ version: 'flaky', behaviour: FLAKY })
  evil = await startAttacker()
})
afterAll(async () => {
  expect(forge.github.state.violations).toEqual([])
  await evil.server.stop()
  await forge.stop()
})
beforeEach(() => {
  evil.seen.splice(0)
  const { state } = forge.github
  state.files.splice(0)
  state.labellings.splice(0)
  state.pushes.splice(0)
  state.tips = {}
  state.pulls.splice(0, state.pulls.length, openPull({ number: 7, headSha: HEAD_SHA }))
})

const KEY = 'sk-live-5f2c9a7d1e8b4c3f'
const LABEL = 'accept-inference-regression'
const own = () => configText({ url: forge.simulator.url })
const theirs = () =>
  configText({ url: evil.server.url, rest: `policy: {allowed_hosts: ["http://127.0.0.1:*"]}\n` })
const publish = (text: string, ref = BASE_SHA) =>
  void forge.github.state.files.push({ path: CONFIG_PATH, ref, text })
const quiet = { comment: 'never' }

const pull = (text: string, parts: Partial<PullEvent> = {}): ActionJob => {
  const { inputs = {}, ...rest } = parts
  const path = workspace(forge, { [CONFIG_PATH]: text })
  return pullJob(forge, { workspace: path, inputs: { ...quiet, ...inputs }, ...rest })
}

const target = (job: ActionJob): ActionJob => ({ ...job, eventName: 'pull_request_target' })

describe('a fork on pull_request_target', () => {
  const bases: Readonly<Record<string, () => string | undefined>> = {
    'has no config': () => undefined,
    'has a mistake elsewhere': () => `${own()}budget: {cost: much}\n`,
    'has a key of another version': () => `${own()}telemetry: on\n`,
    'binds no host': own,
  }
  for (const [what, base] of Object.entries(bases)) {
    for (const mode of ['gate', 'measure', 'record']) {
      it(`is sent nothing in mode ${mode} where the base ${what}`, async () => {
        const text = base()
        if (text !== undefined) publish(text)
        const env = { INFERENCE_GATE_X: 'team-secret-91827364' }
        const inputs = { mode, 'api-key': KEY, 'reference-api-key': KEY }
        const { code, log } = await runAction(target(pull(theirs(), { fork: true, inputs, env })))
        expect(log).toMatch(/nothing was sent|would store/)
        expect([2, 3]).toContain(code)
        expect(evil.seen).toEqual([])
      })
    }
  }

  it('is not measured in the base’s name even where no secret is given', async () => {
    publish(own())
    const { code, log } = await runAction(
      target(pull(theirs(), { fork: true, inputs: { mode: 'measure' } })),
    )
    expect([code, log]).toEqual([2, expect.stringContaining('with the rights and secrets')])
    expect(evil.seen).toEqual([])
  })

  it('is measured where the base binds every secret, and only there', async () => {
    publish(`${own()}policy: {allowed_hosts: ["${forge.simulator.url.slice(0, -3)}"]}\n`)
    const inputs = { mode: 'gate', 'api-key': KEY }
    const bound = await runAction(target(pull(own(), { fork: true, inputs })))
    expect(bound.log).toContain('requests to sim')
    const away = await runAction(target(pull(theirs(), { fork: true, inputs })))
    expect([away.code, away.log]).toEqual([
      2,
      expect.stringContaining('is not among policy.allowed_hosts'),
    ])
    expect(evil.seen).toEqual([])
  })
})

describe('the base’s rules', () => {
  const inputs = { 'api-key': KEY }

  it('cannot be switched off by reference-url', async () => {
    publish(`${own()}policy: {allowed_hosts: ["${forge.simulator.url.slice(0, -3)}"]}\n`)
    const { code, log } = await runAction(
      pull(theirs(), { inputs: { ...inputs, 'reference-url': 'https://other.example.org/v1' } }),
    )
    expect([code, log]).toEqual([2, expect.stringContaining('is not among policy.allowed_hosts')])
    expect(evil.seen).toEqual([])
  })

  it('cannot be switched off by an empty github-token', async () => {
    publish(own())
    const { code, log } = await runAction(
      pull(theirs(), { inputs: { ...inputs, 'github-token': '' } }),
    )
    expect([code, log]).toEqual([3, expect.stringContaining('nothing was sent, because')])
    expect(evil.seen).toEqual([])
  })

  it('are missed with a key at hand, and nothing is sent', async () => {
    for (const given of [{ inputs }, { env: { INFERENCE_GATE_X: 'team-secret-91827364' } }]) {
      const { code, log } = await runAction(pull(own(), given))
      expect([code, log]).toEqual([3, expect.stringContaining(`main has no ${CONFIG_PATH}`)])
    }
  })

  it('are those of the branch’s tip, not of the commit that the event names', async () => {
    publish(own(), BASE_SHA)
    publish(`${own()}budget: {requests: 10}\n`.replace('requests: 60', 'requests: 5'), NEXT_SHA)
    forge.github.state.tips.main = NEXT_SHA
    const { code, log, outputs } = await runAction(pull(own()))
    expect([code, outputs.requests, log]).toEqual([3, '0', expect.stringContaining('budget')])
  })

  it('are not known to events that act for somebody else', async () => {
    const job = pull(theirs(), { inputs: { ...inputs, mode: 'measure' } })
    for (const event of [
      { issue: { number: 7, pull_request: {} }, repository: { id: 1 } },
      {
        workflow_run: { event: 'pull_request', head_branch: 'main', head_repository: { id: 2 } },
        repository: { id: 1, default_branch: 'main' },
      },
    ]) {
      const { code, log } = await runAction({ ...job, eventName: 'issue_comment', event })
      expect([code, log]).toEqual([2, expect.stringContaining('whose commit is checked out')])
    }
    expect(evil.seen).toEqual([])
  })
})

describe('the accept label', () => {
  const flaky = () => configText({ url: forge.simulator.url.replace('/v1', '/flaky/v1') })
  const pushed = (at: string) =>
    void forge.github.state.pushes.push({
      repository: 'acme/search',
      branch: 'faster',
      after: HEAD_SHA,
      at,
    })
  const actions = ['synchronize', 'reopened', 'edited', 'ready_for_review', 'unlabeled', 'labeled']

  it.each(actions)('from before the push accepts nothing on %s', async (action) => {
    publish(own())
    setLabel(forge.github.state, { issue: 7, label: LABEL, at: '2026-11-24T02:00:00Z' })
    pushed('2026-11-24T02:30:00Z')
    const job = pull(flaky(), { action, label: 'needs-triage', labels: [LABEL] })
    const { code, log } = await runAction(job)
    expect([code, log]).toEqual([1, expect.stringContaining('take it off and set it again')])
  })

  it('from after the push accepts this commit, by whoever set it', async () => {
    publish(own())
    pushed('2026-11-24T02:00:00Z')
    setLabel(forge.github.state, { issue: 7, label: LABEL, by: 'ana', at: '2026-11-24T02:30:00Z' })
    const { code, summary } = await runAction(
      pull(flaky(), { action: 'reopened', labels: [LABEL] }),
    )
    expect([code, summary]).toEqual([0, expect.stringContaining('ana')])
  })
})

describe('the budget’s money', () => {
  const paid = (prices: string, rest = '') =>
    own().replace('{input: $0.60/M, output: $2.40/M}', prices).concat(rest)

  it('is reckoned by the base’s prices where the head’s are lower', async () => {
    publish(paid('{input: $600/M, output: $2400/M}', 'budget: {cost: $0.05}\n'))
    for (const prices of ['{input: $0/M, output: $0/M}', '{gpu_hour: $0.01}']) {
      const { code, outputs, summary } = await runAction(pull(paid(prices)))
      expect([code, outputs.requests, summary]).toEqual([3, '0', expect.stringContaining('$0.05')])
    }
  })

  it('is bound by the base’s prices with two hundred in flight, whatever the head says of prices', async () => {
    const many = (text: string) =>
      text.replace('requests: 60, concurrency: 4', 'requests: 200, concurrency: 200')
    publish(many(paid('{input: $3/M, output: $150/M}', 'budget: {cost: $0.01, requests: 1000}\n')))
    const none = paid('').replace('    prices: \n', '')
    for (const head of [paid('{input: $0/M, output: $0/M}'), paid('{gpu_hour: $0.01}'), none]) {
      const { code, outputs } = await runAction(pull(many(head)))
      // An answer of four tokens is $0.0006 and its prompt: sixteen of them are the budget.
      expect(code).toBe(3)
      expect(Number(outputs.requests)).toBeLessThanOrEqual(16)
    }
  })

  it('is not multiplied by members of the body', async () => {
    publish(own())
    for (const member of ['n: 64', 'max_tokens: 4096', 'extra_body: {best_of: 8}']) {
      const head = own()
        .replace('model: sim}', `model: sim, body: {${member}}}`)
        .replace('concurrency: 4', 'concurrency: 200, warmup: 4')
      const { code, log } = await runAction(pull(head))
      expect([code, log]).toEqual([2, expect.stringMatching(/of the workload|in the workload/)])
    }
  })
})

describe('addresses of a private network', () => {
  it('are asked where the base or the workflow names them, and nowhere else', async () => {
    publish(own())
    for (const url of [
      evil.server.url,
      'http://169.254.169.254/latest',
      'http://[::ffff:10.0.0.1]/v1',
    ]) {
      const { code, log } = await runAction(pull(configText({ url })))
      expect([code, log]).toEqual([2, expect.stringContaining('an address of a private network')])
    }
    expect(evil.seen).toEqual([])
    const named = await runAction(pull(own(), { inputs: { 'endpoint-url': evil.server.url } }))
    expect([named.code, evil.seen.length > 0]).toEqual([3, true])
  })
})

describe('requests at once', () => {
  it.each([
    ['what the base says', 'budget: {in_flight: 8}\n', 'concurrency: 9', 8],
    ['what every branch may', '', 'concurrency: 300', 256],
  ])('are no more than %s, whatever the head allows itself', async (_, rest, load, most) => {
    publish(`${own()}${rest}`)
    const head = own().replace('concurrency: 4', `${load}, warmup: 1`)
    const { code, log } = await runAction(pull(`${head}budget: {in_flight: 1000}\n`))
    expect([code, log]).toEqual([
      2,
      expect.stringContaining(`more than the ${most} that the base branch allows at once`),
    ])
  })
})
