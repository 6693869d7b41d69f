import { describe, expect, it } from '@jest/globals'
import { betaBinomialUpperTail } from '../../src/stats/beta-binomial.ts'
import { binomialLowerTail, binomialUpperTail } from '../../src/stats/binomial.ts'
import { fisherUpperTail } from '../../src/stats/fisher-exact.ts'
import { incompleteBeta } from '../../src/stats/incomplete-beta.ts'
import { newcombeInterval, wilsonInterval } from '../../src/stats/newcombe.ts'
import { normalQuantileAbove, normalUpperTail } from '../../src/stats/normal-distribution.ts'
import { tQuantileAbove, tUpperTail } from '../../src/stats/t-distribution.ts'
import { closeness, distributions } from './oracle.ts'

function check(actual: number, expected: number, tolerance: number): void {
  expect(closeness(actual, expected)).toBeLessThan(tolerance)
}

describe('incomplete beta function', () => {
  it.each(distributions.incomplete_beta)('I_%p(%p, %p) is that of SciPy', (x, a, b, expected) => {
    check(incompleteBeta(x, a, b), expected, 2e-9)
  })

  it('mirrors around one half', () => {
    for (const x of [0.01, 0.2, 0.7]) {
      expect(incompleteBeta(x, 3, 8) + incompleteBeta(1 - x, 8, 3)).toBeCloseTo(1, 12)
    }
  })

  it('is 0 and 1 at and beyond the ends', () => {
    expect([incompleteBeta(-1, 2, 2), incompleteBeta(0, 2, 2), incompleteBeta(1, 2, 2)]).toEqual([
      0, 0, 1,
    ])
  })
})

describe('Student t', () => {
  it.each(distributions.t_upper_tail)('P(T(%p; df %p)) is that of SciPy', (t, df, expected) => {
    check(tUpperTail(t, df), expected, df > 1e6 ? 1e-4 : 1e-10)
  })

  it.each(distributions.t_quantile_above)('the t above %p, df %p, is that of SciPy', (p, df, t) => {
    check(tQuantileAbove(p, df), t, 1e-9)
  })

  it('inverts its own tail', () => {
    for (const df of [1, 2.5, 7, 60]) {
      expect(tUpperTail(tQuantileAbove(0.03, df), df)).toBeCloseTo(0.03, 11)
    }
  })

  it('has the ends of the line', () => {
    expect(tUpperTail(Number.POSITIVE_INFINITY, 3)).toBe(0)
    expect(tUpperTail(Number.NEGATIVE_INFINITY, 3)).toBe(1)
    expect(tQuantileAbove(0, 3)).toBe(Number.POSITIVE_INFINITY)
    expect(tQuantileAbove(0.5, 3)).toBe(0)
  })
})

describe('standard normal', () => {
  it.each(distributions.normal_upper_tail)('P(Z > %p) is that of SciPy', (z, expected) => {
    check(normalUpperTail(z), expected, 1e-12)
  })

  it.each(distributions.normal_quantile_above)('the z above %p is that of SciPy', (p, expected) => {
    expect(Math.abs(normalQuantileAbove(p) - expected)).toBeLessThan(1e-10)
  })
})

describe('binomial tails', () => {
  it.each(distributions.binomial)('%p of %p at %p are those of SciPy', (e, n, p, upper, lower) => {
    check(binomialUpperTail(e, n, p), upper, 1e-9)
    check(binomialLowerTail(e, n, p), lower, 1e-9)
  })

  it('interpolate between whole counts', () => {
    const tails = [3, 3.5, 4].map((events) => binomialUpperTail(events, 40, 0.1))
    expect([...tails].sort((a, b) => b - a)).toEqual(tails)
  })
})

describe('beta-binomial tail', () => {
  it.each(distributions.beta_binomial)(
    'at least %p of %p, Beta(%p, %p), is that of SciPy',
    (x, trials, a, b, expected) => {
      expect(Math.abs(betaBinomialUpperTail(x, { trials, a, b }) - expected)).toBeLessThan(1e-9)
      check(betaBinomialUpperTail(x, { trials, a, b }), expected, 1e-6)
    },
  )

  it('is certain for none and impossible beyond all', () => {
    expect(betaBinomialUpperTail(0, { trials: 5, a: 1, b: 1 })).toBe(1)
    expect(betaBinomialUpperTail(6, { trials: 5, a: 1, b: 1 })).toBe(0)
  })

  it('approaches the binomial when the rate does not vary', () => {
    const tail = betaBinomialUpperTail(4, { trials: 100, a: 2e6, b: 98e6 })
    expect(tail).toBeCloseTo(binomialUpperTail(4, 100, 0.02), 5)
  })
})

describe('Fisher exact test', () => {
  it.each(distributions.fisher)('%p of %p against %p of %p is that of SciPy', (x, n, y, m, p) => {
    const counts = { events: x, trials: n, otherEvents: y, otherTrials: m }
    check(fisherUpperTail(counts), p, 1e-9)
  })

  it('keeps its size with unequal arms', () => {
    const rate = 0.05
    let size = 0
    for (let x = 0; x <= 40; x += 1) {
      for (let y = 0; y <= 130; y += 1) {
        const chance = mass(x, 40, rate) * mass(y, 130, rate)
        if (chance < 1e-12) continue
        const counts = { events: x, trials: 40, otherEvents: y, otherTrials: 130 }
        if (fisherUpperTail(counts) <= 0.05) size += chance
      }
    }
    expect(size).toBeGreaterThan(0.005)
    expect(size).toBeLessThanOrEqual(0.05)
  })
})

function mass(x: number, n: number, p: number): number {
  return binomialUpperTail(x, n, p) - binomialUpperTail(x + 1, n, p)
}

describe('intervals of rates', () => {
  it.each(distributions.wilson)('Wilson of %p in %p at z %p', (events, trials, z, low, high) => {
    const found = wilsonInterval({ events, trials }, z)
    expect(found[0]).toBeCloseTo(low, 12)
    expect(found[1]).toBeCloseTo(high, 12)
  })

  it.each(distributions.newcombe)(
    'Newcombe of %p in %p less %p in %p',
    (x1, n1, x2, n2, z, low, high) => {
      const first = { events: x1, trials: n1 }
      const found = newcombeInterval(first, { events: x2, trials: n2 }, z)
      expect(found[0]).toBeCloseTo(low, 12)
      expect(found[1]).toBeCloseTo(high, 12)
    },
  )

  it('changes sign when the rates change places', () => {
    const [first, second] = [
      { events: 3, trials: 80 },
      { events: 9, trials: 120 },
    ]
    const [low, high] = newcombeInterval(first, second, 1.645)
    const [mirroredLow, mirroredHigh] = newcombeInterval(second, first, 1.645)
    expect(mirroredLow).toBeCloseTo(-high, 12)
    expect(mirroredHigh).toBeCloseTo(-low, 12)
  })

  it('covers a true difference at its one-sided level with unequal sizes', () => {
    const [p1, p2] = [0.06, 0.03]
    let missed = 0
    for (let x = 0; x <= 120; x += 1) {
      for (let y = 0; y <= 300; y += 1) {
        const chance = mass(x, 120, p1) * mass(y, 300, p2)
        if (chance < 1e-12) continue
        const interval = newcombeInterval(
          { events: x, trials: 120 },
          { events: y, trials: 300 },
          1.645,
        )
        if (interval[1] < p1 - p2) missed += chance
      }
    }
    expect(missed).toBeGreaterThan(0.02)
    expect(missed).toBeLessThan(0.07)
  })
})
