// The files that are derived from others are what their sources say, and the script that derives
// them tells a stale one by name.

import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const root = join(import.meta.dirname, '..')
const DERIVED = [
  'src/config/schema/schema-validators.ts',
  'docs/configuration.md',
  'README.md',
  'src/model/tool.ts',
]

let copy = ''

type Ended = { readonly code: number; readonly text: string }

function sync(folder: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const script = join(folder, 'scripts/sync-docs.ts')
    const options = { cwd: folder, env: { PATH: process.env.PATH ?? '', NODE_NO_WARNINGS: '1' } }
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr })
    })
  })
}

async function edit(path: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(join(copy, path), 'utf8')
  await writeFile(join(copy, path), text.replace(from, to))
}

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'docs-'))
  const sources = [
    'package.json',
    'action.yml',
    'biome.json',
    'examples',
    'schema',
    'scripts',
    'src',
    ...DERIVED,
  ]
  for (const path of sources) await cp(join(root, path), join(copy, path), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
})

afterAll(() => rm(copy, { recursive: true, force: true }))

describe('sync-docs', () => {
  it('finds every derived file of this repository fresh', async () => {
    expect(await sync(root, '--check')).toEqual({ code: 0, text: '' })
  })

  it('links each mapping to a section that is there', async () => {
    const page = await readFile(join(root, 'docs/configuration.md'), 'utf8')
    const slugs = [...page.matchAll(/^## (.+)$/gm)].map(([, heading = '']) =>
      heading.toLowerCase().replaceAll(' ', '-').replaceAll(',', ''),
    )
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, slug]) => slug)
    expect(links.length).toBeGreaterThan(20)
    expect(slugs).toEqual(expect.arrayContaining(links))
    expect(new Set(slugs).size).toBe(slugs.length)
  })

  it('names the files that a changed schema makes stale, writes them, and is content', async () => {
    await edit('schema/config.schema.json', '"default": 2000', '"default": 2001')
    expect(await sync(copy, '--check')).toEqual({
      code: 1,
      text: `${DERIVED[0]} is stale: run \`npm run docs\` and commit it
${DERIVED[1]} is stale: run \`npm run docs\` and commit it
`,
    })
    expect(await sync(copy)).toEqual({
      code: 0,
      text: `wrote ${DERIVED[0]}\nwrote ${DERIVED[1]}\n`,
    })
    expect(await readFile(join(copy, 'docs/configuration.md'), 'utf8')).toContain('| `2001` |')
    expect((await sync(copy, '--check')).code).toBe(0)
  })

  it('names the files that another table or schema makes stale', async () => {
    const stale = async () => (await sync(copy, '--check')).text
    const validators = 'src/wire/files/schema-validators.ts'
    await edit('schema/epoch.schema.json', '"command"]', '"command", "letter"]')
    expect(await stale()).toBe(`${validators} is stale: run \`npm run docs\` and commit it\n`)
    await edit('schema/epoch.schema.json', ', "letter"]', ']')
    await edit('src/model/request-record.ts', "  'truncated',", "  'truncated',\n  'torn',")
    expect(await stale()).toBe(
      ['schema/run.schema.json', validators]
        .map((path) => `${path} is stale: run \`npm run docs\` and commit it\n`)
        .join(''),
    )
    await edit('src/model/request-record.ts', "\n  'torn',", '')
    expect(await stale()).toBe('')
  })

  it('takes an update of the examples over into what `init` writes', async () => {
    const [old, next] = [
      '3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
      `${'7'.repeat(40)} # v8.0.0`,
    ]
    await edit('examples/workflows/gate.yml', new RegExp(old, 'g'), next)
    const path = 'src/config/pinned-actions.ts'
    expect((await sync(copy, '--check')).text).toBe(
      `${path} is stale: run \`npm run docs\` and commit it\n`,
    )
    await sync(copy)
    expect(await readFile(join(copy, path), 'utf8')).toContain(`'actions/checkout@${next}'`)
    await edit('examples/workflows/gate.yml', new RegExp(`${next}$`, 'gm'), 'v8')
    expect(await sync(copy)).toEqual({
      code: 1,
      text: 'examples/workflows/gate.yml does not pin actions/checkout\n',
    })
    await edit('examples/workflows/gate.yml', /v8$/gm, old)
    await sync(copy)
  })

  it('names the README when an input changes', async () => {
    await edit('action.yml', 'default: auto', 'default: gate')
    const { code, text } = await sync(copy, '--check')
    expect(code).toBe(1)
    expect(text).toMatch(/README\.md is stale/)
    await sync(copy)
    expect(await readFile(join(copy, 'README.md'), 'utf8')).toContain('| `mode` | `gate` |')
  })

  it('writes owner and version of package.json into whatever names them', async () => {
    await edit('package.json', 'github:OWNER/', 'github:acme/')
    await edit('package.json', /"version": "[^"]+"/, '"version": "7.8.9"')
    const { code, text } = await sync(copy, '--check')
    expect(code).toBe(1)
    for (const path of [...DERIVED, 'schema/config.schema.json']) {
      expect(text).toContain(`${path} is stale`)
    }
    await sync(copy)
    expect(await readFile(join(copy, 'README.md'), 'utf8')).toContain('acme/inference-gate@v1')
    expect(await readFile(join(copy, 'src/model/tool.ts'), 'utf8')).toContain("'7.8.9'")
    expect((await sync(copy, '--check')).code).toBe(0)
  })

  it('asks for the markers where they are missing', async () => {
    await edit('README.md', '<!-- inputs:start -->', '')
    const { code, text } = await sync(copy)
    expect(code).toBe(1)
    expect(text).toBe(
      'README.md needs the markers <!-- inputs:start --> and <!-- inputs:end -->, in this order\n',
    )
  })

  it('asks for a description of every input', async () => {
    await edit('README.md', '<!-- inputs:end -->', '<!-- inputs:start --><!-- inputs:end -->')
    await edit('action.yml', /description: Key sent to the endpoint\..*/, "description: ''")
    expect((await sync(copy)).text).toBe('api-key has no description in action.yml\n')
  })

  it('says which source is missing', async () => {
    await rm(join(copy, 'action.yml'))
    expect(await sync(copy)).toEqual({
      code: 1,
      text: 'action.yml is missing: nothing can be derived from it\n',
    })
  })
})
