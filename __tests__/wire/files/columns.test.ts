import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodeColumn, encodeColumn } from '../../../src/wire/files/columns.ts'

describe('columns', () => {
  it('gives back any cells', () => {
    const cell = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null))
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 50 }), (cells) => {
        const text = JSON.stringify(encodeColumn(cells))
        expect(decodeColumn(JSON.parse(text), cells.length, 'c')).toEqual(cells)
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it('writes what most rows say once', () => {
    expect(encodeColumn(['ok', 'ok', 'ok'])).toEqual({ all: 'ok' })
    expect(encodeColumn(['completed', 'completed', 'empty', 'completed', 'completed'])).toEqual({
      all: 'completed',
      but: [[2, 'empty']],
    })
    expect(encodeColumn([1, 2, 3])).toEqual([1, 2, 3])
  })

  it('refuses columns of another length and exceptions that name no row', () => {
    expect(() => decodeColumn([1, 2], 3, 'c')).toThrow('c has 2 values for 3 records')
    expect(() => decodeColumn({ all: 1, but: [[3, 2]] }, 3, 'c')).toThrow('names record 3 of 3')
    expect(() => decodeColumn({ all: 1, but: [[-1, 2]] }, 3, 'c')).toThrow('whole number')
    expect(() => decodeColumn(7, 3, 'c')).toThrow('c is 7, not an object')
  })
})
