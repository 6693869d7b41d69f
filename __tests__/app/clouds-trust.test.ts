// Attacks on a cloud's login, which opens more than any key: a pull request that would have it sent to an
// address of its own. Each is tried on the built action, and what counts is what the attacker's server saw.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { openPull } from '../github/github-state.ts'
import { runAction } from './action-process.ts'
import { type Attacker, startAttacker } from './attacker.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  configText,
  type Forge,
  HEAD_SHA,
  type PullEvent,
  pullJob,
  startForge,
  workspace,
} from './forge.ts'

let forge: Forge
let evil: Attacker

beforeAll(async () => {
  forge = await startForge()
  evil = await startAttacker()
}, 60_000)
afterAll(async () => {
  await evil.server.stop()
  await forge.stop()
})
beforeEach(() => {
  evil.seen.splice(0)
  const { state } = forge.github
  state.files.splice(0)
  state.pulls.splice(0, state.pulls.length, openPull({ number: 7, headSha: HEAD_SHA }))
})

const TOKEN = 'ya29.a0AfB_byCexampleTokenOfTheJob'
const env = { GOOGLE_OAUTH_ACCESS_TOKEN: TOKEN }
const withLogin = (url: string, rest = '') =>
  configText({ url, rest })
    .replace('model: sim', 'model: sim, auth: gcp')
    // One in flight is reached however busy the machine is.
    .replace('concurrency: 4', 'concurrency: 1')
const publish = (text: string) =>
  void forge.github.state.files.push({ path: CONFIG_PATH, ref: BASE_SHA, text })
const pull = (text: string, parts: Partial<PullEvent> = {}) => {
  const path = workspace(forge, { [CONFIG_PATH]: text })
  return pullJob(forge, { workspace: path, inputs: { comment: 'never' }, env, ...parts })
}

describe("the job's login to a cloud", () => {
  it('goes to no address that the pull request alone names, public or not', async () => {
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
  }, 90_000)

  it('goes nowhere where no rules of the base branch bind it', async () => {
    const { code, log } = await runAction(pull(withLogin('https://aiplatform.googleapis.com/v1')))
    expect([code, log]).toEqual([3, expect.stringContaining("the job's login to gcp")])
    expect(log).toContain(`main has no ${CONFIG_PATH}`)
  }, 60_000)

  it('goes where the base branch says, with a token that the runner masks', async () => {
    const text = withLogin(forge.simulator.url)
    publish(text)
    const { code, log } = await runAction(pull(text))
    expect([code, log]).toEqual([0, expect.stringContaining('requests to sim')])
    expect(log).toContain(`::add-mask::${TOKEN}`)
    expect(log.replaceAll(`::add-mask::${TOKEN}`, '')).not.toContain(TOKEN)
    expect((await forge.simulator.log()).some(({ keyPresent }) => keyPresent)).toBe(true)
  }, 60_000)

  it('is not used for a fork, whose job ends neutral', async () => {
    const text = withLogin(evil.server.url)
    publish(text)
    const { code, log, summary } = await runAction(pull(text, { fork: true }))
    expect([code, summary]).toEqual([0, expect.stringContaining('no secrets')])
    expect(log).not.toContain(TOKEN)
    expect(evil.seen).toEqual([])
  }, 60_000)

  it('is refused beside a key that nothing would be asked with', async () => {
    const text = withLogin(forge.simulator.url)
    publish(text)
    const inputs = { comment: 'never', 'api-key': 'sk-of-somebody' }
    const { code, log } = await runAction(pull(text, { inputs }))
    expect([code, log]).toEqual([
      2,
      expect.stringContaining('api-key is given, and `auth: gcp` says'),
    ])
  }, 60_000)

  it('is not sent to where the server exports its numbers', async () => {
    const text = withLogin(forge.simulator.url).replace(
      'auth: gcp',
      `auth: gcp, metrics: {url: "${evil.server.url}/metrics"}`,
    )
    publish(text)
    await runAction(pull(text))
    expect(evil.seen.length).toBeGreaterThan(0)
    expect(evil.seen.join('\n')).not.toMatch(/authorization|ya29/i)
  }, 60_000)
})
