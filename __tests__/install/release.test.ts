// A release as a maintainer makes it: the project's own files in a real repository with a real bare
// remote, the real npm, the real scripts.

import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { ROOT, ran, run, temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()
const work = join(folder, 'work')
const remote = join(folder, 'remote.git')
const PARTS = [
  'package.json',
  'package-lock.json',
  'action.yml',
  'schema',
  'scripts',
  'src',
  'docs',
  'examples',
]
const TEXTS = ['README.md', 'CHANGELOG.md', 'LICENSE', '.gitignore', '.gitattributes', 'Dockerfile']

const read = (path: string): string => readFileSync(join(work, path), 'utf8')
const git = (...args: readonly string[]): Promise<string> => ran(work, 'git', args)
const edit = (path: string, from: string | RegExp, to: string): void =>
  writeFileSync(join(work, path), read(path).replace(from, to))
const check = (tag: string, env = {}) =>
  run(work, process.execPath, ['scripts/release/check.ts', tag], env)

async function commit(title: string): Promise<void> {
  await git('add', '--all')
  await git('commit', '--quiet', '--message', title)
}

beforeAll(async () => {
  await ran(folder, 'git', ['init', '--quiet', '--bare', '--initial-branch=main', remote])
  await ran(folder, 'git', ['init', '--quiet', '--initial-branch=main', work])
  for (const path of [...PARTS, ...TEXTS]) {
    cpSync(join(ROOT, path), join(work, path), { recursive: true })
  }
  mkdirSync(join(work, '.github'))
  symlinkSync(join(ROOT, 'node_modules'), join(work, 'node_modules'))
  writeFileSync(join(work, '.git/info/exclude'), 'node_modules\n')
  await ran(work, process.execPath, ['scripts/sync-docs.ts'])
  await ran(work, process.execPath, ['scripts/build.ts'])
  await commit('Start')
  await git('remote', 'add', 'origin', remote)
  await git('push', '--quiet', '--set-upstream', 'origin', 'main')
})

describe('npm version', () => {
  it('changes nothing while the owner is a placeholder or nothing is unreleased', async () => {
    const changes = read('CHANGELOG.md')
    edit('CHANGELOG.md', /^## Unreleased[\s\S]*/m, '## Unreleased\n\n## 0.0.1\n\n* Before.\n')
    await commit('Empty the changelog')
    const { code, err } = await run(work, 'npm', ['version', 'major'])
    expect(code).not.toBe(0)
    expect(err).toContain(
      '"repository" in package.json still names the placeholder OWNER: put the owner there and run `npm run docs`.',
    )
    expect(err).toContain(
      'CHANGELOG.md says nothing under "## Unreleased": there is nothing to release.',
    )
    expect(await git('status', '--porcelain')).toBe('')
    expect(await git('tag')).toBe('')
    writeFileSync(join(work, 'CHANGELOG.md'), changes)
    await commit('Restore the changelog')
  })

  it('commits version, changelog, derived files and bundle, tags, and pushes all of it', async () => {
    edit('package.json', 'github:OWNER/', 'github:acme/')
    await ran(work, process.execPath, ['scripts/sync-docs.ts'])
    await ran(work, process.execPath, ['scripts/build.ts'])
    await commit('Name the owner')
    await ran(work, 'npm', ['version', 'major'])

    expect(JSON.parse(read('package.json')).version).toBe('1.0.0')
    expect(read('CHANGELOG.md')).toMatch(/^## Unreleased\n\n## 1\.0\.0 \(\d{4}-\d\d-\d\d\)\n\n\S/m)
    expect(read('README.md')).toContain('uses: acme/inference-gate@v1')
    expect(await ran(work, process.execPath, ['dist/cli.js', '--version'])).toBe(
      'inference-gate/1.0.0',
    )
    expect(await git('status', '--porcelain')).toBe('')
    expect(await git('ls-remote', '--tags', '--refs', 'origin')).toMatch(/refs\/tags\/v1\.0\.0$/)
    expect(await git('rev-parse', 'origin/main')).toBe(await git('rev-parse', 'v1.0.0^{commit}'))
  })
})

describe('the check of a release', () => {
  it('is content with what npm version made', async () => {
    const { code, out } = await check('v1.0.0', { GITHUB_REPOSITORY: 'acme/inference-gate' })
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringContaining('v1.0.0 can be released'),
    })
  })

  it('names a changed bundle, a stale file and a tag of another version, a sentence each', async () => {
    writeFileSync(join(work, 'dist/left-over.js'), '// No longer made.\n')
    edit('dist/cli.js', /$/, '\n// Edited by hand.\n')
    await commit('Spoil the bundle')
    const { code, err } = await check('v1.0.1')
    expect(code).toBe(1)
    expect(err.trimEnd().split('\n')).toEqual([
      'The tag v1.0.1 does not match package.json, which says 1.0.0: let `npm version` make the tag.',
      'dist/ is not what the sources build (dist/cli.js, dist/left-over.js): run `npm run build` and commit it.',
    ])
    await git('reset', '--quiet', '--hard', 'v1.0.0')
  })

  it('prints the notes that the changelog has for it', async () => {
    const notes = await ran(work, process.execPath, ['scripts/release/notes.ts'])
    expect(notes).toMatch(/^The first version\.\n/)
    expect(notes).not.toMatch(/^## /m)
  })
})

describe('the tags that users follow', () => {
  const move = (tag: string) =>
    ran(work, process.execPath, ['scripts/release/move-tags.ts', tag, 'origin'])
  const at = (tag: string) => git('ls-remote', 'origin', `refs/tags/${tag}`)

  async function release(tag: string): Promise<string> {
    await git('commit', '--quiet', '--allow-empty', '--message', tag)
    await git('tag', '--annotate', '--message', tag, tag)
    await git('push', '--quiet', 'origin', tag)
    return await git('rev-parse', 'HEAD')
  }

  it('move to the newest release of their line, as plain commits', async () => {
    const first = await git('rev-parse', 'v1.0.0^{commit}')
    expect(await move('v1.0.0')).toBe('v1.0 is v1.0.0\nv1 is v1.0.0')
    expect(await at('v1')).toBe(`${first}\trefs/tags/v1`)
    const next = await release('v1.10.0')
    expect(await move('v1.10.0')).toBe('v1.10 is v1.10.0\nv1 is v1.10.0')
    expect(await at('v1')).toBe(`${next}\trefs/tags/v1`)
    expect(await at('v1.0')).toBe(`${first}\trefs/tags/v1.0`)
  })

  it('stay where they are for the repair of an older line', async () => {
    const newest = await at('v1')
    const repair = await release('v1.9.1')
    expect(await move('v1.9.1')).toBe('v1 stays where it is: v1.10.0 is newer\nv1.9 is v1.9.1')
    expect(await at('v1')).toBe(newest)
    expect(await at('v1.9')).toBe(`${repair}\trefs/tags/v1.9`)
  })

  it('do not move to what is no release', async () => {
    const { code, err } = await run(work, process.execPath, [
      'scripts/release/move-tags.ts',
      'main',
    ])
    expect({ code, err }).toEqual({ code: 1, err: '"main" is not a release tag vX.Y.Z\n' })
  })
})
