// The npm package as people get it: packed, installed into an empty folder without a network, run.

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { ROOT, ran, run, temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()
const home = join(folder, 'home')
const installed = join(home, 'node_modules/inference-gate')

type Packed = {
  readonly filename: string
  readonly files: readonly { readonly path: string; readonly size: number }[]
}
let packed: Packed
/** What the demonstration printed; the library judges the runs that it leaves. */
let shown: string

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
  shown = await ran(home, 'npx', ['inference-gate', 'demo', '--runs', '2'])
})

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
        'dist/api.js',
        'dist/cli.js',
        'dist/licenses.txt',
        'schema/config.schema.json',
        'schema/epoch.schema.json',
        'schema/report.schema.json',
        'schema/run.schema.json',
        'types/api.d.ts',
      ]),
    )
    expect(paths).not.toContain('dist/action.js')
    const scripts = packed.files.filter(({ path }) => path.endsWith('.js'))
    expect(scripts.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(4.5e6)
  })

  it('gives its version through npx', async () => {
    const { version } = manifest()
    expect(await ran(home, 'npx', ['inference-gate', '--version'])).toBe(
      `inference-gate/${version}`,
    )
  })

  it('shows the demonstration through npx, reports and all', () => {
    expect(shown).toContain('inference-gate-report/report.html')
    expect(readdirSync(join(home, 'inference-gate-report'))).toEqual(
      expect.arrayContaining(['comment.md', 'report.html', 'report.json']),
    )
  })
})

describe('the library', () => {
  const script = (name: string, text: string): Promise<string> => {
    writeFileSync(join(home, name), text)
    return ran(home, process.execPath, [name])
  }
  const [old, slower] = [
    'inference-gate-report/harmless/runs/*.json',
    'inference-gate-report/runs/*.json',
  ]

  it.concurrent('judges saved runs as its example says', async () => {
    cpSync(join(ROOT, 'examples/library/judge.mjs'), join(home, 'judge.mjs'))
    const { code, out } = await run(home, process.execPath, ['judge.mjs', slower, old])
    expect(out).toMatch(/^\S.*\n\w+: TTFT p50: \w+/)
    expect([0, 1, 3, 4]).toContain(code)
    const wrong = await run(home, process.execPath, ['judge.mjs', 'nowhere.json', old])
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('nowhere.json') })
  })

  it.concurrent('says what the command line says of the same runs', async () => {
    const command = join(home, 'node_modules/.bin/inference-gate')
    const compared = await run(home, command, ['compare', slower, '--with', old, '--json', '-'])
    const judged = await script(
      'judged.mjs',
      `import { judge, readRuns } from 'inference-gate'
const judged = judge(await readRuns(['${slower}']), { with: await readRuns(['${old}']) })
console.log(JSON.stringify([judged.exitCode, judged.report.json]))`,
    )
    expect(JSON.parse(judged)).toEqual([compared.code, compared.out])
  })

  it.concurrent('imports what other engines wrote, and names a format that there is not', async () => {
    cpSync(join(ROOT, '__tests__/fixtures/imports'), join(home, 'imports'), { recursive: true })
    const imported = await script(
      'imported.mjs',
      `import { GateError, importResults } from 'inference-gate'
const runs = await importResults(['imports/sglang.jsonl'], { gate: 'chat' })
const wrong = await importResults(['x'], { format: 'jmeter' }).catch((error) => error)
console.log(JSON.stringify([runs.length, runs[0].gate, wrong instanceof GateError, wrong.message]))`,
    )
    expect(JSON.parse(imported)).toEqual([
      2,
      'chat',
      true,
      expect.stringMatching(/^format is "jmeter"; the formats are vllm, /),
    ])
  })

  it.concurrent('has types that an importer without our settings can use, and that refuse what is wrong', async () => {
    writeFileSync(
      join(home, 'use.mts'),
      `import { type Judgement, judge, readConfig, readRuns, type Run } from 'inference-gate'
const runs: readonly Run[] = await readRuns(['runs/*.json'], { folder: '.' })
const judged: Judgement = judge(runs, { with: runs, config: await readConfig('gate.yml') })
const verdict: 'passed' | 'failed' | 'inconclusive' | 'no-baseline' | 'invalid' = judged.verdict
const changes: (number | undefined)[] = judged.gates.flatMap(({ metrics }) => metrics.map(({ change }) => change))
// @ts-expect-error the history is not optional
judge(runs, {})
// @ts-expect-error there is no such format
judged.report.pdf
// @ts-expect-error a judgement is read-only
judged.exitCode = 0
export { changes, verdict }
`,
    )
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--types',
      '',
    ]
    const { code, out } = await run(home, process.execPath, [compiler, ...options, 'use.mts'])
    expect({ code, out }).toEqual({ code: 0, out: '' })
  })
})
