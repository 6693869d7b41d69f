import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseDocuments, standardJson } from '../../../src/wire/imports/tolerant-json.ts'

describe('JSON as Python writes it', () => {
  it('takes NaN for null and infinities for texts', () => {
    const text = '{"a": NaN, "b": [Infinity, -Infinity], "c": -1.5e3}'
    expect(parseDocuments(text)).toEqual([{ a: null, b: ['Infinity', '-Infinity'], c: -1500 }])
  })

  it('keeps every digit of whole numbers beyond 2^53, as text', () => {
    const text = '{"ns": 1793534400000000123, "small": 4503599627370495.5, "e": 1e300}'
    expect(parseDocuments(text)).toEqual([
      { ns: '1793534400000000123', small: 4503599627370495.5, e: 1e300 },
    ])
  })

  it('leaves texts alone, whatever they hold', () => {
    const inner = String.raw`NaN \" Infinity \\`
    const text = `{"a": "${inner}", "n": NaN, "b": "1793534400000000123"}`
    expect(parseDocuments(text)).toEqual([
      { a: 'NaN " Infinity \\', n: null, b: '1793534400000000123' },
    ])
  })

  it('reads any JSON as JSON.parse does, as long as its numbers are ordinary', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const json = JSON.stringify({ value, marker: 'NaN' })
        fc.pre(!/\d{16}/.test(json))
        expect(JSON.parse(standardJson(json))).toEqual(JSON.parse(json))
      }),
    )
  })

  it('reads one document a line, or one over many lines', () => {
    expect(parseDocuments('{"a": 1}\n\n{"a": 2}\r\n')).toEqual([{ a: 1 }, { a: 2 }])
    expect(parseDocuments('\uFEFF{\n"a":\n1}\n')).toEqual([{ a: 1 }])
    expect(parseDocuments('[1,\n2]')).toEqual([[1, 2]])
  })

  it('takes 10 MB in a second or two: no step is quadratic', () => {
    const line = `{"a": NaN, "text": "${'x\\"'.repeat(1000)}", "list": [${'1.5,'.repeat(1000)}1]}`
    const text = `[${Array.from({ length: 1500 }, () => line).join(',')}]`
    expect(text.length).toBeGreaterThan(10_000_000)
    const [list] = parseDocuments(text)
    expect(list).toHaveLength(1500)
  })
})

describe('what is no JSON', () => {
  const check = (text: string) => {
    try {
      return parseDocuments(text)
    } catch (error) {
      return (error as Error).message
    }
  }

  it('is told by its line, without its content', () => {
    expect(check('{"a": 1}\n{"secret": oops}\n')).toBe('is not JSON: line 2 or after')
    expect(check('{\n"a": 1\n"b": 2\n}')).toBe('is not JSON: line 3')
    expect(check('{"a": 1}\n{"a": ')).toBe('is not JSON: line 2 or after; it seems to be cut short')
    expect(check('a,b\n1,2\n')).toBe('is not JSON: line 1 or after; it seems to be cut short')
    expect(check(' \n')).toBe('is empty')
  })

  it('does not overflow on deep nesting', () => {
    expect(check('['.repeat(200_000))).toMatch(/^is not JSON/)
  })
})
