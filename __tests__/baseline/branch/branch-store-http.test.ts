import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { GateError } from '../../../src/model/errors.ts'
import { DAY_MS, NOON_MS, stored } from '../../baseline-samples.ts'
import {
  type BareRepository,
  BRANCH,
  bareRepository,
  folderWithGit,
  storeOf,
} from './bare-repository.ts'
import { type GitServer, type GitServerOptions, startGitServer } from './git-http-server.ts'

const TOKEN = 'ghs_0123456789abcdef'
const SETTINGS = {
  branch: BRANCH,
  keep: 20,
  maxAgeMs: 30 * DAY_MS,
  nowIso: new Date(NOON_MS + DAY_MS).toISOString(),
}
const servers: GitServer[] = []
const repositories: BareRepository[] = []

async function forge(options: Omit<GitServerOptions, 'root'> = {}, filter = 'true') {
  const repository = bareRepository(
    ['http.receivepack', 'true'],
    ['uploadpack.allowFilter', filter],
  )
  repositories.push(repository)
  const server = await startGitServer({ root: repository.folder, token: TOKEN, ...options })
  servers.push(server)
  const store = (more: Parameters<typeof storeOf>[1] = {}) =>
    storeOf(repository, { remoteUrl: server.url, token: TOKEN, ...more })
  return { repository, server, store }
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
  for (const repository of repositories.splice(0)) repository.remove()
})

function addition(seed: number) {
  const run = stored({ seed, startedMs: NOON_MS + seed * 1000, requests: 20 })
  return [{ gate: 'chat', runs: [run], epochs: [] }]
}

describe('a data branch over HTTP', () => {
  for (const filter of ['true', 'false']) {
    it(`stores and reads runs with the job's token, server filter ${filter}`, async () => {
      const { store, server } = await forge({}, filter)
      expect((await store().read('chat')).runs).toEqual([])
      for (const seed of [1, 2, 3]) {
        expect(await store().append(addition(seed), SETTINGS)).toEqual({
          stored: true,
          attempts: 1,
        })
      }
      const contents = await store().read('chat')
      expect(contents.runs.map(({ run }) => run.records.length)).toEqual([20, 20, 20])
      expect(server.requests.length).toBeGreaterThan(0)
    })
  }

  it('fetches everything where single objects cannot be asked for', async () => {
    const { store } = await forge({ newProtocol: false })
    await store().append(addition(1), SETTINGS)
    expect((await store().read('chat')).runs).toHaveLength(1)
    expect(await store().append(addition(2), SETTINGS)).toMatchObject({ stored: true })
    expect((await store().read('chat')).runs).toHaveLength(2)
  })

  it('keeps the token out of every argument, file and message', async () => {
    const { repository, store } = await forge()
    const log = join(repository.folder, 'arguments')
    const spying = folderWithGit(
      repository,
      `echo "$@" >> '${log}'; ps -o args= -p $$ >> '${log}' 2>/dev/null; exec "$real" "$@"`,
    )
    const environment = {
      ...process.env,
      PATH: `${spying}:${process.env.PATH}`,
      GIT_TRACE_CURL: '1',
    }
    const workDir = repository.workDir()
    await store({ environment, workDir }).append(addition(1), SETTINGS)
    const encoded = Buffer.from(`x-access-token:${TOKEN}`).toString('base64')
    const seen =
      readFileSync(log, 'utf8') + readFileSync(join(workDir, 'baseline.git/config'), 'utf8')
    expect(seen).toContain('push --porcelain')
    expect(seen).not.toContain(TOKEN)
    expect(seen).not.toContain(encoded)
  })

  it('takes the same run as stored when the answer to its push is lost', async () => {
    const { store, repository } = await forge({ cutAfterPush: 1 })
    expect(await store().append(addition(2), SETTINGS)).toEqual({ stored: true, attempts: 2 })
    expect(repository.git('rev-list', '--count', BRANCH)).toBe('1')
    expect((await store().read('chat')).runs).toHaveLength(1)
  })

  it('goes through the proxy of the user’s configuration, and of no repository around its folder', async () => {
    const { repository, store } = await forge()
    const proxy = '[http]\n proxy = http://127.0.0.1:1\n'
    repository.git('init', '-q', repository.folder)
    appendFileSync(join(repository.folder, '.git/config'), proxy)
    expect((await store().read('chat')).runs).toEqual([])
    const home = repository.workDir()
    writeFileSync(join(home, '.gitconfig'), proxy)
    const environment = { ...process.env, HOME: home }
    await expect(store({ environment }).read('chat')).rejects.toThrow(/127\.0\.0\.1 port 1\b/)
  })

  it('comes back after a server that is busy', async () => {
    const { store } = await forge({ failures: 2 })
    expect(await store().append(addition(1), SETTINGS)).toMatchObject({ stored: true })
    expect((await store().read('chat')).runs).toHaveLength(1)
  })
})

describe('a forge that refuses', () => {
  it('names the permission that is missing', async () => {
    const { store } = await forge({ readOnly: true })
    const result = await store().append(addition(1), SETTINGS)
    expect(result.stored).toBe(false)
    if (result.stored) return
    expect(result.problem).toContain('contents: write')
    expect(result.problem).toContain('denied to github-actions[bot]')
    expect(result.command).toContain('inference-gate record --results')
  })

  it('names a wrong or missing token, and shows none', async () => {
    const { repository, server, store } = await forge()
    const without = storeOf(repository, { remoteUrl: server.url })
    for (const wrong of [store({ token: 'ghs_wrong' }), without]) {
      const error = await wrong.read('chat').catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(GateError)
      if (!(error instanceof GateError)) return
      expect(error.remedy).toContain('Check the token')
      expect(error.message).not.toContain('ghs_wrong')
    }
  })

  it('does not follow to another host', async () => {
    const other = await forge()
    const { store } = await forge({ redirectTo: other.server.url.replace('/remote.git', '') })
    const result = await store().append(addition(1), SETTINGS)
    expect(result.stored).toBe(false)
    expect(result.stored ? '' : result.problem).toContain('has moved')
    expect(other.server.requests).toEqual([])
  })

  it('is tried again while nobody listens, within the tries allowed', async () => {
    const { server, store } = await forge()
    await server.close()
    const result = await store({ attempts: 3 }).append(addition(1), SETTINGS)
    expect(result.stored ? '' : result.problem).toMatch(/\(3 tries\)/)
    await expect(store().read('chat')).rejects.toThrow('cannot be read')
  })
})
