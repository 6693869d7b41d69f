// Numbers as people read them.

import { describe, expect, it } from '@jest/globals'
import * as format from '../../src/report/format.ts'

describe('a value', () => {
  it.each([
    [0.04, 'ms', '0 ms'],
    [8.44, 'ms', '8.4 ms'],
    [9.96, 'ms', '10 ms'],
    [412.4, 'ms', '412 ms'],
    [999.6, 'ms', '1 s'],
    [1240, 'ms', '1.24 s'],
    [61_240, 'ms', '61.2 s'],
    [Number.POSITIVE_INFINITY, 'ms', 'no answer'],
    [Number.NaN, 'ms', '–'],
    [undefined, 'ms', '–'],
    [0, 'USD', '$0'],
    [0.00184, 'USD', '$1.84 per 1,000 answers'],
    [0.0000001, 'USD', '$0.0001 per 1,000 answers'],
    [0.002, 'USD', '$2.00 per 1,000 answers'],
    [1.2, 'USD', '$1.20'],
    [1240, 'USD', '$1,240'],
    [-0.5, 'USD', '−$0.50'],
    [0, 'ratio', '0 %'],
    [0.0005, 'ratio', '0.05 %'],
    [0.123, 'ratio', '12.3 %'],
    [1, 'ratio', '100 %'],
    [31.24, 'tokens/s', '31.2 tokens/s'],
    [63.95, 'tokens', '64 tokens'],
    [1234.5, 'tokens', '1,235 tokens'],
  ] as const)('of %d %s reads %s', (number, unit, text) => {
    expect(format.value(number, unit)).toBe(text)
  })
})

describe('a change', () => {
  it.each([
    [0.2091, 'ratio', '+20.9 %'],
    [-0.18, 'ratio', '−18.0 %'],
    [0, 'ratio', '±0.0 %'],
    [0.0001, 'ratio', '±0.0 %'],
    [1.409, 'ratio', '+141 %'],
    [25, 'ratio', '+2,500 %'],
    [Number.POSITIVE_INFINITY, 'ratio', '+∞'],
    [Number.NEGATIVE_INFINITY, 'ratio', '−∞'],
    [0.005, 'difference', '+0.5 pp'],
    [-0.0012, 'difference', '−0.12 pp'],
    [0.0445, 'difference', '+4.5 pp'],
    [0, 'difference', '±0 pp'],
  ] as const)('of %d (%s) reads %s', (number, scale, text) => {
    expect(format.change(number, scale)).toBe(text)
  })

  it('keeps its interval open where it has no end', () => {
    expect(format.interval([-0.1, Number.POSITIVE_INFINITY], 'ratio')).toBe('[−10.0 %, +∞]')
  })
})

describe('other numbers', () => {
  it('of spans are those that people plan by', () => {
    expect([400, 41_000, 200_000, 180_000, 7_500_000, 2_592_000_000].map(format.span)).toEqual([
      '400 ms',
      '41 s',
      '3 min 20 s',
      '3 min',
      '2 h 5 min',
      '30 days',
    ])
  })

  it('of limits have no digit that nobody wrote', () => {
    expect(format.threshold(0.1, 'ratio')).toBe('+10 %')
    expect(format.threshold(-0.125, 'ratio')).toBe('−12.5 %')
    expect(format.threshold(0.01, 'difference')).toBe('+1 pp')
  })

  it('of probabilities and counts', () => {
    expect(format.probability(0.00002)).toBe('p < 0.001')
    expect(format.probability(0.0314)).toBe('p = 0.031')
    expect(format.count(1, 'request')).toBe('1 request')
    expect(format.count(1_234_567, 'request')).toBe('1,234,567 requests')
    expect(format.magnitude(Number.POSITIVE_INFINITY, 'ratio')).toBe('infinitely')
  })
})

describe('a worsening', () => {
  it.each([
    [0.2, 'ratio', 'lower', '+20.0 %'],
    [1.5, 'ratio', 'lower', '+150 %'],
    [1.5, 'ratio', 'higher', '−60.0 %'],
    [0.25, 'ratio', 'higher', '−20.0 %'],
    [0.05, 'difference', 'higher', '−5.0 pp'],
  ] as const)('of %s as a %s where %s is better reads %s', (size, scale, better, expected) => {
    expect(format.worsening(size, { scale, better })).toBe(expected)
  })
})
