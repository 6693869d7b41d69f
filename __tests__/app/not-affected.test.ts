// The built action on pull requests that change nothing a gate measures: nothing is sent, nothing is
// paid, and the check passes; and on those where that cannot be known, which are measured.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { JOB_TOKEN, jobToken } from '../github/github-state.ts'
import { runAction } from './action-process.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  configText,
  type Forge,
  HEAD_SHA,
  pullJob,
  startForge,
  workspace,
} from './forge.ts'

let forge: Forge

beforeAll(async () => {
  forge = await startForge()
})
afterAll(async () => {
  expect(forge.github.state.violations).toEqual([])
  await forge.stop()
})

const PROMPTS = '{"name": "a", "prompt": "Say hello."}\n'

function text(affectedBy?: string): string {
  return configText({ url: forge.simulator.url })
    .replace('requests: 60', 'prompts: prompts/chat.jsonl, requests: 60')
    .replace('    limits:', `${affectedBy ? `    affected_by: ${affectedBy}\n` : ''}    limits:`)
}

type Repository = Readonly<Record<string, string>>
const repository = (affectedBy?: string): Repository => ({
  [CONFIG_PATH]: text(affectedBy),
  'prompts/chat.jsonl': PROMPTS,
  'src/app.ts': 'export const one = 1\n',
  '.github/workflows/gate.yml': 'on: pull_request\n',
})

let sent = 0
beforeEach(async () => {
  const { state } = forge.github
  state.comments.splice(0)
  state.files.splice(0)
  state.largestTree = 100_000
  state.tokens[JOB_TOKEN] = jobToken()
  sent = (await forge.simulator.log()).length
})

/** Requests that the endpoint has seen since the test began. */
async function requestsSent(): Promise<number> {
  return (await forge.simulator.log()).length - sent
}

/** A pull request from one state of the repository to another, checked out as the runner does. */
async function pull(
  base: Repository,
  head: Repository,
  more: { readonly comment?: string; readonly fork?: boolean } = {},
) {
  for (const [ref, files] of [
    [BASE_SHA, base],
    [HEAD_SHA, head],
  ] as const) {
    for (const [path, content] of Object.entries(files)) {
      forge.github.state.files.push({ ref, path, text: content })
    }
  }
  const { comment = 'never' } = more
  const path = workspace(forge, head)
  const env = {
    GITHUB_WORKFLOW_REF: 'acme/search/.github/workflows/gate.yml@refs/pull/7/merge',
  }
  const result = await runAction(
    pullJob(forge, { workspace: path, inputs: { comment }, env, fork: more.fork }),
  )
  const markdown = readFileSync(join(path, 'inference-gate-report/comment.md'), 'utf8')
  return { ...result, markdown }
}

describe('a gate of a provider’s API', () => {
  it('passes an unrelated change without a request, and says so', async () => {
    const base = repository('[config]')
    const { code, outputs, markdown } = await pull(
      base,
      { ...base, 'src/app.ts': 'export const one = 2\n' },
      { comment: 'always' },
    )
    expect(await requestsSent()).toBe(0)
    expect(code).toBe(0)
    expect(outputs.verdict).toBe('passed')
    expect(outputs.headline).toBe('Not affected: chat: nothing that this gate measures changed')
    expect(outputs).toMatchObject({ requests: '0', 'spent-usd': '0' })
    expect(markdown).toContain('Nothing was sent and nothing was spent')
    expect(forge.github.state.comments[0]?.body).toContain('Not affected')
  })

  it('passes one of a fork, which has no key to measure with', async () => {
    const base = repository('[config]')
    const { code, outputs } = await pull(base, { ...base, 'README.md': 'new' }, { fork: true })
    expect(code).toBe(0)
    expect(outputs.headline).toMatch(/^Not affected/)
  })

  it.each([
    ['a prompt', { 'prompts/chat.jsonl': '{"name": "a", "prompt": "Say hello, longer."}\n' }],
    ['its own workflow', { '.github/workflows/gate.yml': 'on: [pull_request, push]\n' }],
  ])('is measured when the pull request changes %s', async (_, change) => {
    const base = repository('[config]')
    const { outputs } = await pull(base, { ...base, ...change })
    expect(await requestsSent()).toBeGreaterThan(60)
    expect(outputs.headline).not.toMatch(/^Not affected/)
  })

  it('is measured when a file in its globs changes, and not for another', async () => {
    const base = repository("[config, 'src/**']")
    const other = await pull(base, { ...base, 'docs/a.md': 'new' })
    expect(other.outputs.headline).toMatch(/^Not affected/)
    expect(await requestsSent()).toBe(0)
    forge.github.state.files.splice(0)
    await pull(base, { ...base, 'src/app.ts': 'changed' })
    expect(await requestsSent()).toBeGreaterThan(60)
  })
})

describe('where it cannot be known', () => {
  it('is measured when the changed files cannot be listed', async () => {
    const base = repository('[config]')
    forge.github.state.largestTree = 2
    forge.github.state.tokens[JOB_TOKEN] = jobToken({ pullRequests: 'none' })
    const { log } = await pull(base, { ...base, 'README.md': 'new' })
    expect(log).toContain('the changed files are not known, so every gate is measured')
    expect(await requestsSent()).toBeGreaterThan(60)
  })

  it('takes the base branch’s word, not the pull request’s', async () => {
    const { outputs } = await pull(repository(), repository('[config]'))
    expect(await requestsSent()).toBeGreaterThan(60)
    expect(outputs.headline).not.toMatch(/^Not affected/)
  })
})

describe('a glob that matches nothing', () => {
  it('is a warning on the config’s own line, with the nearest path', async () => {
    const base = repository("[config, 'promts/**']")
    const { log } = await pull(base, { ...base, 'README.md': 'new' })
    expect(log).toMatch(/::warning title=Inference Gate config,file=.*,line=\d+/)
    expect(log).toContain('the nearest path is "prompts"')
  })
})
