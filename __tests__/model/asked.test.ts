import { describe, expect, it } from '@jest/globals'
import { isCounted } from '../../src/model/asked.ts'

const proposed = { as: 'proposed', of: 'chat', changes: [] } as const

describe('the verdict of a question that a pull request proposes', () => {
  it('counts where it fails or cannot be trusted, and where it passes', () => {
    for (const verdict of ['failed', 'invalid', 'passed']) {
      expect(isCounted({ verdict, asked: proposed })).toBe(true)
    }
  })

  it('does not count where there was nothing to compare it with', () => {
    expect(isCounted({ verdict: 'no-baseline', asked: proposed })).toBe(false)
    expect(isCounted({ verdict: 'inconclusive', asked: proposed })).toBe(false)
  })

  it('counts where it was compared beside the base branch’s question and stays open', () => {
    const asked = { ...proposed, isCompared: true } as const
    expect(isCounted({ verdict: 'inconclusive', asked })).toBe(true)
  })
})
