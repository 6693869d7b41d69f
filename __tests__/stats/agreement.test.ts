import { describe, expect, it } from '@jest/globals'
import { agreement } from '../../src/stats/agreement.ts'
import { normals } from '../synthetic-summaries.ts'

function draw(normal: () => number, sizes: readonly number[], shift: number): number[][] {
  return sizes.map((size, group) =>
    Array.from({ length: size }, () => 5 + 0.5 * group + shift + 0.3 * normal()),
  )
}

describe('agreement of two ways of measuring', () => {
  it('finds a shift and brackets it', () => {
    const normal = normals(2)
    const found = agreement(draw(normal, [200, 100], 0.2), draw(normal, [80, 60], 0))
    expect(found?.value).toBeGreaterThan(0.1)
    expect(found?.low).toBeLessThan(0.2)
    expect(found?.low).toBeGreaterThan(0)
    expect(found?.high).toBeGreaterThan(0.2)
  })

  it('does not take another mix of prompts for a difference', () => {
    const normal = normals(3)
    const found = agreement(draw(normal, [300, 20], 0), draw(normal, [20, 300], 0))
    expect(Math.abs(found?.value ?? 9)).toBeLessThan(0.15)
  })

  it('says nothing of classes that both have too few of', () => {
    expect(agreement([[1, 2, 3]], [[1, 2, 3]])).toBeUndefined()
    expect(agreement([undefined], [[1]])).toBeUndefined()
  })

  it('errs in about one case of a hundred when nothing differs', () => {
    const normal = normals(5)
    let wrong = 0
    for (let repeat = 0; repeat < 1500; repeat += 1) {
      const found = agreement(draw(normal, [40, 25], 0), draw(normal, [15, 60], 0))
      if (found === undefined) throw new Error('nothing found')
      if (found.low > 0 || found.high < 0) wrong += 1
    }
    expect(wrong / 1500).toBeGreaterThan(0.002)
    expect(wrong / 1500).toBeLessThan(0.03)
  })
})
