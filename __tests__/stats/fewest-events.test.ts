import { describe, expect, it } from '@jest/globals'
import { fewestEvents } from '../../src/stats/fewest-events.ts'

describe('the fewest events that are enough', () => {
  it.each([1, 2, 7, 64, 1000])(
    'are found by halving among %d trials, wherever they lie',
    (trials) => {
      for (let enough = 1; enough <= trials + 1; enough += 1) {
        expect(fewestEvents(trials, (events) => events >= enough)).toBe(enough)
      }
    },
  )

  it('are one more than all where none is', () => {
    expect(fewestEvents(20, () => false)).toBe(21)
  })
})
