// Attacks on a cloud's login, which opens more than any key: a pull request that would have it sent to an
// address of its own. Each is tried on the built action, and what counts is what the attacker's server saw.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import { type Attacker, startAttacker } from './attacker.ts'
import {
  atOwnGitHub,
  BASE_SHA,
  CONFIG_PATH,
  configText,
  type Forge,
  type PullEvent,
  pullJob,
  startForge,
  workspace,
} from './forge.ts'
import type { ActionJob } from './runner.ts'

let forge: Forge
beforeAll(async () => {
  forge = await startForge()
})
afterAll(() => forge.stop())

const TOKEN = 'ya29.a0AfB_byCexampleTokenOfTheJob'
const env = { GOOGLE_OAUTH_ACCESS_TOKEN: TOKEN }
const withLogin = (url: string) =>
  configText({ url })
    .replace('model: sim', 'model: sim, auth: gcp')
    // One in flight is reached however busy the machine is.
    .replace('requests: 60, concurrency: 4', 'requests: 30, concurrency: 1')

type Attack = {
  readonly evil: Attacker
  readonly publish: (text: string) => void
  readonly pull: (text: string, parts?: Partial<PullEvent>) => ActionJob
}

/** With a GitHub and an attacker of its own, so that the cases run side by side. */
async function attack(act: (attack: Attack) => Promise<void>): Promise<void> {
  const evil = await startAttacker()
  try {
    await atOwnGitHub(forge, (own) =>
      act({
        evil,
        publish: (text) =>
          void own.github.state.files.push({ path: CONFIG_PATH, ref: BASE_SHA, text }),
        pull: (text, parts = {}) => {
          const path = workspace(own, { [CONFIG_PATH]: text })
          return pullJob(own, { workspace: path, inputs: { comment: 'never' }, env, ...parts })
        },
      }),
    )
  } finally {
    await evil.server.stop()
  }
}

describe("the job's login to a cloud", () => {
  it.concurrent('goes to no address that the pull request alone names, public or not', () =>
    attack(async ({ evil, publish, pull }) => {
      publish(configText({ url: forge.simulator.url }))
      for (const url of [
        evil.server.url,
        'https://gateway.evil.example/v1',
        'https://x.googleapis.com.evil.example/v1',
      ]) {
        const { code, log } = await runAction(pull(withLogin(url)))
        expect([code, log]).toEqual([2, expect.stringContaining("is no address of gcp's own")])
        expect(log.replaceAll('::add-mask::', '')).not.toContain(TOKEN.slice(5))
      }
      expect(evil.seen).toEqual([])
    }))

  it.concurrent('goes nowhere where no rules of the base branch bind it', () =>
    attack(async ({ pull }) => {
      const { code, log } = await runAction(pull(withLogin('https://aiplatform.googleapis.com/v1')))
      expect([code, log]).toEqual([3, expect.stringContaining("the job's login to gcp")])
      expect(log).toContain(`main has no ${CONFIG_PATH}`)
    }))

  it.concurrent('goes where the base branch says, with a token that the runner masks', () =>
    attack(async ({ publish, pull }) => {
      const text = withLogin(forge.simulator.url)
      publish(text)
      const { code, log } = await runAction(pull(text))
      expect([code, log]).toEqual([0, expect.stringContaining('requests to sim')])
      expect(log).toContain(`::add-mask::${TOKEN}`)
      expect(log.replaceAll(`::add-mask::${TOKEN}`, '')).not.toContain(TOKEN)
      expect((await forge.simulator.log()).some(({ keyPresent }) => keyPresent)).toBe(true)
    }))

  it.concurrent('is not used for a fork, whose job ends neutral', () =>
    attack(async ({ evil, publish, pull }) => {
      const text = withLogin(evil.server.url)
      publish(text)
      const { code, log, summary } = await runAction(pull(text, { fork: true }))
      expect([code, summary]).toEqual([0, expect.stringContaining('no secrets')])
      expect(log).not.toContain(TOKEN)
      expect(evil.seen).toEqual([])
    }))

  it.concurrent('is refused beside a key that nothing would be asked with', () =>
    attack(async ({ publish, pull }) => {
      const text = withLogin(forge.simulator.url)
      publish(text)
      const inputs = { comment: 'never', 'api-key': 'sk-of-somebody' }
      const { code, log } = await runAction(pull(text, { inputs }))
      expect([code, log]).toEqual([
        2,
        expect.stringContaining('api-key is given, and `auth: gcp` says'),
      ])
    }))

  it.concurrent('is not sent to where the server exports its numbers', () =>
    attack(async ({ evil, publish, pull }) => {
      const text = withLogin(forge.simulator.url).replace(
        'auth: gcp',
        `auth: gcp, metrics: {url: "${evil.server.url}/metrics"}`,
      )
      publish(text)
      await runAction(pull(text))
      expect(evil.seen.length).toBeGreaterThan(0)
      expect(evil.seen.join('\n')).not.toMatch(/authorization|ya29/i)
    }))
})
