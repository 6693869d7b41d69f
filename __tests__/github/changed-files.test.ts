// What differs between two commits, from a real server that holds every request against GitHub's
// description: whole trees, and the pull request's list where a tree is too large.

import { afterEach, describe, expect, it } from '@jest/globals'
import { githubClient } from '../../src/github/client.ts'
import { type GitHubServer, startGitHubServer } from './github-server.ts'
import { type File, type GitHubState, JOB_TOKEN, openPull } from './github-state.ts'

const BASE = '1'.repeat(40)
const HEAD = '2'.repeat(40)
const open: GitHubServer[] = []

afterEach(async () => {
  const servers = open.splice(0)
  await Promise.all(servers.map((server) => server.close()))
  expect(servers.flatMap(({ state }) => state.violations)).toEqual([])
})

async function changed(files: File[], given: Partial<GitHubState> = {}, pullRequest?: number) {
  const server = await startGitHubServer({
    commits: [
      { sha: BASE, parents: [] },
      { sha: HEAD, parents: [BASE] },
    ],
    pulls: [openPull({ number: 7, headSha: HEAD, baseSha: BASE })],
    files,
    ...given,
  })
  open.push(server)
  const client = githubClient({
    apiUrl: server.apiUrl,
    owner: 'acme',
    repo: 'search',
    token: JOB_TOKEN,
    firstPauseMs: 5,
  })
  const found = await client.changedFiles({ mergeBase: BASE, head: HEAD, pullRequest })
  return { found, requests: server.state.requests }
}

const file = (ref: string, path: string, text = 'same'): File => ({ ref, path, text })
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => file(HEAD, `new/${String(n).padStart(5, '0')}.txt`))

describe('the files that a pull request changes', () => {
  it('are those added, changed and removed, and all are known', async () => {
    const { found } = await changed([
      ...[file(BASE, 'kept'), file(BASE, 'edited', 'a'), file(BASE, 'gone')],
      ...[file(HEAD, 'kept'), file(HEAD, 'edited', 'b'), file(HEAD, 'new')],
    ])
    expect([...(found?.changed ?? [])].sort()).toEqual(['edited', 'gone', 'new'])
    expect([...(found?.all ?? [])].sort()).toEqual(['edited', 'gone', 'kept', 'new'])
  })

  it('are known past 300, in two requests', async () => {
    const { found, requests } = await changed(many(1200))
    expect(found?.changed.size).toBe(1200)
    expect(requests).toHaveLength(2)
  })

  it('come from the pull request where the trees are too large', async () => {
    const { found } = await changed(many(450), { largestTree: 300 }, 7)
    expect(found?.changed.size).toBe(450)
    expect(found?.all).toBeUndefined()
  })

  it('are not known where that list may be cut off, or where there is none', async () => {
    const tooMany = await changed(many(3001), { largestTree: 300 }, 7)
    expect(tooMany.found).toBeUndefined()
    const noPull = await changed(many(450), { largestTree: 300 })
    expect(noPull.found).toBeUndefined()
  })
})
