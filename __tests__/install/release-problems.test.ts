// What stops a release, as rows: each fault alone gives its one sentence, a sound candidate none.

import { describe, expect, it } from '@jest/globals'
import { withOwner } from '../../scripts/derived/repository.ts'
import { changesOf, withRelease } from '../../scripts/release/changelog.ts'
import { type Candidate, releaseProblems } from '../../scripts/release/problems.ts'

const sound: Candidate = {
  tag: 'v1.2.3',
  manifest: { version: '1.2.3', repository: 'github:acme/inference-gate' },
  lockedVersion: '1.2.3',
  changelog: '# Changelog\n\n## Unreleased\n\n## 1.2.3 (2026-01-31)\n\n* Repaired.\n\n## 1.2.2\n',
  changedInDist: [],
  madeIn: 'acme/inference-gate',
}

function check(change: Partial<Candidate>, ...expected: readonly string[]): void {
  expect(releaseProblems({ ...sound, ...change })).toEqual(expected)
}

describe('what stops a release', () => {
  it('is nothing where all agrees, in a workflow and outside of one', () => {
    check({})
    check({ madeIn: undefined })
  })

  it('is a tag that is no release', () => {
    check(
      { tag: 'v1.2' },
      'The tag "v1.2" is not a release: a release tag is vX.Y.Z, as `npm version` makes it.',
    )
  })

  it('is a tag that does not match package.json', () => {
    check(
      { tag: 'v1.2.4' },
      'The tag v1.2.4 does not match package.json, which says 1.2.3: let `npm version` make the tag.',
    )
  })

  it('is a lock file of another version', () => {
    check(
      { lockedVersion: '1.2.2' },
      'package-lock.json says 1.2.2 and package.json 1.2.3: let `npm version` write both.',
    )
  })

  it('is a version that the changelog does not have, or says nothing of', () => {
    check(
      { changelog: '## 1.2.30\n\n* Later.\n\n## 1.2.2\n\n* Before.\n' },
      'CHANGELOG.md has no section "## 1.2.3": say there what changes for users.',
    )
    check(
      { changelog: '## 1.2.3 (2026-01-31)\n\n## 1.2.2\n\n* Before.\n' },
      'The section "## 1.2.3" of CHANGELOG.md is empty: say there what changes for users.',
    )
  })

  it('is the placeholder for the owner, or another repository', () => {
    check(
      { manifest: { version: '1.2.3', repository: 'github:OWNER/inference-gate' } },
      '"repository" in package.json still names the placeholder OWNER: put the owner there and run `npm run docs`.',
    )
    check(
      { madeIn: 'mallory/inference-gate' },
      '"repository" in package.json names acme/inference-gate, but this release is made in mallory/inference-gate: correct it and run `npm run docs`.',
    )
  })

  it('is a bundle that the sources do not build', () => {
    check(
      { changedInDist: ['dist/action.js', 'dist/chunks/stale.js'] },
      'dist/ is not what the sources build (dist/action.js, dist/chunks/stale.js): run `npm run build` and commit it.',
    )
  })

  it('is told all at once', () => {
    const faults = { tag: 'v1.2.4', lockedVersion: '1', changelog: '', changedInDist: ['dist/a'] }
    expect(releaseProblems({ ...sound, ...faults })).toHaveLength(4)
  })
})

describe('the changelog', () => {
  it('gives what was unreleased a version, and leaves room for what comes', () => {
    const before = '# Changelog\n\n## Unreleased\n\n* New.\n\n## 1.0.0 (2026-01-01)\n\n* First.\n'
    const after = withRelease(before, '1.1.0', '2026-02-01')
    expect(changesOf(after, 'Unreleased')).toBe('')
    expect(changesOf(after, '1.1.0')).toBe('* New.')
    expect(changesOf(after, '1.0.0')).toBe('* First.')
  })
})

describe('the owner', () => {
  const acme = { owner: 'Acme', name: 'inference-gate' }
  const rows: readonly (readonly [string, string])[] = [
    ['uses: OWNER/inference-gate@v1', 'uses: Acme/inference-gate@v1'],
    ["'OWNER/inference-gate': ref-pin", "'Acme/inference-gate': ref-pin"],
    [
      'https://github.com/before/inference-gate/security',
      'https://github.com/Acme/inference-gate/security',
    ],
    [
      'https://raw.githubusercontent.com/OWNER/inference-gate/v1/schema/x.json',
      'https://raw.githubusercontent.com/Acme/inference-gate/v1/schema/x.json',
    ],
    ['image: ghcr.io/owner/inference-gate:1', 'image: ghcr.io/acme/inference-gate:1'],
    ['verify v1.2.3 --repo OWNER/inference-gate  #', 'verify v1.2.3 --repo Acme/inference-gate  #'],
    ['* @OWNER\n', '* @Acme\n'],
  ]

  it.each(rows)('is written into %s', (before, after) => {
    expect(withOwner(before, acme)).toBe(after)
    expect(withOwner(after, acme)).toBe(after)
  })

  it.each([
    '.github/inference-gate.yml',
    'https://github.com/OWNER/REPO.git',
    '- uses: actions/checkout@v7',
    'name it in CODEOWNERS, as docs/inference-gate says',
  ])('is not written into %s', (text) => {
    expect(withOwner(text, acme)).toBe(text)
  })
})
