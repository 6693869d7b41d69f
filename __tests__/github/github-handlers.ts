// What each operation of the tests' GitHub does to its state, and who may ask for it.

import type { Answers } from './github-answers.ts'
import {
  addComment,
  type GitHubState,
  historyOf,
  type Pull,
  resolveRef,
  type Token,
  treeOf,
} from './github-state.ts'

export type Asked = {
  readonly method: string
  readonly path: string
  readonly query: Record<string, string>
  readonly headers: Record<string, string>
  readonly origin: string
  readonly body: unknown
  readonly parameters: Record<string, string>
}

export type Answer = {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export type Handler = (asked: Asked, token: Token) => Answer

const MAX_BODY = 65_536

export function refusal(status: number, message: string): Answer {
  const documentation = 'https://docs.github.com/rest'
  return { status, body: { message, documentation_url: documentation, status: String(status) } }
}

export function handlers(state: GitHubState, shapes: Answers): Record<string, Handler> {
  return {
    ...commentHandlers(state, shapes),
    ...pullHandlers(state, shapes),
    ...contentHandlers(state, shapes),
    'repos/get': () => ({ status: 200, body: shapes.repository() }),
    'users/get-authenticated': (_asked, token) =>
      token.kind === 'user'
        ? { status: 200, body: shapes.user(token.login) }
        : notAccessible(token),
  }
}

function commentHandlers(state: GitHubState, shapes: Answers): Record<string, Handler> {
  const find = (asked: Asked) =>
    state.comments.find(({ id }) => id === Number(asked.parameters.comment_id))
  const isKnown = (issue: number): boolean => state.pulls.some(({ number }) => number === issue)
  return {
    'issues/list-comments': (asked, token) => {
      const issue = Number(asked.parameters.issue_number)
      if (token.pullRequests === 'none' || !isKnown(issue)) return refusal(404, 'Not Found')
      const lags = state.laggingLists > 0 && state.comments.length > 0
      if (lags) state.laggingLists -= 1
      const known = lags ? state.comments.slice(0, -1) : state.comments
      const all = known.filter((comment) => comment.issue === issue)
      return paged(asked, all.map(shapes.comment))
    },
    'issues/create-comment': (asked, token) => {
      const issue = Number(asked.parameters.issue_number)
      if (token.pullRequests !== 'write') return notAccessible(token)
      if (!isKnown(issue)) return refusal(404, 'Not Found')
      const body = bodyOf(asked)
      if (body.length > MAX_BODY) return tooLong()
      const type = token.kind === 'user' ? 'User' : 'Bot'
      const comment = addComment(state, { issue, body, login: token.login, type })
      return { status: 201, body: shapes.comment(comment) }
    },
    'issues/get-comment': (asked) => {
      const comment = find(asked)
      return comment === undefined
        ? refusal(404, 'Not Found')
        : { status: 200, body: shapes.comment(comment) }
    },
    'issues/update-comment': (asked, token) => {
      const comment = find(asked)
      if (token.pullRequests !== 'write') return notAccessible(token)
      if (comment === undefined) return refusal(404, 'Not Found')
      const body = bodyOf(asked)
      if (body.length > MAX_BODY) return tooLong()
      comment.body = body
      comment.updatedAt = '2026-11-24T04:00:00Z'
      return { status: 200, body: shapes.comment(comment) }
    },
    'issues/delete-comment': (asked, token) => {
      const comment = find(asked)
      if (token.pullRequests !== 'write') return notAccessible(token)
      if (comment === undefined) return refusal(404, 'Not Found')
      state.comments.splice(state.comments.indexOf(comment), 1)
      return { status: 204 }
    },
  }
}

function pullHandlers(state: GitHubState, shapes: Answers): Record<string, Handler> {
  const find = (number: number) => state.pulls.find((pull) => pull.number === number)
  const labels = (number: number): Answer => {
    const names = find(number)?.labels ?? []
    return { status: 200, body: names.map((name) => ({ id: 1, name, color: 'ededed' })) }
  }
  return {
    'pulls/get': (asked, token) => {
      const pull = find(Number(asked.parameters.pull_number))
      if (pull === undefined || token.pullRequests === 'none') return refusal(404, 'Not Found')
      return { status: 200, body: shapes.pull(pull) }
    },
    'pulls/list': (asked) => {
      const wanted = asked.query.state ?? 'open'
      const all = state.pulls.filter((pull) => wanted === 'all' || pull.state === wanted)
      return paged(asked, all.map(shapes.listedPull))
    },
    'repos/list-pull-requests-associated-with-commit': (asked) => {
      const sha = asked.parameters.commit_sha
      const all = state.pulls.filter(
        // As on GitHub, heads of forks are not in this index.
        ({ headSha, headRepository, merged }) =>
          (headSha === sha && headRepository === `${state.owner}/${state.repo}`) ||
          merged?.commit === sha,
      )
      return paged(asked, all.map(shapes.listedPull))
    },
    'pulls/list-files': (asked, token) => {
      const pull = find(Number(asked.parameters.pull_number))
      if (pull === undefined || token.pullRequests === 'none') return refusal(404, 'Not Found')
      const changed = changesOf(state, pull).slice(0, MOST_LISTED_FILES)
      return paged(asked, changed.map(shapes.changedFile))
    },
    'issues/list-events-for-timeline': (asked, token) => {
      const issue = Number(asked.parameters.issue_number)
      if (token.pullRequests === 'none') return notAccessible(token)
      const all = state.labellings.filter((one) => one.issue === issue)
      return paged(asked, all.map(shapes.labelling))
    },
    'issues/list-labels-on-issue': (asked) => labels(Number(asked.parameters.issue_number)),
    'issues/add-labels': (asked, token) => {
      if (token.pullRequests !== 'write') return notAccessible(token)
      const number = Number(asked.parameters.issue_number)
      const added =
        typeof asked.body === 'object' && asked.body !== null && 'labels' in asked.body
          ? asked.body.labels
          : []
      if (Array.isArray(added)) find(number)?.labels.push(...added.map(String))
      return labels(number)
    },
  }
}

function contentHandlers(state: GitHubState, shapes: Answers): Record<string, Handler> {
  return {
    'repos/get-content': (asked, token) => {
      if (token.contents === 'none') return notAccessible(token)
      const path = decodeURIComponent(asked.parameters.path ?? '')
      const ref = asked.query.ref ?? state.defaultBranch
      const file = state.files.find((one) => one.path === path && one.ref === ref)
      if (file === undefined) {
        const folder = state.files.some((one) => one.path.startsWith(`${path}/`) && one.ref === ref)
        return folder ? { status: 200, body: [] } : refusal(404, 'Not Found')
      }
      if (asked.headers.accept?.includes('raw')) return { status: 200, body: file.text }
      const content = Buffer.from(file.text).toString('base64')
      return { status: 200, body: { type: 'file', path, encoding: 'base64', content } }
    },
    'git/get-tree': (asked, token) => {
      if (token.contents === 'none') return notAccessible(token)
      const sha = asked.parameters.tree_sha ?? ''
      if (!state.commits.some((commit) => commit.sha === sha)) return refusal(404, 'Not Found')
      return { status: 200, body: shapes.tree(sha, treeOf(state, sha)) }
    },
    'git/get-ref': (asked, token) => {
      if (token.contents === 'none') return notAccessible(token)
      const ref = decodeURIComponent(asked.parameters.ref ?? '')
      const branch = ref.replace(/^heads\//, '')
      const ofPulls = state.pulls.find(({ baseRef }) => baseRef === branch)?.baseSha
      const sha = state.tips[branch] ?? ofPulls
      return sha === undefined
        ? refusal(404, 'Not Found')
        : { status: 200, body: shapes.ref(`refs/${ref}`, sha) }
    },
    'repos/list-activities': (asked, token) => {
      if (token.contents === 'none') return notAccessible(token)
      const { owner = '', repo = '' } = asked.parameters
      const wanted = state.pushes.filter(
        ({ repository, branch }) =>
          repository === `${owner}/${repo}` && asked.query.ref === `refs/heads/${branch}`,
      )
      return paged(asked, wanted.toReversed().map(shapes.push))
    },
    'repos/list-commits': (asked, token) => {
      if (token.contents === 'none') return notAccessible(token)
      const from = asked.query.sha ?? state.defaultBranch
      const all = historyOf(state, from)
      return all.length === 0
        ? refusal(404, `No commit found for SHA: ${from}`)
        : paged(asked, all.map(shapes.commit))
    },
    'repos/compare-commits-with-basehead': (asked, token) => {
      if (token.contents === 'none') return notAccessible(token)
      const [base = '', head = ''] = decodeURIComponent(asked.parameters.basehead ?? '').split(
        '...',
      )
      const ofBase = historyOf(state, resolveRef(state, base)).map(({ sha }) => sha)
      const ofHead = historyOf(state, resolveRef(state, head)).map(({ sha }) => sha)
      const mergeBase = ofHead.find((sha) => ofBase.includes(sha))
      if (mergeBase === undefined) return refusal(404, 'Not Found')
      const ahead = ofHead.filter((sha) => !ofBase.includes(sha)).length
      const behind = ofBase.filter((sha) => !ofHead.includes(sha)).length
      return { status: 200, body: shapes.comparison({ mergeBase, ahead, behind }) }
    },
  }
}

const MOST_LISTED_FILES = 3000

/** From where the branches parted, sorted by name as GitHub does. */
function changesOf(state: GitHubState, { baseSha, headSha }: Pull): readonly string[] {
  const ofBase = historyOf(state, baseSha).map(({ sha }) => sha)
  const parted = historyOf(state, headSha).find(({ sha }) => ofBase.includes(sha))
  const before = textsByPath(state, parted?.sha ?? baseSha)
  const after = textsByPath(state, headSha)
  const all = [...new Set([...before.keys(), ...after.keys()])].sort()
  return all.filter((path) => before.get(path) !== after.get(path))
}

function textsByPath(state: GitHubState, sha: string): ReadonlyMap<string, string> {
  return new Map(treeOf(state, sha).map(({ path, text }) => [path, text]))
}

function notAccessible(token: Token): Answer {
  const by = token.kind === 'user' ? 'personal access token' : 'integration'
  return refusal(403, `Resource not accessible by ${by}`)
}

function tooLong(): Answer {
  return {
    status: 422,
    body: {
      message: 'Validation Failed',
      errors: [
        {
          resource: 'IssueComment',
          code: 'unprocessable',
          field: 'data',
          message: 'Body is too long (maximum is 65536 characters)',
        },
      ],
      documentation_url: 'https://docs.github.com/rest/issues/comments',
      status: '422',
    },
  }
}

function bodyOf(asked: Asked): string {
  const { body } = asked
  return typeof body === 'object' && body !== null && 'body' in body ? String(body.body) : ''
}

/** As many as were asked for, with GitHub's Link header to the others. */
function paged(asked: Asked, all: readonly unknown[]): Answer {
  const size = Math.min(100, Number(asked.query.per_page ?? 30))
  const page = Number(asked.query.page ?? 1)
  const last = Math.max(1, Math.ceil(all.length / size))
  const path = asked.path.replace(/^\/repos\/[^/]+\/[^/]+\//, '/repositories/1/')
  const link = (to: number, rel: string): string => {
    const query = new URLSearchParams({ ...asked.query, page: String(to) })
    return `<${asked.origin}${path}?${query}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
  ]
  return {
    status: 200,
    body: all.slice((page - 1) * size, page * size),
    ...(links.length === 0 ? {} : { headers: { link: links.join(', ') } }),
  }
}
