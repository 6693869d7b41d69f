// The floors of the house: which folder may import which, and that the pure stay pure. Read from the
// import statements themselves, so that a type-only import counts as well.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const src = join(root, 'src')

const FLOORS: Readonly<Record<string, readonly string[]>> = {
  door: ['doors', 'pipeline', 'stages', 'io', 'wire', 'simulator', 'model'],
  doors: ['doors', 'pipeline', 'stages', 'io', 'wire', 'simulator', 'model'],
  pipeline: ['pipeline', 'stages', 'model'],
  simulator: ['simulator', 'wire', 'stats', 'model'],
  io: ['io', 'wire', 'model'],
  stages: ['stages', 'stats', 'model'],
  wire: ['wire', 'model'],
  stats: ['stats'],
  model: ['model'],
}

/** Packages each floor may use; none may be used elsewhere. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  door: ['@actions/core'],
  doors: ['@actions/core'],
  io: ['undici', '@actions/core', '@actions/github', '@pydantic/genai-prices'],
  stages: ['yaml', 'ajv'],
  wire: ['ajv'],
  stats: ['simple-statistics'],
}

const PURE = ['pipeline', 'stages', 'wire', 'stats', 'model']
const WORLDLY =
  /\b(process\.|Date\.now\(|new Date\(\)|Math\.random\(|performance\.|setTimeout\(|setInterval\(|fetch\(|console\.)/

type Import = { readonly from: string; readonly to: string }

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
}

/** `stages/report/markdown.ts` is on the floor `stages`; `cli.ts` is a door. */
function floorOf(path: string): string {
  const [first = '', ...rest] = relative(src, path).split('/')
  if (rest.length > 0) return first
  return first === 'pipeline.ts' ? 'pipeline' : 'door'
}

/** The unit that must not import its neighbours: a stage file or folder, a room of io. */
function unitOf(path: string): string {
  const [floor = '', unit = ''] = relative(src, path).split('/')
  return `${floor}/${unit.replace(/\.ts$/, '')}`
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8')
  const pattern =
    /^\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm
  return [...text.matchAll(pattern)].map((match) => ({
    from: path,
    to: match[1] ?? match[2] ?? match[3] ?? '',
  }))
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
}

function show({ from, to }: Import): string {
  return `${relative(root, from)} imports ${to}`
}

const files = sourceFiles(src)
const imports = files.flatMap(importsOf)
const local = imports
  .filter(({ to }) => to.startsWith('.') && to.endsWith('.ts'))
  .map(({ from, to }) => ({ from, to: join(dirname(from), to) }))

describe('the floors', () => {
  it('sees the source files and their imports', () => {
    expect(files.length).toBeGreaterThan(30)
    expect(local.length).toBeGreaterThan(100)
  })

  it('lets imports go down, never up', () => {
    const wrong = local.filter(({ from, to }) => !FLOORS[floorOf(from)]?.includes(floorOf(to)))
    expect(wrong.map(show)).toEqual([])
  })

  it('lets no stage import another stage, and no room of io another room', () => {
    const wrong = local.filter(
      ({ from, to }) =>
        ['stages', 'io'].includes(floorOf(from)) &&
        floorOf(from) === floorOf(to) &&
        unitOf(from) !== unitOf(to),
    )
    expect(wrong.map(show)).toEqual([])
  })

  it('keeps each package to the floors that are allowed it', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        !to.startsWith('.') &&
        !to.startsWith('node:') &&
        !PACKAGES[floorOf(from)]?.includes(packageOf(to)),
    )
    expect(wrong.map(show)).toEqual([])
  })

  it('keeps node modules out of the pure floors', () => {
    const wrong = imports.filter(
      ({ from, to }) => to.startsWith('node:') && PURE.includes(floorOf(from)),
    )
    expect(wrong.map(show)).toEqual([])
  })

  it('keeps clock, randomness, environment and network out of the pure floors', () => {
    const wrong = files
      .filter((path) => PURE.includes(floorOf(path)))
      .flatMap((path) =>
        withoutComments(readFileSync(path, 'utf8'))
          .split('\n')
          .filter((line) => WORLDLY.test(line))
          .map((line) => `${relative(root, path)}: ${line.trim()}`),
      )
    expect(wrong).toEqual([])
  })
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
}

describe('the size of things', () => {
  it('keeps every file below 300 lines', () => {
    const long = files
      .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 301)
    expect(long.map(({ path, lines }) => `${relative(root, path)}: ${lines} lines`)).toEqual([])
  })

  it('has no names that say nothing', () => {
    const nameless = /(^|\/)(utils?|helpers?|common|misc|managers?|core|index)(\/|\.)/
    expect(files.map((path) => relative(src, path)).filter((name) => nameless.test(name))).toEqual(
      [],
    )
  })

  it('opens every file with a sentence of what it owns', () => {
    const silent = files.filter((path) => !/^(\/\/|\/\*\*|#!)/.test(readFileSync(path, 'utf8')))
    expect(silent.map((path) => relative(src, path))).toEqual([])
  })
})

describe('the runtime', () => {
  it('is Node 24, which the action runs on', () => {
    expect(process.versions.node.split('.')[0]).toBe('24')
  })
})
