// One comment for each pull request, whoever else writes into the conversation and whenever: against
// a real server that holds every request against GitHub's own description.

import { afterEach, describe, expect, it } from '@jest/globals'
import { type GithubClient, githubClient } from '../../src/github/client.ts'
import { writeMarker } from '../../src/github/marker.ts'
import { type GitHubServer, startGitHubServer } from './github-server.ts'
import { addComment, type GitHubState, JOB_TOKEN, jobToken, openPull } from './github-state.ts'

const OLD = '1111111111111111111111111111111111111111'
const NEW = '2222222222222222222222222222222222222222'
const KEY = '.github/inference-gate.yml'
const run = { pullRequest: 7, key: KEY, headCommit: NEW, runId: 500, runAttempt: 1, body: 'new' }

const open: GitHubServer[] = []

afterEach(async () => {
  const servers = open.splice(0)
  await Promise.all(servers.map((server) => server.close()))
  expect(servers.flatMap(({ state }) => state.violations)).toEqual([])
})

async function start(
  given: Partial<GitHubState> = {},
): Promise<{ server: GitHubServer; state: GitHubState; client: GithubClient }> {
  const server = await startGitHubServer({
    pulls: [openPull({ number: 7, headSha: NEW })],
    ...given,
  })
  open.push(server)
  return { server, state: server.state, client: clientOf(server) }
}

function clientOf(
  server: GitHubServer,
  token = JOB_TOKEN,
  settleMs = 20,
  signal?: AbortSignal,
): GithubClient {
  const { apiUrl } = server
  return githubClient({
    apiUrl,
    owner: 'acme',
    repo: 'search',
    token,
    settleMs,
    signal,
    firstPauseMs: 5,
  })
}

function marked(given: Partial<typeof run> = {}): string {
  return `${writeMarker({ ...run, ...given })}\n\nold`
}

describe('the comment of a pull request', () => {
  it('is created once and edited in place from then on', async () => {
    const { state, client } = await start()
    const first = await client.upsertComment(run)
    const second = await client.upsertComment({ ...run, runId: 501, body: 'newer' })
    expect(first.action).toBe('created')
    expect(second).toEqual({ url: first.url, action: 'updated' })
    expect(state.comments.map(({ body }) => body)).toEqual([
      `${writeMarker({ ...run, runId: 501 })}\n\nnewer`,
    ])
  })

  it('is not started by a run that only brings an existing one up to date', async () => {
    const { state, client } = await start()
    expect(await client.upsertComment({ ...run, onlyUpdate: true })).toEqual({
      url: '',
      action: 'none',
    })
    addComment(state, { issue: 7, body: marked({ runId: 400 }) })
    expect((await client.upsertComment({ ...run, onlyUpdate: true })).action).toBe('updated')
    expect(state.comments).toHaveLength(1)
  })

  it("is created once although GitHub's list lags behind", async () => {
    const { state, client } = await start({ laggingLists: 9 })
    expect((await client.upsertComment(run)).action).toBe('created')
    expect(state.comments).toHaveLength(1)
  })

  it('is found on the third page of a long conversation', async () => {
    const { state, client } = await start()
    for (let index = 0; index < 230; index++) {
      addComment(state, { issue: 7, body: `talk ${index}`, login: 'alice', type: 'User' })
    }
    addComment(state, { issue: 7, body: marked({ runId: 400 }) })
    expect((await client.upsertComment(run)).action).toBe('updated')
    expect(state.comments).toHaveLength(231)
  })

  it('is never one that somebody else wrote with our marker in it', async () => {
    const { state, client } = await start()
    addComment(state, { issue: 7, body: marked({ runId: 900 }), login: 'mallory', type: 'User' })
    addComment(state, { issue: 7, body: marked({ runId: 901 }), login: 'echo[bot]' })
    expect((await client.upsertComment(run)).action).toBe('created')
    expect(state.comments.filter(({ body }) => body.endsWith('old'))).toHaveLength(2)
  })

  it('is not one that quotes the marker further down, or has another key', async () => {
    const { state, client } = await start()
    addComment(state, { issue: 7, body: `see\n${marked()}` })
    addComment(state, { issue: 7, body: marked({ key: 'other.yml' }) })
    expect((await client.upsertComment(run)).action).toBe('created')
    expect(state.comments).toHaveLength(3)
  })

  it('stays as it is when a newer run wrote it', async () => {
    const { state, client } = await start()
    const { body } = addComment(state, { issue: 7, body: marked({ runId: 501 }) })
    const result = await client.upsertComment(run)
    expect(result.action).toBe('left-newer')
    expect(state.comments.map((comment) => comment.body)).toEqual([body])
  })

  it('stays when it speaks of the current head and this run, started later, does not', async () => {
    const { state, client } = await start()
    addComment(state, { issue: 7, body: marked({ runId: 400 }) })
    const late = { ...run, headCommit: OLD, runId: 600 }
    expect((await client.upsertComment(late)).action).toBe('left-newer')
    expect((await client.upsertComment({ ...late, currentHead: NEW })).action).toBe('left-newer')
    expect((await client.upsertComment({ ...late, headCommit: NEW })).action).toBe('updated')
  })

  it('is overwritten by the run of the current head, even one with a smaller id', async () => {
    const { state, client } = await start()
    addComment(state, { issue: 7, body: marked({ runId: 900, headCommit: OLD }) })
    expect((await client.upsertComment(run)).action).toBe('updated')
  })

  it('counts the attempts of one run', async () => {
    const { state, client } = await start()
    addComment(state, { issue: 7, body: marked({ runAttempt: 3 }) })
    expect((await client.upsertComment({ ...run, runAttempt: 2 })).action).toBe('left-newer')
    expect((await client.upsertComment({ ...run, runAttempt: 4 })).action).toBe('updated')
  })

  it('folds copies into the oldest', async () => {
    const { state, client } = await start()
    const oldest = addComment(state, { issue: 7, body: marked({ runId: 400 }) })
    addComment(state, { issue: 7, body: marked({ runId: 401 }) })
    addComment(state, { issue: 7, body: marked({ runId: 399 }) })
    expect((await client.upsertComment(run)).action).toBe('updated')
    expect(state.comments).toEqual([
      { ...oldest, body: `${writeMarker(run)}\n\nnew`, updatedAt: expect.any(String) },
    ])
  })

  it('ends as one, with the newest text, when eight jobs write at the same moment', async () => {
    const { server, state } = await start()
    const results = await Promise.all(
      Array.from({ length: 8 }, (_none, index) =>
        clientOf(server, JOB_TOKEN, 1000).upsertComment({
          ...run,
          runId: 500 + index,
          body: `run ${500 + index}`,
        }),
      ),
    )
    expect(results).toHaveLength(8)
    expect(state.comments.map(({ body }) => body)).toEqual([
      `${writeMarker({ ...run, runId: 507 })}\n\nrun 507`,
    ])
  })

  it('is written again when an older run that read before it wrote after it', async () => {
    const { state, client } = await start()
    const comment = addComment(state, { issue: 7, body: marked({ runId: 400 }) })
    const writing = client.upsertComment(run)
    while (!comment.body.endsWith('new')) await new Promise((resolve) => setTimeout(resolve, 1))
    comment.body = marked({ runId: 450 })
    await writing
    expect(comment.body).toBe(`${writeMarker(run)}\n\nnew`)
  })

  it('is looked for again where another job removed it before it was written', async () => {
    const { state, client } = await start()
    addComment(state, { issue: 7, body: marked({ runId: 400 }) })
    state.troubles.push({
      on: 'PATCH /repos/acme/search/issues/',
      status: 404,
      message: 'Not Found',
    })
    expect((await client.upsertComment(run)).action).toBe('updated')
    expect(state.comments.map(({ body }) => body)).toEqual([`${writeMarker(run)}\n\nnew`])
  })

  it('that stays and cannot be written is told as what it is', async () => {
    const { state, client } = await start()
    addComment(state, { issue: 7, body: marked({ runId: 400 }) })
    for (let i = 0; i < 5; i += 1) {
      state.troubles.push({
        on: 'PATCH /repos/acme/search/issues/',
        status: 404,
        message: 'Not Found',
      })
    }
    await expect(client.upsertComment(run)).rejects.toMatchObject({
      kind: 'github',
      message: expect.stringContaining('404'),
    })
    expect(state.comments).toHaveLength(1)
  })

  it('is started anew where it is gone when it is to be written', async () => {
    const { state, client } = await start()
    addComment(state, { issue: 7, body: marked({ runId: 400 }) })
    state.troubles.push({
      on: 'PATCH /repos/acme/search/issues/',
      message: 'Not Found',
      get status() {
        state.comments.splice(0)
        return 404
      },
    })
    expect((await client.upsertComment(run)).action).toBe('created')
    expect(state.comments).toHaveLength(1)
  })

  it('is not removed by an older run while the newer one folds its copies', async () => {
    const { server, state } = await start()
    const kept = addComment(state, { issue: 7, body: marked({ runId: 400 }) })
    addComment(state, { issue: 7, body: marked({ runId: 600 }) })
    const writing = clientOf(server, JOB_TOKEN, 300).upsertComment(run)
    while (state.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    // As the newer run does it: its text into the oldest, and then the copy away.
    kept.body = marked({ runId: 600 })
    state.comments.splice(1)
    expect((await writing).action).toBe('left-newer')
    expect(state.comments).toEqual([kept])
  })

  it("belongs to a person's token when one is given, and only to that person", async () => {
    const { server, state } = await start({
      tokens: { ghp_x: jobToken({ login: 'alice', kind: 'user' }) },
    })
    addComment(state, { issue: 7, body: marked({ runId: 400 }) })
    const mine = addComment(state, {
      issue: 7,
      body: marked({ runId: 400 }),
      login: 'alice',
      type: 'User',
    })
    expect((await clientOf(server, 'ghp_x').upsertComment(run)).action).toBe('updated')
    expect(mine.body.endsWith('new')).toBe(true)
    expect(state.comments).toHaveLength(2)
  })

  it("is recognised as another app's own by asking who the token belongs to", async () => {
    const { server, state } = await start({ tokens: { ghs_app: jobToken({ login: 'gate[bot]' }) } })
    addComment(state, { issue: 7, body: marked({ runId: 900 }), login: 'echo[bot]' })
    const mine = addComment(state, {
      issue: 7,
      body: marked({ runId: 400 }),
      login: 'gate[bot]',
    })
    expect((await clientOf(server, 'ghs_app').upsertComment(run)).action).toBe('updated')
    expect(mine.body.endsWith('new')).toBe(true)
  })
})

describe('on GitHub Enterprise Server', () => {
  it('the comment is found over pages and by who the token belongs to', async () => {
    const { server, state } = await start({ tokens: { ghs_app: jobToken({ login: 'gate[bot]' }) } })
    for (let index = 0; index < 120; index++) {
      addComment(state, { issue: 7, body: `talk ${index}`, login: 'alice', type: 'User' })
    }
    const mine = addComment(state, {
      issue: 7,
      body: marked({ runId: 400 }),
      login: 'gate[bot]',
    })
    const client = githubClient({
      apiUrl: `${server.apiUrl}/api/v3`,
      owner: 'acme',
      repo: 'search',
      token: 'ghs_app',
      settleMs: 20,
    })
    expect((await client.upsertComment(run)).action).toBe('updated')
    expect(mine.body.endsWith('new')).toBe(true)
    expect(state.requests.map(({ operation }) => operation)).toContain('graphql')
  })
})

describe('of a forge that leaves optional members of a comment out', () => {
  it.each([
    ['user', 'created', 2],
    ['login', 'created', 2],
    ['body', 'created', 2],
    ['type', 'updated', 1],
  ])('%s: is %s', async (member, action, comments) => {
    const { state, client } = await start({ leavesOut: [member] })
    const { body } = addComment(state, { issue: 7, body: marked({ runId: 400 }) })
    expect((await client.upsertComment(run)).action).toBe(action)
    expect(state.comments).toHaveLength(comments)
    // What may be somebody else's stays as it is.
    if (comments > 1) expect(state.comments[0]?.body).toBe(body)
  })

  it('knows its own comment by the name of a token that says who it is', async () => {
    const { state, server } = await start({
      tokens: { ghp_x: jobToken({ login: 'alice', kind: 'user' }) },
      leavesOut: ['type'],
    })
    addComment(state, { issue: 7, body: marked({ runId: 400 }), login: 'alice', type: 'User' })
    expect((await clientOf(server, 'ghp_x').upsertComment(run)).action).toBe('updated')
  })
})

describe('when GitHub does not say who the token is', () => {
  it('leaves a stranger’s comment with our marker alone and writes its own', async () => {
    const { client, server } = await start({
      tokens: { [JOB_TOKEN]: jobToken({ namesItself: false }) },
    })
    const { state } = server
    const theirs = addComment(state, {
      issue: 7,
      body: marked({ runId: 1 }),
      login: 'mallory',
      type: 'User',
    })
    const before = theirs.body
    const written = await client.upsertComment(run)
    expect([written.action, written.authorUnknown]).toEqual(['created', true])
    expect([theirs.body, state.comments.length]).toEqual([before, 2])
  })
})

describe('when GitHub refuses the comment', () => {
  it('names the permission that a read-only token lacks', async () => {
    const { client } = await start({ tokens: { [JOB_TOKEN]: jobToken({ pullRequests: 'read' }) } })
    await expect(client.upsertComment(run)).rejects.toMatchObject({
      kind: 'github',
      message:
        'Cannot comment on pull request #7: the token lacks the permission "pull-requests: write" (403 Resource not accessible by integration).',
      remedy: expect.stringContaining('Add "permissions: {pull-requests: write}" to the job.'),
    })
  })

  it('says that a pull request is not there', async () => {
    const { client } = await start()
    await expect(client.upsertComment({ ...run, pullRequest: 8 })).rejects.toMatchObject({
      kind: 'github',
      message: expect.stringContaining('read the comments of pull request #8'),
    })
  })

  it('says that the token is not accepted', async () => {
    const { server } = await start()
    await expect(clientOf(server, 'ghs_wrong').upsertComment(run)).rejects.toMatchObject({
      kind: 'github',
      message: expect.stringContaining('does not accept the token (401 Bad credentials)'),
    })
  })

  it('quotes GitHub on a body that is too long', async () => {
    const { client } = await start()
    await expect(client.upsertComment({ ...run, body: 'x'.repeat(66_000) })).rejects.toMatchObject({
      message: expect.stringContaining('Body is too long'),
    })
  })

  it('says that the conversation is locked', async () => {
    const { state, client } = await start()
    state.troubles.push({
      on: 'POST',
      status: 403,
      message: 'Unable to create comment because issue is locked.',
    })
    await expect(client.upsertComment(run)).rejects.toMatchObject({
      message: expect.stringContaining('the conversation is locked'),
      remedy: expect.stringContaining('Unlock'),
    })
  })

  it('waits as long as a rate limit asks, and goes on', async () => {
    const { state, client } = await start()
    state.troubles.push({
      on: 'POST',
      status: 403,
      message: 'You have exceeded a secondary rate limit.',
      headers: { 'retry-after': '0' },
    })
    expect((await client.upsertComment(run)).action).toBe('created')
  })

  it('waits as long as a plain 429 asks, and goes on', async () => {
    const { state, client } = await start()
    const headers = { 'retry-after': '1' }
    state.troubles.push({ on: 'POST', status: 429, message: 'Too Many Requests', headers })
    expect((await client.upsertComment(run)).action).toBe('created')
    expect(state.comments).toHaveLength(1)
  })

  it('ends at once where the job is called off during a wait', async () => {
    const calledOff = new AbortController()
    const { server, state } = await start()
    const client = clientOf(server, JOB_TOKEN, 20, calledOff.signal)
    const headers = { 'retry-after': '1' }
    state.troubles.push({ on: 'GET', status: 429, message: 'Too Many Requests', headers })
    setTimeout(() => calledOff.abort(new Error('called off')), 300)
    await expect(client.upsertComment(run)).rejects.toThrow('called off')
  })

  it('does not wait for an hour', async () => {
    const { state, client } = await start()
    state.troubles.push({
      on: 'GET',
      status: 403,
      message: 'API rate limit exceeded for installation ID 1.',
      headers: {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.round(Date.now() / 1000) + 3600),
      },
    })
    await expect(client.upsertComment(run)).rejects.toMatchObject({
      message: expect.stringContaining("GitHub's rate limit is spent"),
    })
  })

  it('asks again after a bad gateway, but does not create twice', async () => {
    const { state, client } = await start()
    state.troubles.push({ on: 'GET', status: 502, message: 'Bad Gateway' })
    expect((await client.upsertComment(run)).action).toBe('created')
    state.comments.splice(0)
    state.troubles.push({ on: 'POST', status: 502, message: 'Bad Gateway', carriedOut: true })
    await expect(client.upsertComment(run)).rejects.toMatchObject({
      message: expect.stringContaining("GitHub's API has trouble (502 Bad Gateway)"),
    })
    expect(state.comments).toHaveLength(1)
  })

  it('says that nobody answers', async () => {
    const { server, client } = await start()
    await server.close()
    await expect(client.upsertComment(run)).rejects.toMatchObject({
      kind: 'github',
      message: expect.stringContaining("GitHub's API could not be reached"),
    })
  })
})
