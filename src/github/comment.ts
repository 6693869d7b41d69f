// The one comment of a pull request: found by marker and author over all pages, edited in place, and
// never overwritten by an older run. Two jobs may do this at the same moment, so what was written is
// looked at once more, and copies are folded into the oldest.

import { GateError } from '../model/errors.ts'
import type { Connection, Octokit, Repository } from './connection.ts'
import type { Purpose } from './failures.ts'
import { type CommentMarker, compareRuns, isMarkedWith, readMarker, writeMarker } from './marker.ts'
import { pullRequest } from './pull-requests.ts'
import { unlessGone } from './unless-gone.ts'

export type CommentInput = CommentMarker & {
  readonly pullRequest: number
  /** Markdown without the marker, at most MAX_COMMENT_CHARACTERS. */
  readonly body: string
  /** The pull request's head as GitHub knows it now; asked for when it is needed and not given. */
  readonly currentHead?: string
  /** True to bring an existing comment up to date without ever starting one. */
  readonly onlyUpdate?: boolean
}

export type CommentResult = {
  /** Empty when there is no comment. */
  readonly url: string
  readonly action: 'created' | 'updated' | 'left-newer' | 'none'
  /** GitHub did not say who the token writes as, so a marked comment was left alone: it may be ours. */
  readonly authorUnknown?: true
}

type OwnComment = {
  readonly id: number
  readonly url: string
  readonly body: string
  readonly author: string
  readonly marker: CommentMarker
}

/** 100 a page: a conversation of 20 000 comments is not read to its end. */
const MAX_PAGES = 200
const MAX_ROUNDS = 4
/** How long another job may take between reading the comment and writing it. */
const SETTLE_MS = 1_000
const JOB_TOKEN_AUTHOR = 'github-actions[bot]'

export async function upsertComment(
  connection: Connection,
  repository: Repository,
  input: CommentInput & { readonly settleMs?: number },
): Promise<CommentResult> {
  const thread = openThread(connection, repository, input)
  const result = await settleOn(thread, connection, input)
  return thread.isAuthorUnknown() ? { ...result, authorUnknown: true } : result
}

async function settleOn(
  thread: Thread,
  connection: Connection,
  input: CommentInput & { readonly settleMs?: number },
): Promise<CommentResult> {
  let result: CommentResult | undefined
  let sawCopies = false
  const wait = () => connection.wait(input.settleMs ?? SETTLE_MS)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const own = await thread.find()
    const newest = newestOf(own)
    if (newest !== undefined && (await isNewer(newest.marker, input, thread))) {
      // The newer run may be folding them into the oldest: two that remove each other's leave none.
      if (own.length > 1 && !sawCopies) {
        sawCopies = true
        await wait()
        continue
      }
      await thread.removeAllBut(newest, own)
      return { url: newest.url, action: 'left-newer' }
    }
    const kept = own[0]
    if (kept === undefined && input.onlyUpdate === true) return { url: '', action: 'none' }
    // GitHub's list may lag behind: what was created once is not created again.
    if (kept === undefined && result !== undefined) return result
    if (kept !== undefined && own.length === 1 && kept.body === thread.body) {
      return result ?? { url: kept.url, action: 'updated' }
    }
    const written = kept === undefined ? await thread.create() : await thread.update(kept)
    if (written === undefined) {
      result = undefined
      await wait()
      continue
    }
    if (kept !== undefined) await thread.removeAllBut(kept, own)
    result ??= written
    await wait()
  }
  return result ?? raced(input)
}

/** The marker of our own newest comment, whatever a later job has made of the pull request. */
export async function ownMarker(
  connection: Connection,
  repository: Repository,
  where: Pick<CommentInput, 'key' | 'pullRequest'>,
): Promise<CommentMarker | undefined> {
  const asked = {
    doing: `read the comments of pull request #${where.pullRequest}`,
    permission: 'pull-requests: read',
  }
  const marked = await connection.call(asked, (octokit) =>
    markedComments(octokit, repository, where),
  )
  return newestOf((await ownComments(connection, marked)).comments)?.marker
}

function raced(input: CommentInput): never {
  throw new GateError(
    'github',
    `Cannot comment on pull request #${input.pullRequest}: other jobs keep writing the same comment.`,
    'Give each job its own config, or put them into one concurrency group.',
  )
}

/** Oldest first, as GitHub lists them: the oldest keeps its place in the conversation. */
function newestOf(own: readonly OwnComment[]): OwnComment | undefined {
  return own.reduce<OwnComment | undefined>(
    (newest, one) =>
      newest === undefined || compareRuns(one.marker, newest.marker) > 0 ? one : newest,
    undefined,
  )
}

/**
 * A comment on the current head is kept against every other commit's run, whatever the order of their
 * ids: a run of an old commit can be started at any time.
 */
async function isNewer(
  marker: CommentMarker,
  input: CommentInput,
  thread: Thread,
): Promise<boolean> {
  if (marker.headCommit !== input.headCommit.toLowerCase()) {
    const current = input.currentHead ?? (await thread.currentHead())
    if (marker.headCommit === current) return true
    if (input.headCommit === current) return false
  }
  return compareRuns(marker, input) > 0
}

type Thread = {
  readonly body: string
  readonly currentHead: () => Promise<string | undefined>
  readonly find: () => Promise<readonly OwnComment[]>
  /** Whether `find` could not tell whose a marked comment is. */
  readonly isAuthorUnknown: () => boolean
  readonly create: () => Promise<CommentResult>
  /** Undefined where another job has removed it meanwhile. */
  readonly update: (comment: OwnComment) => Promise<CommentResult | undefined>
  readonly removeAllBut: (kept: OwnComment, own: readonly OwnComment[]) => Promise<void>
}

function openThread(connection: Connection, repository: Repository, input: CommentInput): Thread {
  const purpose: Purpose = {
    doing: `comment on pull request #${input.pullRequest}`,
    permission: 'pull-requests: write',
  }
  let isAuthorUnknown = false
  const gone = new Set<number>()
  const body = `${writeMarker(input)}\n\n${input.body}`
  return {
    body,
    currentHead: () => headNow(connection, repository, input.pullRequest),
    find: async () => {
      const marked = await connection.call(
        { ...purpose, doing: `read the comments of pull request #${input.pullRequest}` },
        (octokit) => markedComments(octokit, repository, input),
      )
      const own = await ownComments(connection, marked)
      isAuthorUnknown ||= own.isAuthorUnknown
      return own.comments
    },
    isAuthorUnknown: () => isAuthorUnknown,
    create: async () =>
      await connection.call(purpose, async (octokit) => {
        const { data } = await octokit.rest.issues.createComment({
          ...repository,
          issue_number: input.pullRequest,
          body,
        })
        return { url: data.html_url, action: 'created' }
      }),
    update: async (comment) =>
      await connection.call(purpose, async (octokit) => {
        const given = { ...repository, comment_id: comment.id, body }
        const asked = octokit.rest.issues.updateComment(given)
        // What is listed again after that is there, and this token cannot write it.
        const answer = gone.has(comment.id) ? await asked : await unlessGone(asked)
        if (answer === undefined) gone.add(comment.id)
        return answer && { url: answer.data.html_url, action: 'updated' }
      }),
    removeAllBut: async (kept, own) => {
      for (const copy of own.filter((one) => one.id !== kept.id)) {
        await connection.call(purpose, (octokit) => remove(octokit, repository, copy))
      }
    },
  }
}

/** Undefined where the token may not read it: the order of the runs then decides alone. */
async function headNow(
  connection: Connection,
  repository: Repository,
  number: number,
): Promise<string | undefined> {
  try {
    return (await pullRequest(connection, repository, number)).headSha
  } catch (error) {
    if (error instanceof GateError) return undefined
    throw error
  }
}

async function markedComments(
  octokit: Octokit,
  repository: Repository,
  input: Pick<CommentInput, 'key' | 'pullRequest'>,
): Promise<readonly OwnComment[]> {
  const found: OwnComment[] = []
  let pages = 0
  const all = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    ...repository,
    issue_number: input.pullRequest,
    per_page: 100,
  })
  for await (const { data } of all) {
    // A forge may leave out what GitHub always says: nobody's comment is not ours.
    for (const { id, html_url: url, body: given, user } of data) {
      const body = given ?? ''
      const author: string | undefined = user?.login
      const marker = readMarker(body)
      if (marker === undefined || !isMarkedWith(marker, input.key) || author === undefined) continue
      found.push({ id, url, body, author, marker })
    }
    pages += 1
    if (pages >= MAX_PAGES) break
  }
  return found.sort((one, other) => one.id - other.id)
}

/**
 * The job's token may edit anybody's comment, and anybody can write a marker: so the author counts.
 * The comments of the job's own token are known by name; any other token is asked who it is, once
 * there is a comment with the marker.
 */
async function ownComments(
  connection: Connection,
  marked: readonly OwnComment[],
): Promise<{ readonly comments: readonly OwnComment[]; readonly isAuthorUnknown: boolean }> {
  if (marked.length === 0) return { comments: [], isAuthorUnknown: false }
  const byJob = marked.filter((one) => one.author === JOB_TOKEN_AUTHOR)
  if (connection.token.startsWith('ghs_') && byJob.length > 0) {
    return { comments: byJob, isAuthorUnknown: false }
  }
  const self = await whoAmI(connection)
  return self === undefined
    ? { comments: byJob, isAuthorUnknown: true }
    : { comments: marked.filter((one) => one.author === self), isAuthorUnknown: false }
}

/** The login that the token writes as, or undefined where GitHub will not say. */
async function whoAmI(connection: Connection): Promise<string | undefined> {
  const asked = { doing: 'ask who the token belongs to', permission: 'metadata: read' }
  try {
    return await connection.call(asked, async (octokit) =>
      connection.token.startsWith('ghs_')
        ? await viewer(octokit)
        : (await octokit.rest.users.getAuthenticated()).data.login,
    )
  } catch (error) {
    // Tokens of installations are refused, here and there with a document of errors under a 200; the
    // caller then goes by the job's own name.
    if (error instanceof GateError || isGraphqlRefusal(error)) return undefined
    throw error
  }
}

function isGraphqlRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'GraphqlResponseError'
}

async function viewer(octokit: Octokit): Promise<string> {
  const { viewer } = await octokit.graphql<{ viewer: { login: string } }>(
    'query { viewer { login } }',
  )
  return viewer.login
}

/** The other job may have removed the copy already. */
async function remove(octokit: Octokit, repository: Repository, copy: OwnComment): Promise<void> {
  await unlessGone(octokit.rest.issues.deleteComment({ ...repository, comment_id: copy.id }))
}
