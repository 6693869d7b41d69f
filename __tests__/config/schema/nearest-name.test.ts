import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseConfig } from '../../../src/config/parse-config.ts'
import { editDistance, nearestName } from '../../../src/config/schema/nearest-name.ts'

const KEYS = ['prompts', 'requests', 'probes', 'concurrency', 'max_output_tokens', 'prompt_cache']

describe('nearestName', () => {
  it.each([
    ['request', 'requests'],
    ['concurency', 'concurrency'],
    ['maxOutputTokens', 'max_output_tokens'],
    ['MAX-OUTPUT-TOKENS', 'max_output_tokens'],
    ['prompst', 'prompts'],
    ['max_output', 'max_output_tokens'],
  ])('takes %s for %s', (written, meant) => {
    expect(nearestName(written, KEYS)).toBe(meant)
  })

  it.each(['users', 'x', '', 'temperature'])('does not guess at %p', (written) => {
    expect(nearestName(written, KEYS)).toBeUndefined()
  })
})

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['ca', 'abc', 3],
  ])('between %p and %p is %p', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
  })

  it('is symmetric, zero only for equals, and never above the longer length', () => {
    const word = fc.string({ maxLength: 12 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b)
        expect(distance).toBe(editDistance(b, a))
        expect(distance === 0).toBe(a === b)
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
      }),
    )
  })
})

describe('a percentile that cannot be', () => {
  it('is told what a percentile is, and no other one is suggested', () => {
    const text = `gates: {chat: {endpoint: {url: 'http://a/v1', model: m}, limits: {ttft_p101: {increase: 10%}}}}`
    const parsed = parseConfig({ file: 'gate.yml', text, files: new Map(), env: {} })
    const messages = parsed.ok ? [] : parsed.issues.map(({ message }) => message)
    expect(messages).toEqual(['"ttft_p101" is not a metric: a percentile is above 0 and below 100'])
  })
})
