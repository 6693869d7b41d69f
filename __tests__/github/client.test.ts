// Pull requests, commits and files of a repository, read from a real server.

import { afterEach, describe, expect, it } from '@jest/globals'
import { type GithubClient, githubClient } from '../../src/github/client.ts'
import { type GitHubServer, startGitHubServer } from './github-server.ts'
import { type GitHubState, JOB_TOKEN, jobToken, openPull } from './github-state.ts'

const open: GitHubServer[] = []

afterEach(async () => {
  const servers = open.splice(0)
  await Promise.all(servers.map((server) => server.close()))
  expect(servers.flatMap(({ state }) => state.violations)).toEqual([])
})

async function start(
  given: Partial<GitHubState>,
  signal?: AbortSignal,
  timeoutMs?: number,
): Promise<{ client: GithubClient; state: GitHubState }> {
  const server = await startGitHubServer(given)
  open.push(server)
  const client = githubClient({
    apiUrl: `${server.apiUrl}/`,
    owner: 'acme',
    repo: 'search',
    token: JOB_TOKEN,
    firstPauseMs: 5,
    signal,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
  return { client, state: server.state }
}

function sha(digit: number): string {
  return String(digit % 10).repeat(40)
}

describe('work that is called off', () => {
  it('ends at once, with the reason', async () => {
    const stop = new AbortController()
    const { client, state } = await start(
      { pulls: [openPull({ number: 7, headSha: sha(7) })] },
      stop.signal,
    )
    state.troubles.push({
      on: 'pulls/7',
      status: 429,
      message: 'Too many requests',
      // The pause itself cannot be called off: longer, it would keep the process of the tests alive.
      headers: { 'retry-after': '1' },
    })
    const asked = client.pullRequest(7)
    setTimeout(() => stop.abort(new Error('stopped by SIGTERM')), 50)
    await expect(asked).rejects.toThrow('stopped by SIGTERM')
  })
})

describe('a pull request', () => {
  it('is read with its base, labels and whether it comes from a fork', async () => {
    const { client } = await start({
      pulls: [
        openPull({ number: 7, headSha: sha(7), labels: ['perf', 'accept-inference-regression'] }),
        openPull({ number: 8, headSha: sha(8), headRepository: 'mallory/search' }),
        openPull({ number: 9, headSha: sha(9), headRepository: null, state: 'closed' }),
      ],
    })
    expect(await client.pullRequest(7)).toEqual({
      number: 7,
      open: true,
      headSha: sha(7),
      headRef: 'faster',
      baseRef: 'main',
      baseSha: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
      labels: ['perf', 'accept-inference-regression'],
      headRepository: { owner: 'acme', repo: 'search' },
      isFork: false,
    })
    expect(await client.pullRequest(8)).toMatchObject({ isFork: true })
    expect(await client.pullRequest(9)).toMatchObject({ isFork: true, open: false })
  })

  it('is found by the head of a branch of the repository', async () => {
    const { client } = await start({
      pulls: [
        openPull({ number: 6, headSha: sha(7), state: 'closed' }),
        openPull({ number: 7, headSha: sha(7) }),
      ],
    })
    expect(await client.findPullRequestByHead({ sha: sha(7) })).toMatchObject({ number: 7 })
  })

  it("is found by a fork's head, which GitHub's index of commits does not know", async () => {
    const others = Array.from({ length: 130 }, (_none, index) =>
      openPull({ number: 100 + index, headSha: `${index}`.padStart(40, 'a') }),
    )
    const fork = openPull({ number: 8, headSha: sha(8), headRepository: 'mallory/search' })
    const { client } = await start({ pulls: [...others, fork] })
    expect(await client.findPullRequestByHead({ sha: sha(8) })).toMatchObject({
      number: 8,
      isFork: true,
    })
  })

  it('is told from another of the same commit by repository and branch, or not at all', async () => {
    const mine = openPull({ number: 7, headSha: sha(7), headRepository: 'mallory/search' })
    const theirs = openPull({ number: 9, headSha: sha(7), headRef: 'other' })
    const { client } = await start({ pulls: [mine, theirs] })
    const of = (repository?: string, branch?: string) =>
      client.findPullRequestByHead({ sha: sha(7), repository, branch })
    expect(await of('mallory/search', 'faster')).toMatchObject({ number: 7 })
    expect(await of('acme/search', 'other')).toMatchObject({ number: 9 })
    expect(await of('mallory/search', 'other')).toBeUndefined()
  })

  it('is not found by a commit that is no head any more', async () => {
    const { client } = await start({ pulls: [openPull({ number: 7, headSha: sha(7) })] })
    expect(await client.findPullRequestByHead({ sha: sha(6) })).toBeUndefined()
  })

  it('that was merged as a commit is found with its labels and who merged it', async () => {
    const merged = { by: 'octocat', commit: sha(5), at: '2026-11-23T10:00:00Z' }
    const { client } = await start({
      pulls: [
        openPull({
          number: 7,
          headSha: sha(7),
          state: 'closed',
          labels: ['accept-inference-regression'],
          merged,
        }),
      ],
    })
    expect(await client.mergedPullRequestOf(sha(5))).toMatchObject({
      number: 7,
      labels: ['accept-inference-regression'],
      merged,
    })
    expect(await client.mergedPullRequestOf(sha(4))).toBeUndefined()
  })

  it('is read from a forge that leaves optional members out', async () => {
    const merged = { by: 'octocat', commit: sha(5), at: '2026-11-23T10:00:00Z' }
    const pulls = [openPull({ number: 7, headSha: sha(7), merged })]
    const { client: silent } = await start({
      pulls,
      leavesOut: ['merged_by', 'merge_commit_sha', 'labels'],
    })
    expect(await silent.mergedPullRequestOf(sha(5))).toMatchObject({
      labels: [],
      merged: { at: merged.at },
    })
    const { client: unmerged } = await start({ pulls, leavesOut: ['merged_at', 'merged_by'] })
    expect(await unmerged.mergedPullRequestOf(sha(5))).toBeUndefined()
    expect((await unmerged.pullRequest(7)).merged).toBeUndefined()
  })

  it('has a label that nobody set where a forge leaves out who it was, or when', async () => {
    const label = 'accept-inference-regression'
    const pulls = [openPull({ number: 7, headSha: sha(7), labels: [label] })]
    const at = '2026-11-23T10:00:00Z'
    const labellings = [{ issue: 7, event: 'labeled' as const, label, by: 'octocat', at }]
    for (const left of [['actor'], ['created_at'], ['login']]) {
      const { client } = await start({ pulls, labellings, leavesOut: left })
      const pull = await client.pullRequest(7)
      expect(await client.labelOnHead(pull, label)).toEqual({ kind: 'stale' })
    }
  })

  it('that may not be read names the permission', async () => {
    const { client } = await start({
      pulls: [openPull({ number: 7, headSha: sha(7) })],
      tokens: { [JOB_TOKEN]: jobToken({ pullRequests: 'none' }) },
    })
    await expect(client.pullRequest(7)).rejects.toMatchObject({
      kind: 'github',
      message: expect.stringContaining('Cannot read pull request #7'),
      remedy: expect.stringContaining('pull-requests: read'),
    })
  })
})

describe('commits', () => {
  // 1 ← 2 ← 3 (main), 2 ← 4 ← 5 (the pull request)
  const commits = [
    { sha: sha(1), parents: [] },
    { sha: sha(2), parents: [sha(1)] },
    { sha: sha(3), parents: [sha(2)] },
    { sha: sha(4), parents: [sha(2)] },
    { sha: sha(5), parents: [sha(4)] },
  ]
  const pulls = [openPull({ number: 7, headSha: sha(5) })]

  it('of two histories have the merge base where they parted', async () => {
    const { client } = await start({ commits, pulls })
    expect(await client.mergeBase('main', sha(5))).toEqual({ mergeBase: sha(2) })
  })

  it('without a common past have none', async () => {
    const { client } = await start({ commits: [...commits, { sha: sha(9), parents: [] }], pulls })
    await expect(client.mergeBase(sha(9), sha(5))).rejects.toMatchObject({
      message: expect.stringContaining('find the merge base'),
    })
  })

  it('before a commit are listed newest first, over pages, up to the limit', async () => {
    const line = Array.from({ length: 260 }, (_none, index) => ({
      sha: String(index).padStart(40, '0'),
      parents: index === 0 ? [] : [String(index - 1).padStart(40, '0')],
    }))
    const { client, state } = await start({ commits: line })
    const newest = String(259).padStart(40, '0')
    expect([...(await client.ancestors(newest, 150))]).toEqual(
      line
        .slice(110)
        .map((commit) => commit.sha)
        .reverse(),
    )
    expect(state.requests).toHaveLength(2)
    expect((await client.ancestors(newest, 1000)).size).toBe(260)
  })
})

describe('a file', () => {
  const files = [
    { path: '.github/inference-gate.yml', ref: 'main', text: 'version: 1\n' },
    { path: 'prompts/short & sweet/ä.jsonl', ref: sha(3), text: '{"prompt": "é"}\n' },
  ]

  it('is read at a branch or a commit, whatever its name', async () => {
    const { client } = await start({ files })
    expect(await client.readFile('.github/inference-gate.yml', 'main')).toBe('version: 1\n')
    expect(await client.readFile('prompts/short & sweet/ä.jsonl', sha(3))).toBe('{"prompt": "é"}\n')
  })

  it('that is not there is undefined, and no error', async () => {
    const { client } = await start({ files })
    expect(await client.readFile('.github/inference-gate.yml', 'release')).toBeUndefined()
  })

  it('that is a folder is refused', async () => {
    const { client } = await start({ files })
    await expect(client.readFile('.github', 'main')).rejects.toMatchObject({
      message: '.github at main is not a file.',
    })
  })

  it('that may not be read names the permission', async () => {
    const { client } = await start({
      files,
      tokens: { [JOB_TOKEN]: jobToken({ contents: 'none' }) },
    })
    await expect(client.readFile('.github/inference-gate.yml', 'main')).rejects.toMatchObject({
      message: expect.stringContaining('lacks the permission "contents: read"'),
    })
  })
})

describe('an API that never answers', () => {
  it('is asked once more, and then done without', async () => {
    const { client, state } = await start({}, undefined, 200)
    const silent = { on: 'GET /repos/acme/search/pulls/7', status: 0, message: '' }
    state.troubles.push({ ...silent, silent: true, always: true })
    await expect(client.pullRequest(7)).rejects.toThrow("GitHub's API could not be reached")
    expect(state.requests).toHaveLength(2)
  })
})
