import { describe, expect, it } from '@jest/globals'
import { drawFrom } from '../../src/simulator/draw.ts'

const many = (draw: () => number) => Array.from({ length: 20_000 }, draw)
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

describe('a draw', () => {
  it('gives the same sequence for the same key', () => {
    const [a, b] = [drawFrom(7, 'main', 0), drawFrom(7, 'main', 0)]
    expect(many(a.uniform)).toEqual(many(b.uniform))
  })

  it('gives another sequence for another key', () => {
    const first = [drawFrom(7, 1), drawFrom(7, 2), drawFrom(8, 1), drawFrom(71)].map((d) =>
      d.uniform(),
    )
    expect(new Set(first).size).toBe(4)
  })

  it('is uniform in [0, 1)', () => {
    const values = many(drawFrom('uniform').uniform)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values)).toBeLessThan(1)
    // Standard error of the mean 0.002, of the variance below 0.001.
    expect(mean(values)).toBeCloseTo(1 / 2, 2)
    expect(mean(values.map((x) => (x - 0.5) ** 2))).toBeCloseTo(1 / 12, 2)
  })

  it('has a log-normal law of median 1 and the given sigma', () => {
    const draw = drawFrom('normal')
    const logs = many(() => Math.log(draw.logNormal(0.3)))
    // Four standard errors.
    expect(Math.abs(mean(logs))).toBeLessThan((4 * 0.3) / Math.sqrt(logs.length))
    expect(Math.sqrt(mean(logs.map((x) => x * x)))).toBeCloseTo(0.3, 2)
    expect(draw.logNormal(0)).toBe(1)
  })

  it('has a Pareto law of minimum 1 and the given shape', () => {
    const draw = drawFrom('pareto')
    const values = many(() => draw.pareto(3))
    expect(Math.min(...values)).toBeGreaterThanOrEqual(1)
    // P(X > 2) = 2^-3, standard error 0.0023.
    expect(mean(values.map((x) => (x > 2 ? 1 : 0)))).toBeCloseTo(1 / 8, 1)
  })
})
