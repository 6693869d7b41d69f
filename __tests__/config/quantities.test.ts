import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  formatDuration,
  formatMoney,
  formatPercentage,
  formatPoints,
  parseDuration,
  parseMoney,
  parsePercentage,
  parsePoints,
  parseRate,
  parseTokenPrice,
} from '../../src/config/quantities.ts'

describe('quantities', () => {
  it.each([
    [parsePercentage, '10%', 0.1],
    [parsePercentage, '1.1%', 0.011],
    [parsePercentage, '250 %', 2.5],
    [parsePoints, '1pp', 0.01],
    [parsePoints, '0.5 pp', 0.005],
    [parseDuration, '20ms', 20],
    [parseDuration, '1.1s', 1100],
    [parseDuration, '5m', 300_000],
    [parseDuration, '1.5h', 5_400_000],
    [parseDuration, '30d', 2_592_000_000],
    [parseMoney, '$0.002', 0.002],
    [parseTokenPrice, '$0.60/M', 0.6e-6],
    [parseTokenPrice, '$2.40 / M', 2.4e-6],
    [parseRate, '2/s', 2],
    [parseRate, '30/min', 0.5],
  ])('reads with %p the text %p as %p', (parse, text, value) => {
    expect(parse(text)).toBe(value)
  })

  it.each([
    [parsePercentage, '10'],
    [parsePercentage, '-1%'],
    [parsePercentage, '1e3%'],
    [parsePoints, '1%'],
    [parseDuration, '1m30s'],
    [parseDuration, '.5s'],
    [parseMoney, '0.002'],
    [parseMoney, '$1,000'],
    [parseTokenPrice, '$1'],
    [parseRate, '2'],
    [parsePercentage, '10%\n'],
  ])('refuses with %p the text %p as a bug of the caller', (parse, text) => {
    expect(() => parse(text)).toThrow(TypeError)
  })

  it('writes a quantity the way it reads it', () => {
    const tenths = fc.integer({ min: 0, max: 1_000_000 }).map((n) => n / 10)
    fc.assert(
      fc.property(tenths, (number) => {
        expect(formatPercentage(parsePercentage(`${number}%`))).toBe(`${number}%`)
        expect(formatPoints(parsePoints(`${number}pp`))).toBe(`${number}pp`)
        expect(formatMoney(parseMoney(`$${number}`))).toBe(`$${number}`)
        const durationMs = parseDuration(`${number}ms`)
        expect(parseDuration(formatDuration(durationMs))).toBe(durationMs)
      }),
    )
  })

  it.each([
    [0, '0ms'],
    [20, '20ms'],
    [1500, '1500ms'],
    [2000, '2s'],
    [300_000, '5m'],
    [2_592_000_000, '30d'],
    [0.5, '0.5ms'],
  ])('writes %p ms in the largest whole unit: %p', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text)
  })

  it('writes small money without an exponent', () => {
    expect(formatMoney(0.0000001)).toBe('$0.0000001')
  })
})
