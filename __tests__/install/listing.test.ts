// What the Marketplace asks of an action, and what people see of it there.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { ROOT } from './temporary-folder.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const action = parse(read('action.yml'))

/** The colours that a listing may have. */
const COLOURS = [
  'white',
  'black',
  'yellow',
  'blue',
  'green',
  'orange',
  'red',
  'purple',
  'gray-dark',
]

describe('the listing', () => {
  it('has a description under 125 characters, on one line', () => {
    expect(action.description.length).toBeLessThan(125)
    expect(action.description).toMatch(/^[^\n<>]{40,}$/)
  })

  it('has a name that is no category or reserved word, an author and branding', () => {
    expect(action.name).toBe('Inference Gate')
    expect(action.author).toMatch(/\S/)
    expect(COLOURS).toContain(action.branding.color)
    expect(action.branding.icon).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
  })

  it('runs a file of the tree on Node 24, which the oldest runner that can is told of', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/action.js' })
    expect(read('README.md')).toContain('2.327.1')
  })

  it('describes every input and output in a sentence', () => {
    for (const { description } of [
      ...Object.values<{ description: string }>(action.inputs),
      ...Object.values<{ description: string }>(action.outputs),
    ]) {
      expect(description.trim()).toMatch(/[.]$/)
    }
  })

  it('opens with what it is and the step to copy, before anything else', () => {
    const [intro = '', first = ''] = read('README.md').split(/^## /m)
    expect(intro).toMatch(/^# Inference Gate\n\n\S/)
    expect(first).toMatch(/uses: [\w-]+\/inference-gate@v1/)
  })
})

describe('the documentation', () => {
  const pages = readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
  const linksIn = (path: string): readonly string[] =>
    [...read(path).matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)/g)].map(([, to = '']) => to)

  it('is mapped in the README: to use it, to understand it, to change it', () => {
    const map = read('README.md').split('## Where to read on')[1] ?? ''
    const parts = map.split(/^\*\*(.+):\*\*$/m)
    expect(parts.filter((_, at) => at % 2 === 1)).toEqual(['Use it', 'Understand it', 'Change it'])
    const mapped = [...map.matchAll(/\]\((docs\/[^)]+\.md)\)/g)].map(([, path]) => path)
    expect(mapped.sort()).toEqual(pages.sort())
  })

  it.each([
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'SECURITY.md',
    'examples/README.md',
    ...pages,
  ])('%s links to nothing that is not there', (path) => {
    const missing = linksIn(path).filter((to) => !existsSync(join(ROOT, dirname(path), to)))
    expect(missing).toEqual([])
  })
})

describe('editors', () => {
  it.each(['config', 'epoch', 'report', 'run'])(
    'find the %s schema at a lasting address',
    (name) => {
      const { $id } = JSON.parse(read(`schema/${name}.schema.json`))
      expect($id).toMatch(
        new RegExp(
          `^https://raw\\.githubusercontent\\.com/[\\w-]+/inference-gate/v1/schema/${name}\\.schema\\.json$`,
        ),
      )
    },
  )

  it('learn the configuration by its file name from the catalogue entry', () => {
    const entry = JSON.parse(read('docs/schemastore.json'))
    expect(entry.url).toBe(JSON.parse(read('schema/config.schema.json')).$id)
    expect(entry.fileMatch).toContain(`**/${action.inputs.config.default}`)
    expect(Object.keys(entry)).toEqual(['name', 'description', 'fileMatch', 'url'])
  })
})
