// Pull requests as the gate needs them, always from GitHub itself: an event or an artifact may be
// stale or forged.

import type { Connection, Octokit, Repository } from './connection.ts'

export type PullRequest = {
  readonly number: number
  readonly open: boolean
  readonly headSha: string
  readonly headRef: string
  readonly baseRef: string
  readonly baseSha: string
  readonly labels: readonly string[]
  /** Absent where it is gone. */
  readonly headRepository?: Repository
  /** True when the head is in another repository, or in one that is gone. */
  readonly isFork: boolean
  /** Absent unless merged. */
  readonly merged?: { readonly by?: string; readonly commit?: string; readonly at: string }
}

type Details = Awaited<ReturnType<Octokit['rest']['pulls']['get']>>['data']
type Listed = Awaited<ReturnType<Octokit['rest']['pulls']['list']>>['data'][number]

const READ = 'pull-requests: read'
/** 100 a page: beyond, the pull request has not been touched for a long time. */
const MAX_PAGES = 10

export async function pullRequest(
  connection: Connection,
  repository: Repository,
  number: number,
): Promise<PullRequest> {
  const purpose = { doing: `read pull request #${number}`, permission: READ }
  return await connection.call(purpose, async (octokit) => {
    const { data } = await octokit.rest.pulls.get({ ...repository, pull_number: number })
    return factsOf(data)
  })
}

/** A head as a run knows it. What is absent is not known, and then only one pull request may have it. */
export type Head = {
  readonly sha: string
  /** `owner/name`. */
  readonly repository?: string
  readonly branch?: string
}

/**
 * The open pull request whose head is exactly this commit of this branch; undefined when there is none,
 * or none can be told from another. Finds heads of forks too, which `workflow_run` does not name.
 */
export async function findPullRequestByHead(
  connection: Connection,
  repository: Repository,
  head: Head,
): Promise<PullRequest | undefined> {
  const { sha } = head
  const purpose = { doing: `find the pull request of commit ${sha}`, permission: READ }
  const number = await connection.call(purpose, async (octokit) => {
    const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
      ...repository,
      commit_sha: sha,
      per_page: 100,
    })
    return onlyOpen(data, head) ?? (await searchOpen(octokit, repository, head))
  })
  return number === undefined ? undefined : await pullRequest(connection, repository, number)
}

/** The merged pull request that brought this commit to its branch, or undefined. */
export async function mergedPullRequestOf(
  connection: Connection,
  repository: Repository,
  sha: string,
): Promise<PullRequest | undefined> {
  const purpose = { doing: `find the merged pull request of commit ${sha}`, permission: READ }
  const number = await connection.call(purpose, async (octokit) => {
    const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
      ...repository,
      commit_sha: sha,
      per_page: 100,
    })
    // Other forges leave optional members out where GitHub's own says null.
    const merged = data.filter((one) => one.merged_at != null)
    const exact = merged.find((one) => one.merge_commit_sha === sha)
    return (exact ?? merged[0])?.number
  })
  return number === undefined ? undefined : await pullRequest(connection, repository, number)
}

function onlyOpen(
  listed: readonly Pick<Listed, 'number' | 'state' | 'head'>[],
  { sha, repository, branch }: Head,
): number | undefined {
  const found = listed.filter(
    ({ state, head }) =>
      state === 'open' &&
      head.sha === sha &&
      (branch === undefined || head.ref === branch) &&
      (repository === undefined || head.repo?.full_name === repository),
  )
  return found.length === 1 ? found[0]?.number : undefined
}

/** GitHub's index of commits lags behind for forks: the list of pull requests does not. */
async function searchOpen(
  octokit: Octokit,
  repository: Repository,
  head: Head,
): Promise<number | undefined> {
  let pages = 0
  const all = octokit.paginate.iterator(octokit.rest.pulls.list, {
    ...repository,
    state: 'open',
    sort: 'updated',
    direction: 'desc',
    per_page: 100,
  })
  for await (const { data } of all) {
    const found = onlyOpen(data, head)
    pages += 1
    if (found !== undefined || pages >= MAX_PAGES) return found
  }
  return undefined
}

function factsOf(data: Details): PullRequest {
  return {
    number: data.number,
    open: data.state === 'open',
    headSha: data.head.sha,
    headRef: data.head.ref,
    baseRef: data.base.ref,
    baseSha: data.base.sha,
    labels: (data.labels ?? []).map((label) => label.name),
    headRepository: repositoryOf(data.head.repo),
    isFork: data.head.repo?.full_name !== data.base.repo.full_name,
    merged: mergeOf(data),
  }
}

function repositoryOf(repo: Details['head']['repo']): Repository | undefined {
  return repo == null ? undefined : { owner: repo.owner.login, repo: repo.name }
}

/** A forge that is no GitHub may leave out what GitHub's description calls optional or null. */
function mergeOf(data: Partial<Details>): PullRequest['merged'] {
  const { merged_at: at, merged_by: by, merge_commit_sha: commit } = data
  return at == null ? undefined : { at, by: by?.login, commit: commit ?? undefined }
}
