// usage: node scripts/release/check.ts vX.Y.Z
// Builds dist and prints what stops a release of this checkout under this tag, a sentence a line.
// Exits 1 when there is anything.

import { git, manifest, read, root, run } from './checkout.ts'
import { releaseProblems } from './problems.ts'

/** What differs from the commit below dist, stale and forgotten files too. */
function changedInDist(): readonly string[] {
  run('scripts/build.ts')
  const lines = git('status', '--porcelain', '--untracked-files=all', '--', 'dist').split('\n')
  return lines.filter((line) => line !== '').map((line) => line.replace(/^\s*\S+\s+/, ''))
}

const [tag = ''] = process.argv.slice(2)
const problems = releaseProblems({
  tag,
  manifest: manifest(),
  lockedVersion: JSON.parse(read('package-lock.json')).version,
  changelog: read('CHANGELOG.md'),
  changedInDist: changedInDist(),
  madeIn: process.env.GITHUB_REPOSITORY,
})
for (const problem of problems) console.error(problem)
if (problems.length === 0) console.log(`${tag} can be released from ${root}`)
process.exitCode = problems.length === 0 ? 0 : 1
