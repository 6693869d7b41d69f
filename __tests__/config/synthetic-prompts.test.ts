// Prompts of a given length: the words stay short and common, and the text stays as it is, because a
// changed one would be another load.

import { describe, expect, it } from '@jest/globals'
import { syntheticPrompts } from '../../src/config/prompts/synthetic-prompts.ts'
import { sha256Hex } from '../../src/model/digest.ts'

const prompts = syntheticPrompts({ inputTokens: 5000, count: 2, maxOutputTokens: 8 })

describe('synthetic prompts', () => {
  it('are made of common words, each of which is a token', () => {
    const words = prompts.flatMap(
      ({ messages }) => messages[0]?.content.split(': ')[1]?.split(' ') ?? [],
    )
    expect(words.length).toBeGreaterThan(9000)
    for (const word of new Set(words)) expect(word).toMatch(/^[a-z]{1,8}$/)
  })

  it('are the same in every version: their text is part of the load that runs are compared under', () => {
    const text = prompts.map(({ messages }) => messages[0]?.content).join('\n')
    expect(sha256Hex(text).slice(0, 16)).toBe('67ee774f9da4a2db')
  })
})
