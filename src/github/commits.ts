// Commits and files through the API, for jobs that have no checkout or a shallow one.

import { GateError } from '../model/errors.ts'
import type { Connection, Repository } from './connection.ts'

const READ = 'contents: read'

/** The commit at which two histories parted. */
export async function mergeBase(
  connection: Connection,
  repository: Repository,
  range: { readonly base: string; readonly head: string },
): Promise<{ readonly mergeBase: string }> {
  const { base, head } = range
  const purpose = { doing: `find the merge base of ${base} and ${head}`, permission: READ }
  return await connection.call(purpose, async (octokit) => {
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
      ...repository,
      basehead: `${base}...${head}`,
      per_page: 1,
    })
    return { mergeBase: data.merge_base_commit.sha }
  })
}

/** A commit and those before it, newest first, at most `limit`. */
export async function ancestors(
  connection: Connection,
  repository: Repository,
  from: { readonly sha: string; readonly limit: number },
): Promise<ReadonlySet<string>> {
  const { sha, limit } = from
  const purpose = { doing: `list the commits before ${sha}`, permission: READ }
  return await connection.call(purpose, async (octokit) => {
    const found = new Set<string>()
    const pages = octokit.paginate.iterator(octokit.rest.repos.listCommits, {
      ...repository,
      sha,
      per_page: Math.min(100, limit),
    })
    for await (const { data } of pages) {
      for (const commit of data) if (found.size < limit) found.add(commit.sha)
      if (found.size >= limit) break
    }
    return found
  })
}

/** The commit that a branch is at now. */
export async function branchTip(
  connection: Connection,
  repository: Repository,
  branch: string,
): Promise<string> {
  const purpose = { doing: `find the tip of ${branch}`, permission: READ }
  return await connection.call(purpose, async (octokit) => {
    const { data } = await octokit.rest.git.getRef({ ...repository, ref: `heads/${branch}` })
    return data.object.sha
  })
}

/** A file's text at a commit, branch or tag; undefined when it is not there. */
export async function readFile(
  connection: Connection,
  repository: Repository,
  file: { readonly path: string; readonly ref: string },
): Promise<string | undefined> {
  const { path, ref } = file
  const purpose = { doing: `read ${path} at ${ref}`, permission: READ }
  const data: unknown = await connection.call(purpose, async (octokit) => {
    try {
      const answer = await octokit.rest.repos.getContent({
        ...repository,
        path,
        ref,
        mediaType: { format: 'raw' },
      })
      return answer.data
    } catch (error) {
      if (error instanceof Error && 'status' in error && error.status === 404) return undefined
      throw error
    }
  })
  if (data === undefined || typeof data === 'string') return data
  throw new GateError('github', `${path} at ${ref} is not a file.`, 'Name a file, not a folder.')
}
