import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { CatalogueAnswer } from '../../src/model/price-catalogue.ts'
import { issueLine, issuesOf } from './read-config.ts'

const folder = join(import.meta.dirname, '../fixtures/configs/refused')
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => name.replace(/\.yml$/, ''))

const env = {
  HOME: '/root',
  AWS_REGION: 'eu-west-1',
  KEY: 'hunter2',
  INFERENCE_GATE_HOST: 'a.example.com',
  INFERENCE_GATE_MODEL: 'hunter2',
  INFERENCE_GATE_X: 'hunter2',
  INFERENCE_GATE_API_KEY: 'hunter2',
}

const catalogue = new Map<string, CatalogueAnswer>([
  ['openai/gtp-4o', { kind: 'no-model', model: 'gtp-4o', known: ['gpt-4o', 'o3'] }],
  ['opnai/gpt-4o', { kind: 'no-provider', provider: 'opnai', known: ['google', 'openai'] }],
  [
    'openai/gpt-4o',
    {
      kind: 'prices',
      input: 1e-6,
      cachedInput: 1e-6,
      output: 4e-6,
      reasoning: 4e-6,
      request: 0,
      source: 'catalogue 1.2.3: openai/gpt-4o',
    },
  ],
  ['openai/whisper-1', { kind: 'no-token-prices', model: 'openai/whisper-1' }],
])

function issuesText(name: string): string {
  const text = readFileSync(join(folder, `${name}.yml`), 'utf8')
  return issuesOf(text, { file: `${name}.yml`, env, catalogue })
    .map((issue) => `${issueLine(issue)}\n`)
    .join('')
}

// Each refused file has its issues beside it. UPDATE_GOLDEN=1 writes them anew, for review.
describe('parseConfig tells every problem of', () => {
  it.each(names)('%s', (name) => {
    const actual = issuesText(name)
    const path = join(folder, `${name}.issues.txt`)
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, actual)
    expect(actual).not.toBe('')
    expect(actual).toBe(readFileSync(path, 'utf8'))
    // A text that was just read is not parsed again, and is refused just the same.
    expect(issuesText(name)).toBe(actual)
  })

  it.each(names)('%s without repeating a secret', (name) => {
    expect(issuesText(name)).not.toContain('hunter2')
  })

  it.each(names)('%s in sentences of one line, without the words of the machinery', (name) => {
    for (const { message } of issuesOf(readFileSync(join(folder, `${name}.yml`), 'utf8'))) {
      expect(message).not.toMatch(/[\n\r]|undefined|\[object|NaN\b|instancePath|must NOT/)
    }
  })
})
