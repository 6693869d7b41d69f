// Builds the next state of the data branch on top of a fetched tip and pushes it if, and only if,
// the branch still is what was fetched. The branch always is one commit without a parent, so it
// never grows; only where the server forbids replacing it does a commit get a parent.
// By hand, with git's plumbing: see `git-process.ts`.

import { rm } from 'node:fs/promises'
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
import { FILE_MODE } from './listing.ts'
import { README } from './own-branch.ts'

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
  const before = new Map(tip.files.map(({ path, mode, oid }) => [path, `${mode} ${oid}`]))
  const after = entriesAfter(before, { store, oids: settings.oids })
  if (after === undefined) return undefined
  const index = join(gitDir, `index-${settings.attempt}`)
  // Of an earlier append: what is in it would stay.
  await rm(index, { force: true })
  const environment = { ...identity(settings), GIT_INDEX_FILE: index }
  const input = [...after].map(([path, entry]) => `${entry}\t${path}\0`).join('')
  await expectSuccess(git(['update-index', '-z', '--index-info'], { environment, input }))
  const tree = textOf(await expectSuccess(git(['write-tree', '--missing-ok'], { environment })))
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

/** Path to `<mode> <oid>` of all files to have, or undefined where that is what there is. */
function entriesAfter(
  before: ReadonlyMap<string, string>,
  from: { readonly store: StoreChange; readonly oids: ReadonlyMap<string, string> },
): ReadonlyMap<string, string> | undefined {
  const puts = new Map(from.store.puts)
  if (!before.has(README)) puts.set(README, STORE_README)
  const after = new Map(before)
  for (const path of from.store.deletes) after.delete(path)
  for (const [path, text] of puts) after.set(path, `${FILE_MODE} ${from.oids.get(text)}`)
  const isSame =
    after.size === before.size && [...after].every(([path, entry]) => before.get(path) === entry)
  return isSame ? undefined : after
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
