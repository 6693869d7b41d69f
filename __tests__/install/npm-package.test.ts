// The npm package as people get it: packed, installed into an empty folder without a network, run.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { ROOT, ran, temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()
const home = join(folder, 'home')
const installed = join(home, 'node_modules/inference-gate')

type Packed = { readonly filename: string; readonly files: readonly { readonly path: string }[] }
let packed: Packed

beforeAll(async () => {
  const laidOut = join(folder, 'package')
  await ran(ROOT, process.execPath, ['scripts/release/package.ts', laidOut])
  const [listed] = JSON.parse(await ran(folder, 'npm', ['pack', laidOut, '--json']))
  packed = listed
  await ran(folder, 'mkdir', ['home'])
  await ran(home, 'npm', [
    'install',
    '--offline',
    '--no-audit',
    '--no-fund',
    `../${packed.filename}`,
  ])
}, 120_000)

const manifest = () => JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))

describe('the package', () => {
  it('runs nothing when it is installed and brings nothing along', () => {
    for (const key of ['dependencies', 'optionalDependencies', 'scripts', 'private']) {
      expect(manifest()).not.toHaveProperty(key)
    }
    const found = readdirSync(join(home, 'node_modules')).filter((name) => !name.startsWith('.'))
    expect(found).toEqual(['inference-gate'])
  })

  it('has the command, the schemas and the licences, and no action', () => {
    const paths = packed.files.map(({ path }) => path)
    expect(paths).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'dist/cli.js',
        'dist/licenses.txt',
        'schema/config.schema.json',
        'schema/report.schema.json',
        'schema/run.schema.json',
      ]),
    )
    expect(paths).not.toContain('dist/action.js')
  })

  it('gives its version through npx', async () => {
    const { version } = manifest()
    expect(await ran(home, 'npx', ['inference-gate', '--version'])).toBe(
      `inference-gate/${version}`,
    )
  })

  it('shows the demonstration through npx, reports and all', async () => {
    const shown = await ran(home, 'npx', ['inference-gate', 'demo'])
    expect(shown).toContain('Both reports are in inference-gate-report')
    expect(readdirSync(join(home, 'inference-gate-report'))).toEqual(
      expect.arrayContaining(['comment.md', 'report.html', 'report.json']),
    )
  }, 120_000)
})
