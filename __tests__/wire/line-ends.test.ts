// Files that passed through Windows: lines end with a carriage return, some begin with a byte order mark.
// They say what they said before.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { detectImport, readImport } from '../../src/wire/imports/imports.ts'

const folder = join(import.meta.dirname, '../fixtures/imports')
const names = readdirSync(folder).filter((name) => /\.(json|jsonl|ndjson)$/.test(name))

function read(text: string): unknown {
  const found = detectImport(text, undefined)
  if (found.kind !== 'requests') return found.kind
  return readImport(found, { besides: new Map(), ttftMetric: 'ttft' })
}

describe('results of other engines', () => {
  it.each(names)('%s is the same with the line ends and the mark of Windows', (name) => {
    const text = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')
    const windows = text.replaceAll('\n', '\r\n')
    expect(windows).not.toBe(text)
    expect(read(windows)).toEqual(read(text))
    expect(read(`\ufeff${windows}`)).toEqual(read(text))
  })
})
