// Builds the next state of the data branch on top of a fetched tip and pushes it if, and only if,
// the branch still is what was fetched. The branch always is one commit without a parent, so it
// never grows; only where the server forbids replacing it does a commit get a parent.
// By hand, with git's plumbing: see `git-process.ts`.

import { join } from 'node:path'
import { leaving } from '../../redact/redact.ts'
import type { StoreChange } from '../../wire/files/files.ts'
import { STORE_README } from '../../wire/files/files.ts'
import {
  type DataRepository,
  expectSuccess,
  RemoteTrouble,
  type Tip,
  textOf,
} from './data-repository.ts'
import { troubleOf } from './git-trouble.ts'

export type CommitSettings = {
  readonly author: { readonly name: string; readonly email: string }
  readonly nowIso: string
  readonly message: string
  /** True where the server forbids force pushes. */
  readonly withParent: boolean
  /** Blobs already written, by their text. */
  readonly oids: ReadonlyMap<string, string>
  /** Part of the temporary index's name. */
  readonly attempt: number
}

/** The commit to push, or undefined when the tip holds all of it already. */
export async function buildCommit(
  repository: DataRepository,
  tip: Tip,
  change: { readonly store: StoreChange; readonly settings: CommitSettings },
): Promise<string | undefined> {
  const { git, gitDir } = repository
  const { store, settings } = change
  const environment = {
    ...identity(settings),
    GIT_INDEX_FILE: join(gitDir, `index-${settings.attempt}`),
  }
  await expectSuccess(git(['read-tree', tip.commit ?? '--empty'], { environment }))
  const input = indexLines(tip, { store, oids: settings.oids })
  await expectSuccess(git(['update-index', '-z', '--index-info'], { environment, input }))
  const tree = textOf(await expectSuccess(git(['write-tree', '--missing-ok'], { environment })))
  if (tip.tree === tree) return undefined
  const parent = settings.withParent && tip.commit !== undefined ? ['-p', tip.commit] : []
  return textOf(
    await expectSuccess(
      git(['commit-tree', tree, ...parent], { environment, input: settings.message }),
    ),
  )
}

/** Throws `RemoteTrouble` when the remote did not take it. */
export async function pushCommit(
  repository: DataRepository,
  tip: Tip,
  commit: string,
): Promise<void> {
  const ref = `refs/heads/${repository.branch}`
  const lease = `--force-with-lease=${ref}:${tip.commit ?? ''}`
  const run = await repository.git(['push', '--porcelain', lease, 'origin', `${commit}:${ref}`])
  if (run.code !== 0) throw new RemoteTrouble(troubleOf(run))
}

/**
 * Writes what an append may put into the repository, by its text. Done before the tip is fetched, so
 * that little lies between a fetch and its push.
 */
export async function writeBlobs(
  repository: DataRepository,
  texts: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const oids = new Map<string, string>()
  for (const text of new Set(texts)) {
    const run = repository.git(['hash-object', '-w', '--stdin'], {
      input: leaving.json(text),
    })
    oids.set(text, textOf(await expectSuccess(run)))
  }
  return oids
}

/** `<mode> <oid>\t<path>` for files to have; mode 0 for files to be without. */
function indexLines(
  tip: Tip,
  from: { readonly store: StoreChange; readonly oids: ReadonlyMap<string, string> },
): string {
  const known = new Set(tip.files.map((file) => file.path))
  const puts = new Map(from.store.puts)
  if (!known.has('README.md')) puts.set('README.md', STORE_README)
  const entries: string[] = []
  for (const path of from.store.deletes) entries.push(`0 ${'0'.repeat(40)}\t${path}\0`)
  for (const [path, text] of puts) entries.push(`100644 ${from.oids.get(text)}\t${path}\0`)
  return entries.join('')
}

function identity(settings: CommitSettings): Readonly<Record<string, string>> {
  const { name, email } = settings.author
  const date = settings.nowIso
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  }
}
