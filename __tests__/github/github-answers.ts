// Answers in GitHub's own shape: its examples from the description, with what the state knows in the
// members that matter.

import { createHash } from 'node:crypto'
import type { Comment, Commit, File, GitHubState, Labelling, Pull, Push } from './github-state.ts'

type Members = Record<string, unknown>

export type Answers = {
  readonly comment: (comment: Comment) => Members
  readonly pull: (pull: Pull) => Members
  readonly listedPull: (pull: Pull) => Members
  readonly commit: (commit: Commit) => Members
  readonly tree: (sha: string, files: readonly File[]) => Members
  readonly changedFile: (path: string) => Members
  readonly user: (login: string) => Members
  readonly comparison: (comparison: { mergeBase: string; ahead: number; behind: number }) => Members
  readonly repository: () => Members
  readonly ref: (ref: string, sha: string) => Members
  readonly labelling: (labelling: Labelling) => Members
  readonly push: (push: Push) => Members
}

/** `example` gives GitHub's example of an operation's answer. */
export function answers(state: GitHubState, example: (operation: string) => unknown): Answers {
  const first = (operation: string): Members => {
    const value = example(operation)
    return membersOf(Array.isArray(value) ? value[0] : value)
  }
  const fullName = `${state.owner}/${state.repo}`
  const page = `https://github.com/${fullName}`
  const repository = (name: string): Members => ({
    ...membersOf(membersOf(first('pulls/list').base).repo),
    full_name: name,
    name: name.split('/')[1],
    owner: {
      ...membersOf(membersOf(membersOf(first('pulls/list').base).repo).owner),
      login: name.split('/')[0],
    },
  })
  const pull = (shape: Members, one: Pull): Members => ({
    ...shape,
    number: one.number,
    state: one.state,
    html_url: `${page}/pull/${one.number}`,
    labels: one.labels.map((name) => ({ ...first('issues/list-labels-on-issue'), name })),
    // GitHub's own example of a team lacks what GitHub's description asks of one.
    requested_teams: [],
    merged_at: one.merged?.at ?? null,
    merge_commit_sha: one.merged?.commit ?? null,
    head: {
      ...membersOf(shape.head),
      ref: one.headRef,
      sha: one.headSha,
      repo: one.headRepository === null ? null : repository(one.headRepository),
    },
    base: {
      ...membersOf(shape.base),
      ref: one.baseRef,
      sha: one.baseSha,
      repo: repository(fullName),
    },
  })
  const user = (login: string, type = 'User'): Members => ({
    ...membersOf(first('issues/list-comments').user),
    login,
    type,
  })
  return {
    comment: (one) => ({
      ...first('issues/get-comment'),
      id: one.id,
      html_url: `${page}/pull/${one.issue}#issuecomment-${one.id}`,
      body: one.body,
      user: user(one.login, one.type),
      created_at: one.createdAt,
      updated_at: one.updatedAt,
    }),
    pull: (one) => ({
      ...pull(first('pulls/get'), one),
      merged: one.merged !== undefined,
      merged_by: one.merged === undefined ? null : user(one.merged.by),
    }),
    listedPull: (one) => pull(first('pulls/list'), one),
    commit: ({ sha, parents }) => ({
      ...first('repos/list-commits'),
      sha,
      parents: parents.map((parent) => ({
        sha: parent,
        url: `https://api.github.com/repos/${fullName}/commits/${parent}`,
      })),
    }),
    tree: (sha, files) => ({
      ...first('git/get-tree'),
      sha,
      url: `https://api.github.com/repos/${fullName}/git/trees/${sha}`,
      truncated: files.length > state.largestTree,
      tree: files.slice(0, state.largestTree).map(({ path, text }) => ({
        path,
        mode: '100644',
        type: 'blob',
        sha: createHash('sha1').update(text).digest('hex'),
      })),
    }),
    changedFile: (path) => ({ ...first('pulls/list-files'), filename: path }),
    user: (login) => ({ ...first('users/get-authenticated'), login }),
    comparison: ({ mergeBase, ahead, behind }) => {
      const shape = first('repos/compare-commits-with-basehead')
      return {
        ...shape,
        merge_base_commit: { ...membersOf(shape.merge_base_commit), sha: mergeBase },
        ahead_by: ahead,
        behind_by: behind,
        status: ahead > 0 && behind > 0 ? 'diverged' : ahead > 0 ? 'ahead' : 'behind',
      }
    },
    ref: (ref, sha) => {
      const shape = first('git/get-ref')
      return { ...shape, ref, object: { ...membersOf(shape.object), type: 'commit', sha } }
    },
    labelling: ({ event, label, by, at }) => ({
      id: 6_430_295_168,
      node_id: 'LE_lADO',
      url: `https://api.github.com/repos/${fullName}/issues/events/6430295168`,
      actor: user(by),
      event,
      commit_id: null,
      commit_url: null,
      created_at: at,
      label: { name: label, color: 'ededed' },
      performed_via_github_app: null,
    }),
    push: ({ branch, after, at }) => ({
      id: 1_296_269,
      node_id: 'MDEw',
      before: '0'.repeat(40),
      after,
      ref: `refs/heads/${branch}`,
      timestamp: at,
      activity_type: 'push',
      actor: user('octocat'),
    }),
    repository: () => ({
      ...first('repos/get'),
      full_name: fullName,
      name: state.repo,
      default_branch: state.defaultBranch,
    }),
  }
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
