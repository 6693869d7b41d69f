import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodeGaps, encodeGaps } from '../../../src/wire/files/gap-codes.ts'

describe('gap codes', () => {
  it('keeps every gap between 1 microsecond and 1000 seconds within 0.26 %', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 20.7, noNaN: true }), (exponent) => {
        const gapMs = 0.001 * Math.exp(exponent)
        const [read = 0] = decodeGaps(encodeGaps([gapMs]), 'gaps')
        expect(Math.abs(read / gapMs - 1)).toBeLessThan(0.0026)
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  it('keeps order and count, zero as zero, and clamps what is longer than 1000 seconds', () => {
    const read = decodeGaps(encodeGaps([0, 0.0004, 15, 2, 5e6]), 'gaps')
    expect(read).toHaveLength(5)
    expect(read.slice(0, 2)).toEqual([0, 0])
    expect(read[2]).toBeCloseTo(15, 0)
    expect(read[4]).toBeCloseTo(1e6, -4)
  })

  it('writes what it read as it was', () => {
    const codes = Array.from({ length: 4096 }, (_, code) => 0.001 * Math.exp(code * 0.00506))
    const text = encodeGaps(codes)
    expect(encodeGaps(decodeGaps(text, 'gaps'))).toBe(text)
  })

  it('refuses half a pair, a foreign character and a gap that is no number', () => {
    expect(() => decodeGaps('ABC', 'gaps')).toThrow('gaps is not a text of pairs')
    expect(() => decodeGaps('A=', 'gaps')).toThrow('no base64url digit')
    expect(() => encodeGaps([Number.NaN])).toThrow(TypeError)
    expect(() => encodeGaps([Number.POSITIVE_INFINITY])).toThrow(TypeError)
  })
})
