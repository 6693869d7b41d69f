// The files that `--format` writes, as docs/forges.md promises them.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { FILE_FORMATS } from '../../src/report/render/render.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

describe('the formats of files', () => {
  const rows = readFileSync(join(root, 'docs', 'forges.md'), 'utf8').split('\n')

  it.each(FILE_FORMATS.map((format) => [format.name, format] as const))(
    '%s is documented with each of its files',
    (name, { files }) => {
      const row = rows.find((line) => line.startsWith(`| \`--format ${name}\``)) ?? ''
      for (const file of Object.keys(files)) expect(row).toContain(`\`${file}\``)
    },
  )

  it('overwrite neither each other nor the report', () => {
    const names = FILE_FORMATS.flatMap(({ files }) => Object.keys(files))
    const all = [...names, 'report.json', 'report.html', 'comment.md']
    expect(new Set(all).size).toBe(all.length)
  })
})
