// What `npm version` runs around the new version. Before it, with --before: what would stop the
// release later stops it here, while nothing is changed. After it: the changelog's unreleased part
// becomes the version's, derived files and dist follow, and all of it joins npm's own commit.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PLACEHOLDER, repositoryOf } from '../derived/repository.ts'
import { unreleasedChanges, withRelease } from './changelog.ts'
import { git, manifest, read, root, run } from './checkout.ts'

function refusals(): readonly string[] {
  const found: string[] = []
  if (repositoryOf(manifest()).owner === PLACEHOLDER) {
    found.push(
      `"repository" in package.json still names the placeholder ${PLACEHOLDER}: put the owner there and run \`npm run docs\`.`,
    )
  }
  if ((unreleasedChanges(read('CHANGELOG.md')) ?? '') === '') {
    found.push('CHANGELOG.md says nothing under "## Unreleased": there is nothing to release.')
  }
  return found
}

function applyVersion(): void {
  const { version } = manifest()
  const today = new Date().toISOString().slice(0, 10)
  writeFileSync(join(root, 'CHANGELOG.md'), withRelease(read('CHANGELOG.md'), version, today))
  run('scripts/sync-docs.ts')
  run('scripts/build.ts')
  git('add', '--all', '.')
}

if (process.argv.includes('--before')) {
  const found = refusals()
  for (const sentence of found) console.error(sentence)
  process.exitCode = found.length === 0 ? 0 : 1
} else {
  applyVersion()
}
