// What the tests' GitHub knows: one repository, its pull requests, comments, commits and files, who a
// token belongs to and what it may do.

export type Comment = {
  id: number
  issue: number
  body: string
  login: string
  /** GitHub's own distinction: apps are bots. */
  type: 'User' | 'Bot'
  createdAt: string
  updatedAt: string
}

export type Pull = {
  number: number
  state: 'open' | 'closed'
  headSha: string
  headRef: string
  /** `owner/name`; null for a fork that was deleted. */
  headRepository: string | null
  baseSha: string
  baseRef: string
  labels: string[]
  merged?: { by: string; commit: string; at: string }
}

/** What happened to a pull request's labels, oldest first. */
export type Labelling = {
  issue: number
  event: 'labeled' | 'unlabeled'
  label: string
  by: string
  at: string
}

/** A push to a branch of a repository (`owner/name`), newest last. */
export type Push = { repository: string; branch: string; after: string; at: string }

export type Commit = { sha: string; parents: string[] }
/** Text of a file at a commit, branch or tag. */
export type File = { path: string; ref: string; text: string }

export type Access = 'write' | 'read' | 'none'

/** Who a token is, and what the job's `permissions` give it. */
export type Token = {
  login: string
  kind: 'installation' | 'user'
  /** False: GraphQL answers with errors under a 200. */
  namesItself?: boolean
  pullRequests: Access
  contents: Access
}

/** Served instead of an answer, once unless it says otherwise, to the first request that fits. */
export type Trouble = {
  /** As `POST /repos/acme/search/issues/7/comments`, or a part of it. */
  on: string
  status: number
  message: string
  headers?: Record<string, string>
  /** Breaks the connection instead of answering. */
  hangUp?: boolean
  /** Never answers. */
  silent?: boolean
  /** Every time, and not only once. */
  always?: boolean
  /** Carries the request out before it answers so: as a gateway that gives up does. */
  carriedOut?: boolean
}

export type SeenRequest = {
  method: string
  path: string
  query: string
  operation: string
  authorization: string
  body: unknown
  status: number
}

export type GitHubState = {
  owner: string
  repo: string
  defaultBranch: string
  comments: Comment[]
  pulls: Pull[]
  commits: Commit[]
  labellings: Labelling[]
  pushes: Push[]
  /** Where a branch is now; else where its pull requests know it. */
  tips: Record<string, string>
  files: File[]
  /** GitHub lists no more files of a tree than this: the rest is left out, and said. */
  largestTree: number
  /** By token. An unknown one is refused with 401. */
  tokens: Record<string, Token>
  troubles: Trouble[]
  /** Every request in order, with what was answered. */
  requests: SeenRequest[]
  /** Requests that GitHub's description does not allow: a test ends with none. */
  violations: string[]
  nextCommentId: number
  /** Members that this forge leaves out of its answers, as those that only resemble GitHub do. */
  leavesOut: string[]
  /** How many lists still leave out the newest comment, as a replica that lags behind does. */
  laggingLists: number
}

export const JOB_TOKEN = 'ghs_jobtoken'

export function githubState(given: Partial<GitHubState> = {}): GitHubState {
  return {
    owner: 'acme',
    repo: 'search',
    defaultBranch: 'main',
    comments: [],
    pulls: [],
    commits: [],
    labellings: [],
    pushes: [],
    tips: {},
    files: [],
    largestTree: 100_000,
    tokens: { [JOB_TOKEN]: jobToken() },
    troubles: [],
    requests: [],
    violations: [],
    nextCommentId: 1001,
    leavesOut: [],
    laggingLists: 0,
    ...given,
  }
}

export function jobToken(given: Partial<Token> = {}): Token {
  return {
    login: 'github-actions[bot]',
    kind: 'installation',
    pullRequests: 'write',
    contents: 'read',
    ...given,
  }
}

export function openPull(given: Partial<Pull> & { number: number; headSha: string }): Pull {
  return {
    state: 'open',
    headRef: 'faster',
    headRepository: 'acme/search',
    baseSha: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
    baseRef: 'main',
    labels: [],
    ...given,
  }
}

/** Sets a label as a person does: on the pull request, and in its timeline. */
export function setLabel(
  state: GitHubState,
  given: { issue: number; label: string; by?: string; at: string },
): void {
  const { issue, label, by = 'maintainer', at } = given
  state.pulls.find(({ number }) => number === issue)?.labels.push(label)
  state.labellings.push({ issue, event: 'labeled', label, by, at })
}

export function addComment(
  state: GitHubState,
  given: { issue: number; body: string; login?: string; type?: 'User' | 'Bot' },
): Comment {
  const now = '2026-11-24T03:00:00Z'
  const comment: Comment = {
    id: state.nextCommentId++,
    login: 'github-actions[bot]',
    type: 'Bot',
    createdAt: now,
    updatedAt: now,
    ...given,
  }
  state.comments.push(comment)
  return comment
}

/** A commit and all before it, newest first: parents in order, each once. */
export function historyOf(state: GitHubState, ref: string): Commit[] {
  const found = new Map<string, Commit>()
  let open = [resolveRef(state, ref)]
  while (open.length > 0) {
    const commits = open.flatMap((sha) => state.commits.find((commit) => commit.sha === sha) ?? [])
    for (const commit of commits) found.set(commit.sha, commit)
    open = commits.flatMap(({ parents }) => parents).filter((sha) => !found.has(sha))
  }
  return [...found.values()]
}

/** A branch of the state's pull requests, the default branch (its newest commit), or a commit. */
export function resolveRef(state: GitHubState, ref: string): string {
  const pull = state.pulls.find(({ headRef }) => headRef === ref)
  if (pull !== undefined) return pull.headSha
  const isParent = new Set(state.commits.flatMap(({ parents }) => parents))
  const tip = state.commits.find(
    ({ sha }) => !isParent.has(sha) && !state.pulls.some(({ headSha }) => headSha === sha),
  )
  return ref === state.defaultBranch ? (tip?.sha ?? ref) : ref
}

/** The files of a commit. */
export function treeOf(state: GitHubState, sha: string): File[] {
  return state.files.filter(({ ref }) => ref === sha)
}
