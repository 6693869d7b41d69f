// When a label was set, and by whom, against when the head became what it is. A label speaks of the
// commit that its setter saw: one from before the last push accepted something else.

import type { Connection, Repository } from './connection.ts'
import type { PullRequest } from './pull-requests.ts'

export type LabelOnHead =
  | { readonly kind: 'set'; readonly by: string }
  /** Set for an older commit, or nothing tells for which. */
  | { readonly kind: 'stale' }

/** 100 a page. A longer timeline is not read to its end, and its label counts for nothing. */
const MAX_PAGES = 50

/** Of a label that the pull request has now. */
export async function labelOnHead(
  connection: Connection,
  repository: Repository,
  given: { readonly pull: PullRequest; readonly label: string },
): Promise<LabelOnHead> {
  const set = await lastSet(connection, repository, given)
  const pushedMs = set && (await headSinceMs(connection, given.pull))
  if (set === undefined || pushedMs === undefined || !(set.atMs > pushedMs))
    return { kind: 'stale' }
  return { kind: 'set', by: set.by }
}

type Set = { readonly by: string; readonly atMs: number }

async function lastSet(
  connection: Connection,
  repository: Repository,
  { pull, label }: { readonly pull: PullRequest; readonly label: string },
): Promise<Set | undefined> {
  const purpose = {
    doing: `read who set the labels of pull request #${pull.number}`,
    permission: 'pull-requests: read',
  }
  return await connection.call(purpose, async (octokit) => {
    let found: Set | undefined
    let pages = 0
    const all = octokit.paginate.iterator(octokit.rest.issues.listEventsForTimeline, {
      ...repository,
      issue_number: pull.number,
      per_page: 100,
    })
    for await (const { data } of all) {
      pages += 1
      if (pages > MAX_PAGES) return undefined
      for (const event of data) {
        if (!('label' in event) || event.label.name !== label) continue
        found = event.event === 'labeled' ? setBy(event) : undefined
      }
    }
    return found
  })
}

/** An account may be gone, and a forge may leave it out: a label that nobody set counts for nothing. */
function setBy(event: {
  readonly actor?: { readonly login?: string } | null
  readonly created_at?: string
}): Set | undefined {
  const by = event.actor?.login
  return by === undefined ? undefined : { by, atMs: Date.parse(event.created_at ?? '') }
}

/** By GitHub's own account of pushes: the dates in commits are their authors' to choose. */
async function headSinceMs(
  connection: Connection,
  { headRef, headSha, headRepository }: PullRequest,
): Promise<number | undefined> {
  if (headRepository === undefined) return undefined
  const purpose = { doing: `read when ${headRef} was pushed`, permission: 'contents: read' }
  return await connection.call(purpose, async (octokit) => {
    const { data } = await octokit.rest.repos.listActivities({
      ...headRepository,
      ref: `refs/heads/${headRef}`,
      per_page: 10,
    })
    // Newest first. A branch that was deleted behind its merge was still what it was.
    const last = data.find(({ activity_type: type }) => type !== 'branch_deletion')
    return last?.after === headSha ? Date.parse(last.timestamp) : undefined
  })
}
