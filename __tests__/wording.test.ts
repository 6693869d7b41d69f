// The words that people read: none at which a native reader stumbles, and one word for one thing. What
// is read is the texts in the source (comments are the developers' own), the pages and the goldens.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'

const ROOT = new URL('../', import.meta.url)

/** Each with what is said instead. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/\bdear(?:er|est)\b/i, 'more expensive'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\b(?:is|are|were) told\b(?! apart)/i, 'is known, is detected, is reported'],
  [/\b\w+ times of \d/i, 'with 80 % power, with 95 % probability'],
  [/\bsharp(?:er)?\b(?! end)/i, 'finds small changes reliably'],
  [/\b(?:creep|crept)/i, 'drift'],
  [/\bin vain\b/i, 'right-censored'],
  [/\bduets?\b/i, 'paired runs'],
  [/\btariffs?\b/i, 'unit cost'],
  [/\bnew levels?\b|\bthis level\b|\bpresent level\b/i, 'baseline epoch'],
  [/\bin no number\b/i, 'not counted'],
  [/\bsittings?\b/i, 'measurement'],
  [/\bstarts? anew\b/i, 'starts over'],
  [/\bmeanwhile\s+is\b/i, 'in the meantime'],
  [/\btaken to differ\b/i, 'assumed to differ'],
  [/\bbudget did not reach\b/i, 'the budget was too small'],
]

function filesUnder(folder: string, extensions: readonly string[]): readonly string[] {
  return readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}${path}`)
    .filter((path) => extensions.some((extension) => path.endsWith(extension)))
}

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  'action.yml',
  'package.json',
  'schema/config.schema.json',
  'schema/epoch.schema.json',
  'schema/report.schema.json',
  'schema/run.schema.json',
  ...filesUnder('docs/', ['.md']),
  ...filesUnder('examples/', ['.md', '.yml']),
  ...filesUnder('__tests__/golden/', ['']).filter((path) => path.includes('.')),
]

/** Generated, or texts that are sent to a model. */
const NO_WORDS_OF_OURS = ['schema-validators.ts', 'chart-library.ts', 'config/prompts/']

const SOURCES = filesUnder('src/', ['.ts']).filter((path) =>
  NO_WORDS_OF_OURS.every((part) => !path.includes(part)),
)

const STARTS_COMMENT = /^\s*(?:\/\/|\/\*|\*)/

function stumbles(path: string): readonly string[] {
  const lines = readFileSync(new URL(path, ROOT), 'utf8').split('\n')
  const isSource = path.startsWith('src/')
  return lines.flatMap((line, index) => {
    if (isSource && (STARTS_COMMENT.test(line) || !/['"`]|\$\{/.test(line))) return []
    return INSTEAD.filter(([word]) => word.test(line)).map(
      ([word, instead]) => `${path}:${index + 1}: ${word.exec(line)?.[0]} (say: ${instead})`,
    )
  })
}

describe('the words that people read', () => {
  it('are plain in every page, example, schema and golden report', () => {
    expect(PAGES.flatMap(stumbles)).toEqual([])
  })

  it('are plain in every text of the source', () => {
    expect(SOURCES.flatMap(stumbles)).toEqual([])
  })
})
