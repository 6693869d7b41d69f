// The bundle as a checkout downloads it: that building makes it again and nothing else.

import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
}, 60_000)

describe('the bundle', () => {
  it('has the same bytes again, and loses a file that is no longer made', async () => {
    const before = new Map(files().map((path) => [path, text(path)]))
    writeFileSync(join(copy, 'dist/stale.js'), '// Nobody imports this.\n')
    await build()
    expect(new Map(files().map((path) => [path, text(path)]))).toEqual(before)
  })

  it('says so on a Node that is too old, whichever file such a Node reads first', () => {
    for (const path of scripts()) {
      expect(text(path).slice(0, 700)).toContain('inference-gate needs Node.js 24')
    }
  })

  it('starts from its files alone', async () => {
    const { code, out } = await run(copy, process.execPath, ['dist/cli.js', '--version'])
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^inference-gate\/\d/) })
  })
})
