// Whether a branch is ours to replace. Each write puts one commit in the place of all that was there, so
// a branch that holds anything else is refused before anything is measured, let alone written.

import { createHash } from 'node:crypto'
import { GateError } from '../../model/errors.ts'
import { STORE_README } from '../../wire/files/files.ts'
import type { TreeFile } from './listing.ts'

export const README = 'README.md'

/** Throws for a branch whose tip holds anything but our own files. An empty one, or none, is ours. */
export function refuseForeignBranch(branch: string, files: readonly TreeFile[]): void {
  const ours = files.filter(({ path }) => path.startsWith('v1/'))
  const foreign = files.find((file) => {
    if (file.path === README)
      return ours.length === 0 && file.oid !== blobId(file.oid, STORE_README)
    return !file.path.startsWith('v1/')
  })
  if (foreign === undefined) return
  throw new GateError(
    'baseline',
    `the branch ${branch} is no baseline branch: it holds ${JSON.stringify(foreign.path.slice(0, 100))}, and a write would replace all of it`,
    'Name a branch of its own with baseline.branch (--branch); the default is inference-gate.',
  )
}

export function hasReadme(files: readonly TreeFile[]): boolean {
  return files.some(({ path }) => path === README)
}

/** Throws for a branch that people work on, whatever it holds. */
export function refuseWorkingBranch(branch: string, working: readonly string[]): void {
  if (!working.includes(branch)) return
  throw new GateError(
    'config',
    `baseline.branch is ${branch}, which people work on: a write would replace all of it`,
    'Name a branch of its own; the default is inference-gate.',
  )
}

/** As git names a blob, by the digest that the repository uses. */
function blobId(like: string, text: string): string {
  const bytes = Buffer.from(text)
  return createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex')
}
