// Everything that stops a release, each in one sentence that says what to do. Pure: the entrypoint reads
// the files and asks git.

import { PLACEHOLDER, repositoryOf } from '../derived/repository.ts'
import { changesOf } from './changelog.ts'

export type Candidate = {
  readonly tag: string
  readonly manifest: { readonly version: string; readonly repository?: string }
  readonly lockedVersion: string
  readonly changelog: string
  /** Paths below dist that the sources build otherwise than they are committed. */
  readonly changedInDist: readonly string[]
  /** `owner/name` of the repository the release is made in. Absent outside of a workflow. */
  readonly madeIn?: string | undefined
}

export function releaseProblems(candidate: Candidate): readonly string[] {
  return [
    ...tagProblems(candidate),
    ...lockProblems(candidate),
    ...changelogProblems(candidate),
    ...ownerProblems(candidate),
    ...distProblems(candidate),
  ]
}

function tagProblems({ tag, manifest }: Candidate): readonly string[] {
  if (!/^v\d+\.\d+\.\d+$/.test(tag)) {
    return [
      `The tag "${tag}" is not a release: a release tag is vX.Y.Z, as \`npm version\` makes it.`,
    ]
  }
  if (tag === `v${manifest.version}`) return []
  return [
    `The tag ${tag} does not match package.json, which says ${manifest.version}: let \`npm version\` make the tag.`,
  ]
}

function lockProblems({ manifest, lockedVersion }: Candidate): readonly string[] {
  if (lockedVersion === manifest.version) return []
  return [
    `package-lock.json says ${lockedVersion} and package.json ${manifest.version}: let \`npm version\` write both.`,
  ]
}

function changelogProblems({ changelog, manifest: { version } }: Candidate): readonly string[] {
  const changes = changesOf(changelog, version)
  if (changes === undefined) {
    return [`CHANGELOG.md has no section "## ${version}": say there what changes for users.`]
  }
  return changes === ''
    ? [`The section "## ${version}" of CHANGELOG.md is empty: say there what changes for users.`]
    : []
}

function ownerProblems({ manifest, madeIn }: Candidate): readonly string[] {
  const { owner, name } = repositoryOf(manifest)
  if (owner === PLACEHOLDER) {
    return [
      `"repository" in package.json still names the placeholder ${PLACEHOLDER}: put the owner there and run \`npm run docs\`.`,
    ]
  }
  if (madeIn === undefined || madeIn === `${owner}/${name}`) return []
  return [
    `"repository" in package.json names ${owner}/${name}, but this release is made in ${madeIn}: correct it and run \`npm run docs\`.`,
  ]
}

function distProblems({ changedInDist }: Candidate): readonly string[] {
  if (changedInDist.length === 0) return []
  return [
    `dist/ is not what the sources build (${changedInDist.join(', ')}): run \`npm run build\` and commit it.`,
  ]
}
