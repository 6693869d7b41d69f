// The bundle as a checkout downloads it: that building makes it again and nothing else.

import { cpSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { ROOT, ran, run, temporaryFolder } from './temporary-folder.ts'

const copy = join(temporaryFolder(), 'copy')
const files = (): readonly string[] =>
  readdirSync(join(copy, 'dist'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
const text = (path: string): string => readFileSync(path, 'utf8')
const scripts = (): readonly string[] => files().filter((path) => path.endsWith('.js'))
const build = () => ran(copy, process.execPath, ['scripts/build.ts'])

beforeAll(async () => {
  for (const path of ['package.json', 'schema', 'scripts', 'src']) {
    cpSync(join(ROOT, path), join(copy, path), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  await build()
})

const inDist = (): readonly string[] =>
  files()
    .map((path) => relative(join(copy, 'dist'), path).replaceAll('\\', '/'))
    .sort()
const edit = (path: string, from: string, to: string): void => {
  const before = text(join(copy, path))
  expect(before).toContain(from)
  writeFileSync(join(copy, path), before.replace(from, to))
}

describe('the bundle', () => {
  it('is at most 4.5 MB of JavaScript for the action and the command line together', () => {
    const bytes = scripts().map((path) => statSync(path).size)
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4.5e6)
  })

  it('has no white space in what is compiled of schemas, and its own in what people read', () => {
    const all = scripts().map(text).join('\n')
    for (const folder of ['config/schema', 'wire/files']) {
      const [, code = ''] = all.split(`// src/${folder}/schema-validators.ts\n`)
      expect(code.slice(0, 2000)).not.toMatch(/\n {2}|; /)
    }
    expect(all).toMatch(/\n {2}return \{ ok: true, /)
  })

  it('imports no HTTP module of Node by a statement, which would load a WebSocket client at each start', () => {
    for (const path of scripts()) expect(text(path)).not.toMatch(/\bfrom\s*"(node:)?https?"/)
    expect(scripts().map(text).join('\n')).toMatch(/require\w*\("(node:)?http"\)/)
  })

  it('has the same bytes again, and loses a file that is no longer made', async () => {
    const before = new Map(files().map((path) => [path, text(path)]))
    writeFileSync(join(copy, 'dist/stale.js'), '// Nobody imports this.\n')
    writeFileSync(join(copy, 'dist/chunks/stale.js'), '// Nobody imports this.\n')
    await build()
    expect(new Map(files().map((path) => [path, text(path)]))).toEqual(before)
  })

  it('differs only where the sources differ, so that a reviewer can read it', async () => {
    const before = new Map(files().map((path) => [path, text(path)]))
    const [old, changed] = ['is not set; this is not', 'is unset; this is not']
    edit('src/app/action/github-event.ts', old, changed)
    await build()
    expect(inDist()).toEqual(
      [...before.keys()].map((path) => relative(join(copy, 'dist'), path)).sort(),
    )
    const differing = files().filter((path) => text(path) !== before.get(path))
    expect(differing.map((path) => relative(copy, path))).toEqual([expect.stringContaining('.js')])
    expect(text(differing[0] ?? '').replaceAll(changed, old)).toBe(before.get(differing[0] ?? ''))
    edit('src/app/action/github-event.ts', changed, old)
    await build()
  })

  it('names the licence of every package that is in it', () => {
    const named = text(join(copy, 'dist/licenses.txt'))
    const packages = scripts().flatMap((path) =>
      [...text(path).matchAll(/^ *\/\/ \S*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(
        ([, name]) => name,
      ),
    )
    expect(new Set(packages).size).toBeGreaterThan(5)
    const compact = ['undici', '@pydantic/genai-prices', '@actions/github', '@octokit/core']
    for (const name of new Set([...packages, ...compact]))
      expect(named).toMatch(new RegExp(`^${name} \\d`, 'm'))
  })

  it('starts from its files alone', async () => {
    const { code, out } = await run(copy, process.execPath, ['dist/cli.js', '--version'])
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^inference-gate\/\d/) })
  })
})

describe('a Node that is too old', () => {
  it('is told so by whichever file it reads first', () => {
    for (const path of scripts()) {
      expect(text(path).slice(0, 700)).toContain('inference-gate needs Node.js 24')
    }
  })

  it('is told so before what it cannot link is read', async () => {
    // Such a Node calls an import that it does not have a SyntaxError, and runs none of the file.
    const chunks = join(copy, 'dist/chunks')
    for (const name of readdirSync(chunks)) {
      const unlinkable = "\nimport { ofALaterNode } from 'node:fs';\nofALaterNode();\n"
      writeFileSync(join(chunks, name), `${text(join(chunks, name))}${unlinkable}`)
    }
    writeFileSync(
      join(copy, 'older.mjs'),
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.0.0' } })\n",
    )
    for (const entry of ['dist/action.js', 'dist/cli.js']) {
      const { code, err } = await run(copy, process.execPath, ['--import', './older.mjs', entry])
      expect({ code, err }).toEqual({
        code: 2,
        err: expect.stringMatching(/^inference-gate needs Node.js 24 .*\n$/),
      })
    }
    await build()
  })
})
