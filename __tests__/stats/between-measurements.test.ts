import { describe, expect, it } from '@jest/globals'
import { betweenMeasurements } from '../../src/stats/between-measurements.ts'
import { UNKNOWN_KIND } from '../../src/stats/endpoint-kind.ts'

const deviation = (own: number) => Math.sqrt(betweenMeasurements({ own }))

describe('what an endpoint moves by between two measurements', () => {
  it('is 5.9 % for a shared one, as half measurements of hosted APIs say, and 1.5 % for one of one’s own', () => {
    expect(deviation(0)).toBeCloseTo(0.059, 12)
    expect(deviation(1)).toBeCloseTo(0.015, 12)
  })

  it('is nearly that of a shared one where nothing is known', () => {
    expect(Math.sqrt(betweenMeasurements(UNKNOWN_KIND))).toBeGreaterThan(0.055)
  })

  it('falls as it becomes surer that nobody else asks', () => {
    const all = [0, 0.3, 0.6, 0.9, 1].map(deviation)
    expect(all).toEqual([...all].sort((a, b) => b - a))
  })
})
