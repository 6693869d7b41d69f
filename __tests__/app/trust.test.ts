// Attacks on whose word counts: a pull request that would decide for itself where keys go, what may be
// spent and by which limits it is judged. Each is tried on the built action, and what counts is what the
// attacker's server saw. Each case has a GitHub and an attacker of its own, so that they run side by side.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setLabel } from '../github/github-state.ts'
import { runAction } from './action-process.ts'
import { type Attacker, startAttacker } from './attacker.ts'
import {
  atOwnGitHub,
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
import type { ActionJob, ActionResult } from './runner.ts'

let forge: Forge

/** What an attack has around it, and what it tries. */
type Attack = {
  readonly forge: Forge
  readonly evil: Attacker
  readonly theirs: string
  readonly publish: (text: string, ref?: string) => void
  readonly pull: (text: string, parts?: Partial<PullEvent>) => ActionJob
}

async function attack<T>(act: (attack: Attack) => Promise<T>): Promise<T> {
  const evil = await startAttacker()
  try {
    return await atOwnGitHub(forge, (own) => {
      const rest = 'policy: {allowed_hosts: ["http://127.0.0.1:*"]}\n'
      return act({
        forge: own,
        evil,
        theirs: configText({ url: evil.server.url, rest }),
        publish: (text, ref = BASE_SHA) =>
          void own.github.state.files.push({ path: CONFIG_PATH, ref, text }),
        pull: (text, { inputs = {}, ...parts } = {}) => {
          const path = workspace(own, { [CONFIG_PATH]: text })
          return pullJob(own, {
            workspace: path,
            inputs: { comment: 'never', ...inputs },
            ...parts,
          })
        },
      })
    })
  } finally {
    await evil.server.stop()
  }
}

const KEY = 'sk-live-5f2c9a7d1e8b4c3f'
const LABEL = 'accept-inference-regression'
const own = () => configText({ url: forge.simulator.url })
const target = (job: ActionJob): ActionJob => ({ ...job, eventName: 'pull_request_target' })

beforeAll(async () => {
  forge = await startForge()
  await forge.simulator.control({ version: 'flaky', behaviour: FLAKY })
})
afterAll(() => forge.stop())

describe('a fork on pull_request_target', () => {
  const bases: Readonly<Record<string, () => string | undefined>> = {
    'has no config': () => undefined,
    'has a mistake elsewhere': () => `${own()}budget: {cost: much}\n`,
    'has a key of another version': () => `${own()}telemetry: on\n`,
    'binds no host': own,
  }
  for (const [what, base] of Object.entries(bases)) {
    for (const mode of ['gate', 'measure', 'record']) {
      it.concurrent(`is sent nothing in mode ${mode} where the base ${what}`, () =>
        attack(async ({ evil, theirs, publish, pull }) => {
          const text = base()
          if (text !== undefined) publish(text)
          const env = { INFERENCE_GATE_X: 'team-secret-91827364' }
          const inputs = { mode, 'api-key': KEY, 'reference-api-key': KEY }
          const { code, log } = await runAction(target(pull(theirs, { fork: true, inputs, env })))
          expect(log).toMatch(/nothing was sent|would store/)
          expect([2, 3]).toContain(code)
          expect(evil.seen).toEqual([])
        }))
    }
  }

  it.concurrent('is not measured in the base’s name even where no secret is given', () =>
    attack(async ({ evil, theirs, publish, pull }) => {
      publish(own())
      const inputs = { mode: 'measure' }
      const { code, log } = await runAction(target(pull(theirs, { fork: true, inputs })))
      expect([code, log]).toEqual([2, expect.stringContaining('with the rights and secrets')])
      expect(evil.seen).toEqual([])
    }))

  it.concurrent('is measured where the base binds every secret, and only there', () =>
    attack(async ({ evil, theirs, publish, pull }) => {
      publish(`${own()}policy: {allowed_hosts: ["${forge.simulator.url.slice(0, -3)}"]}\n`)
      const inputs = { mode: 'gate', 'api-key': KEY }
      const bound = await runAction(target(pull(own(), { fork: true, inputs })))
      expect(bound.log).toContain('requests to sim')
      const away = await runAction(target(pull(theirs, { fork: true, inputs })))
      expect([away.code, away.log]).toEqual([
        2,
        expect.stringContaining('is not among policy.allowed_hosts'),
      ])
      expect(evil.seen).toEqual([])
    }))
})

describe('the base’s rules', () => {
  const inputs = { 'api-key': KEY }

  it.concurrent('cannot be switched off by reference-url', () =>
    attack(async ({ evil, theirs, publish, pull }) => {
      publish(`${own()}policy: {allowed_hosts: ["${forge.simulator.url.slice(0, -3)}"]}\n`)
      const elsewhere = { ...inputs, 'reference-url': 'https://other.example.org/v1' }
      const { code, log } = await runAction(pull(theirs, { inputs: elsewhere }))
      expect([code, log]).toEqual([2, expect.stringContaining('is not among policy.allowed_hosts')])
      expect(evil.seen).toEqual([])
    }))

  it.concurrent('cannot be switched off by an empty github-token', () =>
    attack(async ({ evil, theirs, publish, pull }) => {
      publish(own())
      const { code, log } = await runAction(
        pull(theirs, { inputs: { ...inputs, 'github-token': '' } }),
      )
      expect([code, log]).toEqual([3, expect.stringContaining('nothing was sent, because')])
      expect(evil.seen).toEqual([])
    }))

  it.concurrent('are missed with a key at hand, and nothing is sent', () =>
    attack(async ({ pull }) => {
      for (const given of [{ inputs }, { env: { INFERENCE_GATE_X: 'team-secret-91827364' } }]) {
        const { code, log } = await runAction(pull(own(), given))
        expect([code, log]).toEqual([3, expect.stringContaining(`main has no ${CONFIG_PATH}`)])
      }
    }))

  it.concurrent('are those of the branch’s tip, not of the commit that the event names', () =>
    attack(async ({ forge: { github }, publish, pull }) => {
      publish(own(), BASE_SHA)
      publish(`${own()}budget: {requests: 10}\n`.replace('requests: 60', 'requests: 5'), NEXT_SHA)
      github.state.tips.main = NEXT_SHA
      const { code, log, outputs } = await runAction(pull(own()))
      expect([code, outputs.requests, log]).toEqual([3, '0', expect.stringContaining('budget')])
    }))

  it.concurrent('are not known to events that act for somebody else', () =>
    attack(async ({ evil, theirs, pull }) => {
      const job = pull(theirs, { inputs: { ...inputs, mode: 'measure' } })
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
    }))
})

describe('the accept label', () => {
  const RUN = 'inference-gate-report/runs/chat.json'
  const flaky = () => configText({ url: forge.simulator.url.replace('/v1', '/flaky/v1') })
  const pushed = (github: Forge['github'], at: string) =>
    void github.state.pushes.push({
      repository: 'acme/search',
      branch: 'faster',
      after: HEAD_SHA,
      at,
    })

  type Event = { readonly action: string; readonly run?: string }

  /** A label from before the push, on an event. `run`: judged in place of measuring once more. */
  const labelledBefore = ({ action, run }: Event) =>
    attack(async ({ forge: world, publish, pull }) => {
      const { github } = world
      publish(own())
      setLabel(github.state, { issue: 7, label: LABEL, at: '2026-11-24T02:00:00Z' })
      pushed(github, '2026-11-24T02:30:00Z')
      const parts = { action, label: 'needs-triage', labels: [LABEL] }
      if (run === undefined) {
        const job = pull(flaky(), parts)
        const result = await runAction(job)
        return { ...result, run: readFileSync(join(job.workspace, RUN), 'utf8') }
      }
      const path = workspace(world, { [CONFIG_PATH]: flaky(), 'saved.json': run })
      const job = pull(flaky(), { ...parts, workspace: path, inputs: { results: 'saved.json' } })
      return { ...(await runAction(job)), run }
    })

  let measured: ActionResult & { readonly run: string }
  beforeAll(async () => {
    measured = await labelledBefore({ action: 'synchronize' })
  })
  const accepts = ({ code, log }: ActionResult) =>
    expect([code, log]).toEqual([1, expect.stringContaining('take it off and set it again')])

  it('from before the push accepts nothing on synchronize', () => accepts(measured))

  it.concurrent.each(['reopened', 'edited', 'ready_for_review', 'unlabeled', 'labeled'])(
    'from before the push accepts nothing on %s',
    async (action) => accepts(await labelledBefore({ action, run: measured.run })),
  )

  it.concurrent('from after the push accepts this commit, by whoever set it', () =>
    attack(async ({ forge: { github }, publish, pull }) => {
      publish(own())
      pushed(github, '2026-11-24T02:00:00Z')
      const at = '2026-11-24T02:30:00Z'
      setLabel(github.state, { issue: 7, label: LABEL, by: 'ana', at })
      const { code, summary } = await runAction(
        pull(flaky(), { action: 'reopened', labels: [LABEL] }),
      )
      expect([code, summary]).toEqual([0, expect.stringContaining('ana')])
    }))
})

describe('the budget’s money', () => {
  const paid = (prices: string, rest = '') =>
    own().replace('{input: $0.60/M, output: $2.40/M}', prices).concat(rest)

  it.concurrent('is reckoned by the base’s prices where the head’s are lower', () =>
    attack(async ({ publish, pull }) => {
      publish(paid('{input: $600/M, output: $2400/M}', 'budget: {cost: $0.05}\n'))
      for (const prices of ['{input: $0/M, output: $0/M}', '{gpu_hour: $0.01}']) {
        const { code, outputs, summary } = await runAction(pull(paid(prices)))
        const expected = [3, '0', expect.stringContaining('$0.05')]
        expect([code, outputs.requests, summary]).toEqual(expected)
      }
    }))

  it.concurrent('is bound by the base’s prices with two hundred in flight, whatever the head says of prices', () =>
    attack(async ({ publish, pull }) => {
      const many = (text: string) =>
        text.replace('requests: 60, concurrency: 4', 'requests: 200, concurrency: 200')
      const budget = 'budget: {cost: $0.01, requests: 1000}\n'
      publish(many(paid('{input: $3/M, output: $150/M}', budget)))
      const none = paid('').replace('    prices: \n', '')
      for (const head of [paid('{input: $0/M, output: $0/M}'), paid('{gpu_hour: $0.01}'), none]) {
        const { code, outputs } = await runAction(pull(many(head)))
        // An answer of four tokens is $0.0006 and its prompt: sixteen of them are the budget.
        expect(code).toBe(3)
        expect(Number(outputs.requests)).toBeLessThanOrEqual(16)
      }
    }))

  it.concurrent('is not multiplied by members of the body', () =>
    attack(async ({ publish, pull }) => {
      publish(own())
      const members = 'n: 64, max_tokens: 4096, extra_body: {best_of: 8}'
      const head = own()
        .replace('model: sim}', `model: sim, body: {${members}}}`)
        .replace('concurrency: 4', 'concurrency: 200, warmup: 4')
      const { code, log } = await runAction(pull(head))
      expect(code).toBe(2)
      for (const member of ['n', 'max_tokens', 'extra_body.best_of']) {
        expect(log).toMatch(
          new RegExp(`chat\\.endpoint\\.body\\.${member}: .*(of|in) the workload`),
        )
      }
    }))
})

describe('addresses of a private network', () => {
  it.concurrent('are asked where the base or the workflow names them, and nowhere else', () =>
    attack(async ({ evil, publish, pull }) => {
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
    }))
})

describe('requests at once', () => {
  it.concurrent.each([
    ['what the base says', 'budget: {in_flight: 8}\n', 'concurrency: 9', 8],
    ['what every branch may', '', 'concurrency: 300', 256],
  ])('are no more than %s, whatever the head allows itself', (_, rest, load, most) =>
    attack(async ({ publish, pull }) => {
      publish(`${own()}${rest}`)
      const head = own().replace('concurrency: 4', `${load}, warmup: 1`)
      const { code, log } = await runAction(pull(`${head}budget: {in_flight: 1000}\n`))
      expect([code, log]).toEqual([
        2,
        expect.stringContaining(`more than the ${most} that the base branch allows at once`),
      ])
    }),
  )
})
