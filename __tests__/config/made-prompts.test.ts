// Prompts that nobody wrote into a file: the built-in set and the synthetic ones.

import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { builtInPrompts } from '../../src/config/prompts/built-in-prompts.ts'
import { syntheticPrompts } from '../../src/config/prompts/synthetic-prompts.ts'

const words = (text: string | undefined): readonly string[] => (text ?? '').split(/\s+/)
const textOf = (prompt: { messages: readonly { content: string }[] } | undefined) =>
  prompt?.messages[0]?.content

describe('the built-in prompts', () => {
  const prompts = builtInPrompts(64)

  it('are the very texts that stored histories were measured with', () => {
    const identity = prompts.map(({ name, promptClass, weight, messages }) => {
      return [name, promptClass, weight, messages]
    })
    const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex')
    // A change here begins every history anew that relies on them; say so in the changelog.
    expect(digest.slice(0, 16)).toBe('f9044e7438ee337a')
  })

  it.each([
    ['short', 20, 30],
    ['medium', 85, 115],
    ['long', 280, 340],
    ['document', 680, 780],
  ])('of class %s have %p to %p words', (name, fewest, most) => {
    const some = prompts.filter(({ promptClass }) => promptClass === name)
    expect(some).toHaveLength(2)
    for (const prompt of some) {
      expect(words(textOf(prompt)).length).toBeGreaterThanOrEqual(fewest)
      expect(words(textOf(prompt)).length).toBeLessThanOrEqual(most)
    }
  })

  it('ask for the longest answer that the workload allows', () => {
    expect(new Set(builtInPrompts(9).map(({ maxOutputTokens }) => maxOutputTokens))).toEqual(
      new Set([9]),
    )
  })
})

describe('synthetic prompts', () => {
  const settings = { inputTokens: 500, count: 8, maxOutputTokens: 64 }

  it('are about as many words as tokens are asked for', () => {
    for (const inputTokens of [16, 100, 8000]) {
      for (const prompt of syntheticPrompts({ ...settings, inputTokens })) {
        expect(words(textOf(prompt)).length).toBeGreaterThanOrEqual(inputTokens - 3)
        expect(words(textOf(prompt)).length).toBeLessThanOrEqual(inputTokens)
      }
    }
  })

  it('are the same for the same settings, to the byte', () => {
    expect(syntheticPrompts(settings)).toEqual(syntheticPrompts(settings))
  })

  it('keep the first ones when more are asked for', () => {
    expect(syntheticPrompts({ ...settings, count: 2 })).toEqual(
      syntheticPrompts(settings).slice(0, 2),
    )
  })

  it('differ from each other, and between lengths', () => {
    const some = [
      ...syntheticPrompts(settings),
      ...syntheticPrompts({ ...settings, inputTokens: 501 }),
    ]
    expect(new Set(some.map((prompt) => textOf(prompt)?.slice(0, 200))).size).toBe(16)
  })

  it('use many different words', () => {
    const [first] = syntheticPrompts({ ...settings, inputTokens: 3000 })
    expect(new Set(words(textOf(first))).size).toBeGreaterThan(250)
  })
})
