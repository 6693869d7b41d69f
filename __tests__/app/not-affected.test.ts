// The built action on pull requests that change nothing a gate measures: nothing is sent, nothing is
// paid, and the check passes; and on those where that cannot be known, which are measured.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { JOB_TOKEN, jobToken } from '../github/github-state.ts'
import { runAction } from './action-process.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  configText,
  copyOfForge,
  type Forge,
  HEAD_SHA,
  pullJob,
  QUICK,
  startForge,
  workspace,
} from './forge.ts'

let forge: Forge
const copies: Forge[] = []

beforeAll(async () => {
  forge = await startForge()
})
afterAll(async () => {
  expect(copies.flatMap(({ github }) => github.state.violations)).toEqual([])
  await Promise.all([forge, ...copies].map((one) => one.stop()))
})

/** A forge and an endpoint of its own for each case: they run side by side. */
async function place() {
  const own = await copyOfForge(forge)
  const version = `case-${copies.push(own)}`
  await own.simulator.control({ version, behaviour: QUICK })
  const url = own.simulator.url.replace('/v1', `/${version}/v1`)
  return {
    github: own.github,
    repository: (affectedBy?: string) => repository(url, affectedBy),
    pull: (base: Repository, head: Repository, more?: More) => pull(own, [base, head], more),
    requestsSent: async () =>
      (await own.simulator.log()).filter((served) => served.version === version).length,
  }
}

const PROMPTS = '{"name": "a", "prompt": "Say hello."}\n'

function text(url: string, affectedBy?: string): string {
  return configText({ url })
    .replace('requests: 60', 'prompts: prompts/chat.jsonl, requests: 60')
    .replace('    limits:', `${affectedBy ? `    affected_by: ${affectedBy}\n` : ''}    limits:`)
}

type Repository = Readonly<Record<string, string>>
const repository = (url: string, affectedBy?: string): Repository => ({
  [CONFIG_PATH]: text(url, affectedBy),
  'prompts/chat.jsonl': PROMPTS,
  'src/app.ts': 'export const one = 1\n',
  '.github/workflows/gate.yml': 'on: pull_request\n',
})

type More = { readonly comment?: string; readonly fork?: boolean }

/** A pull request from one state of the repository to another, checked out as the runner does. */
async function pull(
  own: Forge,
  [base, head]: readonly [Repository, Repository],
  { comment = 'never', fork }: More = {},
) {
  for (const [ref, files] of [
    [BASE_SHA, base],
    [HEAD_SHA, head],
  ] as const) {
    for (const [path, content] of Object.entries(files)) {
      own.github.state.files.push({ ref, path, text: content })
    }
  }
  const path = workspace(own, head)
  const env = {
    GITHUB_WORKFLOW_REF: 'acme/search/.github/workflows/gate.yml@refs/pull/7/merge',
  }
  const result = await runAction(pullJob(own, { workspace: path, inputs: { comment }, env, fork }))
  const markdown = readFileSync(join(path, 'inference-gate-report/comment.md'), 'utf8')
  return { ...result, markdown }
}

describe('a gate of a provider’s API', () => {
  it.concurrent('passes an unrelated change without a request, and says so', async () => {
    const { github, pull, repository, requestsSent } = await place()
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
    expect(github.state.comments[0]?.body).toContain('Not affected')
  })

  it.concurrent('passes one of a fork, which has no key to measure with', async () => {
    const { pull, repository } = await place()
    const base = repository('[config]')
    const { code, outputs } = await pull(base, { ...base, 'README.md': 'new' }, { fork: true })
    expect(code).toBe(0)
    expect(outputs.headline).toMatch(/^Not affected/)
  })

  it.concurrent.each([
    ['a prompt', { 'prompts/chat.jsonl': '{"name": "a", "prompt": "Say hello, longer."}\n' }],
    ['its own workflow', { '.github/workflows/gate.yml': 'on: [pull_request, push]\n' }],
  ])('is measured when the pull request changes %s', async (_, change) => {
    const { pull, repository, requestsSent } = await place()
    const base = repository('[config]')
    const { outputs } = await pull(base, { ...base, ...change })
    expect(await requestsSent()).toBeGreaterThan(60)
    expect(outputs.headline).not.toMatch(/^Not affected/)
  })

  it.concurrent('is measured when a file in its globs changes, and not for another', async () => {
    const { github, pull, repository, requestsSent } = await place()
    const base = repository("[config, 'src/**']")
    const other = await pull(base, { ...base, 'docs/a.md': 'new' })
    expect(other.outputs.headline).toMatch(/^Not affected/)
    expect(await requestsSent()).toBe(0)
    github.state.files.splice(0)
    await pull(base, { ...base, 'src/app.ts': 'changed' })
    expect(await requestsSent()).toBeGreaterThan(60)
  })

  it.concurrent('is measured where the changed files cannot be listed', async () => {
    const { github, pull, repository, requestsSent } = await place()
    const base = repository('[config]')
    github.state.largestTree = 2
    github.state.tokens[JOB_TOKEN] = jobToken({ pullRequests: 'none' })
    const { log } = await pull(base, { ...base, 'README.md': 'new' })
    expect(log).toContain('the changed files are not known, so every gate is measured')
    expect(await requestsSent()).toBeGreaterThan(60)
  })

  it.concurrent('takes the base branch’s word, not the pull request’s', async () => {
    const { pull, repository, requestsSent } = await place()
    const { outputs } = await pull(repository(), repository('[config]'))
    expect(await requestsSent()).toBeGreaterThan(60)
    expect(outputs.headline).not.toMatch(/^Not affected/)
  })

  it.concurrent('names a glob that matches nothing in a warning on the config’s own line, with the nearest path', async () => {
    const { pull, repository } = await place()
    const base = repository("[config, 'promts/**']")
    const { log } = await pull(base, { ...base, 'README.md': 'new' })
    expect(log).toMatch(/::warning title=Inference Gate config,file=.*,line=\d+/)
    expect(log).toContain('the nearest path is "prompts"')
  })
})
