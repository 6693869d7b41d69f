import { readdirSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { DIALECTS } from '../../src/model/config.ts'
import { usageOf } from '../../src/wire/dialect.ts'
import { dialectOf } from '../../src/wire/dialects.ts'
import { fixture } from './stream-replay.ts'

describe('the table of dialects', () => {
  it.each(DIALECTS)('has %s under its own name', (name) => {
    expect(dialectOf(name).name).toBe(name)
  })

  it.each(DIALECTS)('has a test that reads every fixture of %s', (name) => {
    const test = new URL(`dialect/${name}.test.ts`, import.meta.url)
    const folder = new URL(`../fixtures/streams/${name}/`, import.meta.url)
    expect(readdirSync(new URL('.', test))).toContain(`${name}.test.ts`)
    for (const file of readdirSync(folder)) {
      const [stream = ''] = file.split('.')
      expect(fixture(name, stream)).not.toContain('\r')
    }
  })
})

describe('usage', () => {
  it('is not known until both input and output have been counted', () => {
    expect(usageOf(undefined)).toBeUndefined()
    expect(usageOf({ inputTokens: 1 })).toBeUndefined()
    expect(usageOf({ outputTokens: 1 })).toBeUndefined()
    expect(usageOf({ inputTokens: 1, outputTokens: 2 })).toEqual({
      source: 'server',
      inputTokens: 1,
      cachedInputTokens: 0,
      outputTokens: 2,
      reasoningTokens: 0,
    })
  })
})
