// GitHub as the gate sees it: one pull request's comment, pull requests, commits and files of one
// repository. Every refusal is a GateError('github') that names the permission to add.

import { leaving } from '../redact/redact.ts'
import { type ChangedFiles, type ChangeRange, changedFiles } from './changed-files.ts'
import { type CommentInput, type CommentResult, ownMarker, upsertComment } from './comment.ts'
import { ancestors, branchTip, mergeBase, readFile } from './commits.ts'
import { type ConnectionOptions, connect } from './connection.ts'
import { type LabelOnHead, labelOnHead } from './label.ts'
import type { CommentMarker } from './marker.ts'
import {
  findPullRequestByHead,
  type Head,
  mergedPullRequestOf,
  type PullRequest,
  pullRequest,
} from './pull-requests.ts'

export type GithubClientOptions = ConnectionOptions & {
  readonly owner: string
  readonly repo: string
  /** How long to wait before looking whether another job wrote the comment meanwhile. */
  readonly settleMs?: number
}

export type GithubClient = {
  /** Creates the comment, edits it in place, or leaves one that a newer run wrote. */
  readonly upsertComment: (input: CommentInput) => Promise<CommentResult>
  /** Of the comment of this key that the token's own author wrote. */
  readonly ownMarker: (
    where: Pick<CommentInput, 'key' | 'pullRequest'>,
  ) => Promise<CommentMarker | undefined>
  readonly findPullRequestByHead: (head: Head) => Promise<PullRequest | undefined>
  readonly pullRequest: (number: number) => Promise<PullRequest>
  readonly mergedPullRequestOf: (sha: string) => Promise<PullRequest | undefined>
  readonly labelOnHead: (pull: PullRequest, label: string) => Promise<LabelOnHead>
  readonly mergeBase: (base: string, head: string) => Promise<{ readonly mergeBase: string }>
  readonly ancestors: (sha: string, limit: number) => Promise<ReadonlySet<string>>
  /** Undefined where there are too many to be known. */
  readonly changedFiles: (range: ChangeRange) => Promise<ChangedFiles | undefined>
  /** The commit that a branch is at now. */
  readonly branchTip: (branch: string) => Promise<string>
  readonly readFile: (path: string, ref: string) => Promise<string | undefined>
}

/** Nothing is sent until the first call. */
export function githubClient(options: GithubClientOptions): GithubClient {
  const connection = connect(options)
  const repository = { owner: options.owner, repo: options.repo }
  return {
    upsertComment: (input) =>
      upsertComment(connection, repository, {
        ...input,
        body: leaving.text(input.body),
        settleMs: options.settleMs,
      }),
    ownMarker: (where) => ownMarker(connection, repository, where),
    findPullRequestByHead: (head) => findPullRequestByHead(connection, repository, head),
    pullRequest: (number) => pullRequest(connection, repository, number),
    mergedPullRequestOf: (sha) => mergedPullRequestOf(connection, repository, sha),
    labelOnHead: (pull, label) => labelOnHead(connection, repository, { pull, label }),
    mergeBase: (base, head) => mergeBase(connection, repository, { base, head }),
    ancestors: (sha, limit) => ancestors(connection, repository, { sha, limit }),
    changedFiles: (range) => changedFiles(connection, repository, range),
    branchTip: (branch) => branchTip(connection, repository, branch),
    readFile: (path, ref) => readFile(connection, repository, { path, ref }),
  }
}
