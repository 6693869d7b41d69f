import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ascending } from '../../src/stats/ascending.ts'
import { autocorrelationInflation, lagOneRankCorrelation } from '../../src/stats/autocorrelation.ts'
import { clusterFactor, stratificationFactor } from '../../src/stats/design-factor.ts'
import { quantile } from '../../src/stats/quantile.ts'
import { logAtRank, quantileStatistic } from '../../src/stats/quantile-statistic.ts'
import { logMean } from '../../src/stats/ratio-mean.ts'
import { mirrored, sampleOf } from '../../src/stats/sample.ts'
import { trimmedMean } from '../../src/stats/trimmed-mean.ts'
import { normals } from '../synthetic-summaries.ts'
import { closeness, samples } from './oracle.ts'

const INFINITY = Number.POSITIVE_INFINITY
const sorted = [...samples.latency].sort((a, b) => a - b)
const sample = sampleOf({ values: samples.latency, classes: samples.classes })

describe('ascending order', () => {
  const byNumber = (values: readonly number[]) =>
    [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const numbers = fc.array(
    fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant(INFINITY), fc.constant(7)),
    { minLength: 1100, maxLength: 1400 },
  )

  it('is by number, for many values with ties and failures', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        expect([...ascending(values)]).toEqual(byNumber(values))
      }),
      { seed: 3, numRuns: 25 },
    )
  })

  it('holds for values that differ in their last bits alone', () => {
    const values = Array.from({ length: 3000 }, (_, i) => 100 + ((i * 7919) % 3000) * 1e-12)
    expect([...ascending(values)]).toEqual(byNumber(values))
  })

  it('holds for negative values, which a run never has', () => {
    const values = Array.from({ length: 1500 }, (_, i) => ((i * 37) % 1500) - 700)
    expect([...ascending(values)]).toEqual(byNumber(values))
  })
})

describe('quantile', () => {
  it.each(samples.type7)('at %p is NumPy linear (type 7)', (q, expected) => {
    expect(closeness(quantile(sorted, q), expected)).toBeLessThan(1e-13)
  })

  it('is infinite as soon as an infinite value takes part, never NaN', () => {
    const values = [1, 2, INFINITY, INFINITY]
    expect(quantile(values, 0.5)).toBe(INFINITY)
    expect(quantile(values, 1)).toBe(INFINITY)
    expect(quantile(values, 1 / 3)).toBe(2)
  })

  it('moves with its values and does not depend on their order', () => {
    const values = fc.array(fc.double({ min: 0.5, max: 1e4, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (xs, q) => {
        const ascending = Float64Array.from(xs).sort()
        const doubled = [...ascending].map((x) => 2 * x)
        const found = quantile([...ascending], q)
        expect(quantile(doubled, q)).toBeCloseTo(2 * found, 6)
        expect(found).toBeGreaterThanOrEqual(ascending[0] ?? 0)
        expect(found).toBeLessThanOrEqual(ascending.at(-1) ?? 0)
      }),
      { seed: 1, numRuns: 100 },
    )
  })
})

describe('quantile statistic', () => {
  it.each(samples.order_statistics)('at %p has the order-statistic errors', (q, y, low, up) => {
    const design = low === samples.order_statistics[1]?.[2] ? 0.6 : 1
    const found = quantileStatistic(sample, { q, design })
    expect(found.value).toBeCloseTo(y, 12)
    expect(closeness(found.low, low)).toBeLessThan(1e-9)
    expect(closeness(found.up, up)).toBeLessThan(1e-9)
  })

  it('does not change with the unit of time, but for the clock resolution', () => {
    const scaled = sampleOf({ values: samples.latency.map((x) => 1000 * x), classes: [] })
    const found = quantileStatistic(scaled, { q: 0.9, design: 1 })
    const before = quantileStatistic(sample, { q: 0.9, design: 1 })
    expect(found.value - before.value).toBeCloseTo(Math.log(1000), 10)
    expect(found.up).toBeCloseTo(before.up, 10)
  })

  it('knows no upper side once failures are within its reach', () => {
    const values = [...sorted.slice(0, 96), ...new Array<number>(4).fill(INFINITY)]
    const found = quantileStatistic(sampleOf({ values, classes: [] }), { q: 0.95, design: 1 })
    expect(Number.isFinite(found.value)).toBe(true)
    expect(Number.isFinite(found.low)).toBe(true)
    expect(found.up).toBe(INFINITY)
  })

  it('stays above zero when all values are the same', () => {
    const found = quantileStatistic(sampleOf({ values: new Array(50).fill(7), classes: [] }), {
      q: 0.5,
      design: 1,
    })
    expect(found.low).toBeGreaterThan(0)
    expect(found.value).toBeCloseTo(Math.log(7), 12)
  })

  it('bounds the true median from either side at 95 %, for one run after another', () => {
    const normal = normals(3)
    let below = 0
    let above = 0
    for (let repeat = 0; repeat < 1500; repeat += 1) {
      const values = Array.from({ length: 61 }, () => Math.exp(0.5 * normal()))
      const { value, low, up } = quantileStatistic(sampleOf({ values, classes: [] }), {
        q: 0.5,
        design: 1,
      })
      if (value - 1.645 * Math.sqrt(low) > 0) above += 1
      if (value + 1.645 * Math.sqrt(up) < 0) below += 1
    }
    for (const misses of [above, below]) {
      expect(misses / 1500).toBeGreaterThan(0.03)
      expect(misses / 1500).toBeLessThan(0.07)
    }
  })

  it('reads ranks beyond the ends as the ends', () => {
    expect(logAtRank([1, Math.E], 0.2)).toBe(0)
    expect(logAtRank([1, Math.E], 9)).toBe(1)
    expect(logAtRank([1, Math.E], 1.25)).toBeCloseTo(0.25, 12)
  })
})

describe('design factors', () => {
  it.each(samples.stratification)('stratification at %p is that of NumPy', (q, expected) => {
    expect(stratificationFactor(sample, q)).toBeCloseTo(expected, 12)
  })

  it('is 1 with one class', () => {
    const values = samples.latency
    expect(stratificationFactor(sampleOf({ values: [...values], classes: [] }), 0.5)).toBe(1)
  })

  it.each(samples.cluster)('clustering at %p is that of NumPy', (q, expected) => {
    const gaps = sampleOf({ values: samples.gaps, classes: [], requests: samples.gap_requests })
    expect(clusterFactor(gaps, q)).toBeCloseTo(expected, 10)
    expect(expected).toBeGreaterThan(2)
  })

  it('counts wholly alike values of a request once', () => {
    const values = Array.from({ length: 400 }, (_, i) => 10 + Math.floor(i / 10))
    const requests = Array.from({ length: 400 }, (_, i) => Math.floor(i / 10))
    expect(clusterFactor(sampleOf({ values, classes: [], requests }), 0.5)).toBeCloseTo(10, 0)
    expect(sampleOf({ values, classes: [], requests }).from).toBe(40)
  })
})

describe('autocorrelation', () => {
  it('is the rank correlation that SciPy finds', () => {
    expect(lagOneRankCorrelation(sample)).toBeCloseTo(samples.rank_autocorrelation, 12)
  })

  it('finds the correlation that a chain was made with', () => {
    const normal = normals(8)
    let noise = 0
    const values = Array.from({ length: 3000 }, () => {
      noise = 0.5 * noise + Math.sqrt(0.75) * normal()
      return Math.exp(noise)
    })
    const found = lagOneRankCorrelation(sampleOf({ values, classes: values.map(() => 0) }))
    expect(found).toBeGreaterThan(0.43)
    expect(found).toBeLessThan(0.53)
  })

  it('is 0 for constant values, and blind to failures', () => {
    const constant = sampleOf({ values: new Array(30).fill(4), classes: [] })
    expect(lagOneRankCorrelation(constant)).toBe(0)
    const mixed = sampleOf({ values: [1, 2, INFINITY, 3, INFINITY, 2.5], classes: [] })
    expect(Number.isFinite(lagOneRankCorrelation(mixed))).toBe(true)
  })

  it('averages the values of one request before it looks for neighbours', () => {
    const gaps = sampleOf({ values: samples.gaps, classes: [], requests: samples.gap_requests })
    expect(Math.abs(lagOneRankCorrelation(gaps))).toBeLessThan(0.5)
  })

  it('inflates more at the median than in the tail, and never deflates', () => {
    const at = [0.5, 0.9, 0.99].map((q) => autocorrelationInflation(0.4, q))
    expect(at[0]).toBeCloseTo((1 + 0.26197976) / (1 - 0.26197976), 6)
    expect([...at].sort((a, b) => b - a)).toEqual(at)
    expect(autocorrelationInflation(-0.5, 0.5)).toBe(1)
    expect(autocorrelationInflation(1, 0.5)).toBe(autocorrelationInflation(0.9, 0.5))
  })
})

describe('means', () => {
  it('trims as SciPy and has Yuen errors', () => {
    const { value, variance, df } = trimmedMean(samples.ratios)
    const [expected, expectedVariance, expectedDf] = samples.trimmed
    expect(value).toBeCloseTo(expected, 12)
    expect(closeness(variance, expectedVariance)).toBeLessThan(1e-10)
    expect(df).toBe(expectedDf)
  })

  it('covers a true shift at the level it says', () => {
    const normal = normals(11)
    let missed = 0
    for (let repeat = 0; repeat < 1500; repeat += 1) {
      const values = Array.from({ length: 40 }, () => 0.2 + 0.5 * normal())
      const { value, variance } = trimmedMean(values)
      if (value + 1.714 * Math.sqrt(variance) < 0.2) missed += 1
    }
    expect(missed / 1500).toBeGreaterThan(0.03)
    expect(missed / 1500).toBeLessThan(0.07)
  })

  it('takes the log of a ratio with the stratified delta variance', () => {
    const { value, variance } = logMean(samples.costs, samples.cost_classes, 57)
    expect(value).toBeCloseTo(samples.log_mean[0], 12)
    expect(closeness(variance, samples.log_mean[1])).toBeLessThan(1e-10)
  })
})

describe('sample', () => {
  it('counts what is finite and keeps the order of its values', () => {
    const found = sampleOf({ values: [3, INFINITY, 1], classes: [0, 0, 0] })
    expect(found.values).toEqual([3, INFINITY, 1])
    expect([...found.sorted]).toEqual([1, 3, INFINITY])
    expect(found.finite).toBe(2)
  })

  it('turns values where higher is better, and back', () => {
    const values = { values: [20, 50, 0], classes: [0, 0, 0] }
    expect(mirrored(values).values).toEqual([50, 20, INFINITY])
    expect(mirrored(mirrored(values)).values).toEqual([20, 50, 0])
  })
})
