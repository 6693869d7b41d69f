// The project's own automation: pinned, with least permissions, bounded, and a release whose steps
// come in the order that lets a failed one publish nothing.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { writeStarterWorkflow } from '../../src/config/write-starter.ts'
import { ROOT } from './temporary-folder.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const listed = (folder: string, end = '.yml'): readonly string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(end))
    .map((name) => `${folder}/${name}`)

const OWN = listed('.github/workflows')
const EXAMPLES = listed('examples/workflows')
const DOCUMENTED = ['README.md', ...listed('docs', '.md')]
const STARTER = 'the workflow of `init`'

/** Everything that somebody may run as it stands, by name. */
const ALL = new Map([
  ...[...OWN, ...EXAMPLES].map((path) => [path, read(path)] as const),
  [STARTER, writeStarterWorkflow({ url: 'x', model: 'x', action: 'OWNER/inference-gate@v1' })],
])

type Job = {
  readonly needs?: string | readonly string[]
  readonly permissions?: Readonly<Record<string, string>>
  readonly environment?: string
  readonly 'timeout-minutes'?: number
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[]
}
const jobsOf = (path: string): Readonly<Record<string, Job>> => parse(read(path)).jobs

const usesIn = (text: string): readonly string[] => text.match(/^.*\buses: .*$/gm) ?? []
const unpinned = (uses: readonly string[]): readonly string[] =>
  uses.filter(
    (line) =>
      !/uses: (\.\/|[\w-]+\/inference-gate@v\d)/.test(line) &&
      !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line),
  )

describe('workflows', () => {
  it.each([...ALL])('%s pins each action to a commit, with its version beside it', (_, text) => {
    const uses = usesIn(text)
    expect(uses.length).toBeGreaterThan(0)
    expect(unpinned(uses)).toEqual([])
  })

  it.each(DOCUMENTED)('%s shows no action that is not pinned', (path) => {
    expect(unpinned(usesIn(read(path)))).toEqual([])
  })

  it('name one commit for one version of an action, wherever it is used', () => {
    const used = [...ALL.values()].flatMap(
      (text) => text.match(/[\w-]+\/[\w/-]+@[0-9a-f]{40} # \S+/g) ?? [],
    )
    const repository = (text: string) => text.split(/[@/]/).slice(0, 2).join('/')
    const pins = new Set(used.map((text) => `${repository(text)}@${text.split('@')[1]}`))
    expect([...pins].map(repository).sort()).toEqual([...new Set(used.map(repository))].sort())
  })

  it.each(OWN)('%s may only read unless a job says otherwise, and ends in time', (path) => {
    const { permissions, jobs } = parse(read(path))
    expect([{}, { contents: 'read' }]).toContainEqual(permissions)
    for (const job of Object.values<Job>(jobs)) {
      expect(job['timeout-minutes']).toBeLessThanOrEqual(30)
    }
  })
})

describe('the release', () => {
  const path = '.github/workflows/release.yml'
  const jobs = jobsOf(path)
  const needs = (name: string): readonly string[] => [jobs[name]?.needs ?? []].flat()
  const ancestors = (name: string): readonly string[] =>
    needs(name).flatMap((earlier) => [...ancestors(earlier), earlier])
  const text = (name: string): string => JSON.stringify(jobs[name])

  it('starts from a full version alone', () => {
    expect(parse(read(path)).on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } })
  })

  it('runs every check and the release check before a job may write anything', () => {
    expect(needs('check')).toEqual([])
    expect(jobs.check?.permissions).toEqual({ contents: 'read' })
    const runs = jobs.check?.steps.map(({ run }) => run)
    expect(runs).toEqual(
      expect.arrayContaining(['bash .ci/run', 'node scripts/release/check.ts "$GITHUB_REF_NAME"']),
    )
    for (const name of Object.keys(jobs).filter((other) => other !== 'check')) {
      expect(ancestors(name)).toContain('check')
    }
  })

  it('publishes from what can be taken back to what cannot, and moves the tags last', () => {
    expect([...new Set([...ancestors('tags'), 'tags'])]).toEqual([
      'check',
      'attest',
      'draft',
      'image',
      'npm',
      'publish',
      'tags',
    ])
    expect(Object.keys(jobs).sort()).toEqual([...new Set([...ancestors('tags'), 'tags'])].sort())
    for (const name of ['image', 'npm', 'publish', 'tags']) {
      expect(jobs[name]?.environment).toBe('release')
    }
  })

  it('holds no npm token, and signs what it publishes', () => {
    expect(read(path)).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/)
    expect(text('npm')).toContain('--provenance')
    expect(jobs.npm?.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    expect(text('attest')).toContain('dist/**/*.js')
  })
})

describe('updates', () => {
  const { updates } = parse(read('.github/dependabot.yml'))

  it('wait a week, and cover what is pinned', () => {
    for (const update of updates) expect(update.cooldown['default-days']).toBeGreaterThanOrEqual(7)
    const ecosystems = updates.map((update: Record<string, string>) => update['package-ecosystem'])
    expect(ecosystems).toEqual(['npm', 'github-actions', 'docker', 'pip', 'gomod'])
  })

  it('come in groups where many come at once', () => {
    const grouped = updates.filter((update: object) => 'groups' in update)
    expect(grouped.map((update: Record<string, string>) => update['package-ecosystem'])).toEqual([
      'npm',
      'github-actions',
    ])
  })
})

describe('forms', () => {
  const forms = listed('.github/ISSUE_TEMPLATE').filter((path) => !path.endsWith('config.yml'))

  it.each(forms)('%s asks for something, each thing under an id of its own', (path) => {
    const { name, description, body } = parse(read(path))
    expect(name && description).toBeTruthy()
    const asked = body.filter(({ type }: { type: string }) => type !== 'markdown')
    const ids = asked.map(({ id }: { id: string }) => id)
    expect(ids.length).toBeGreaterThan(0)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { type, attributes } of asked) {
      expect(['input', 'textarea', 'dropdown', 'checkboxes']).toContain(type)
      expect(attributes.label).toMatch(/\S/)
    }
  })

  it('send vulnerabilities elsewhere', () => {
    const { contact_links: links } = parse(read('.github/ISSUE_TEMPLATE/config.yml'))
    expect(links[0].url).toMatch(/\/inference-gate\/security\/advisories\/new$/)
  })
})
