// What differs between two commits, from their whole trees: exact, and not cut off after 300 files as
// a comparison of commits is. Where a tree is too large for one answer, the pull request's own list.

import type { Connection, Octokit, Repository } from './connection.ts'

export type ChangedFiles = {
  /** Added, changed and removed ones; both names of a renamed one. */
  readonly changed: ReadonlySet<string>
  /** Every file of the two commits. Absent where the trees are too large to be listed. */
  readonly all?: readonly string[]
}

export type ChangeRange = {
  readonly mergeBase: string
  readonly head: string
  readonly pullRequest?: number
}

/** GitHub lists no more files of a pull request than this: a full list may lack some. */
const MOST_LISTED = 3000

/** Undefined where they cannot all be known. */
export async function changedFiles(
  connection: Connection,
  repository: Repository,
  range: ChangeRange,
): Promise<ChangedFiles | undefined> {
  const { mergeBase, head, pullRequest } = range
  const before = await treeOf(connection, repository, mergeBase)
  const after = before && (await treeOf(connection, repository, head))
  if (before !== undefined && after !== undefined) return differences(before, after)
  return pullRequest === undefined ? undefined : await listed(connection, repository, pullRequest)
}

/** By path: what stands there and with which mode. */
type Tree = ReadonlyMap<string, string>

async function treeOf(
  connection: Connection,
  repository: Repository,
  commit: string,
): Promise<Tree | undefined> {
  const purpose = { doing: `list the files of ${commit}`, permission: 'contents: read' }
  return await connection.call(purpose, async (octokit) => {
    const { data } = await octokit.rest.git.getTree({
      ...repository,
      tree_sha: commit,
      recursive: 'true',
    })
    if (data.truncated) return undefined
    const files = data.tree.filter(({ type }) => type !== 'tree')
    return new Map(files.map(({ path, mode, sha }) => [path, `${mode} ${sha}`]))
  })
}

function differences(before: Tree, after: Tree): ChangedFiles {
  const all = [...new Set([...before.keys(), ...after.keys()])]
  return { all, changed: new Set(all.filter((path) => before.get(path) !== after.get(path))) }
}

async function listed(
  connection: Connection,
  repository: Repository,
  number: number,
): Promise<ChangedFiles | undefined> {
  const purpose = {
    doing: `list the files of pull request #${number}`,
    permission: 'pull-requests: read',
  }
  const files = await connection.call(purpose, (octokit) => pages(octokit, repository, number))
  if (files.length >= MOST_LISTED) return undefined
  const names = files.flatMap(({ filename, previous_filename: before }) =>
    before === undefined ? [filename] : [filename, before],
  )
  return { changed: new Set(names) }
}

function pages(octokit: Octokit, repository: Repository, number: number) {
  return octokit.paginate(octokit.rest.pulls.listFiles, {
    ...repository,
    pull_number: number,
    per_page: 100,
  })
}
