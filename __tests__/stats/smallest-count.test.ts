import { describe, expect, it } from '@jest/globals'
import { smallestCount } from '../../src/stats/smallest-count.ts'

describe('the smallest count that is enough', () => {
  it.each([1, 2, 7, 64, 1000])(
    'are found by halving among %d trials, wherever they lie',
    (trials) => {
      for (let enough = 1; enough <= trials + 1; enough += 1) {
        expect(smallestCount(trials, (count) => count >= enough)).toBe(enough)
      }
    },
  )

  it('are one more than all where none is', () => {
    expect(smallestCount(20, () => false)).toBe(21)
  })
})
