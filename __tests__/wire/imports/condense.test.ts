import { describe, expect, it } from '@jest/globals'
import { condenser } from '../../../src/wire/imports/condense.ts'

const UNREAD = new Set(['response_chunks'])
const bytesOf = (text: string) => new TextEncoder().encode(text)

/** In pieces of that many bytes, so that every border falls everywhere. */
function condensed(text: string, size = 7): { readonly text: string; readonly kept: number } {
  const one = condenser(UNREAD, 2 ** 20)
  const bytes = bytesOf(text)
  for (let at = 0; at < bytes.length; at += size) one.push(bytes.subarray(at, at + size))
  return { text: one.end(), kept: one.kept() }
}

describe('condensing JSON', () => {
  const document = {
    a: [1, -2.5e-3, null, true],
    'quote "in" name': 'back\\slash "and" \u00e9 \u{1F600} \n',
    nested: { response_chunks: 'kept here as text', empty: {}, list: [[], {}] },
  }

  it.each([1, 2, 3, 7, 64, 4096])('in pieces of %d bytes leaves what is small as it is', (size) => {
    const { nested, ...rest } = document
    expect(JSON.parse(condensed(JSON.stringify(rest, null, 2), size).text)).toEqual(rest)
    expect(JSON.parse(condensed(JSON.stringify({ nested }), size).text)).toEqual({
      nested: { ...nested, response_chunks: null },
    })
  })

  it.each([
    ['an array of texts', ['{"a": "}]"}', 'b\\', '"']],
    ['an object', { response_chunks: [1], b: { c: '}' } }],
    ['a number', 12.5],
    ['a word', true],
    ['a text', 'x, y'],
  ])('leaves out %s that nobody reads', (_, value) => {
    const text = JSON.stringify([{ response_chunks: value, after: 1 }, { b: 2 }])
    for (const size of [1, 5, 1000]) {
      expect(JSON.parse(condensed(text, size).text)).toEqual([
        { response_chunks: null, after: 1 },
        { b: 2 },
      ])
    }
  })

  it('keeps the beginning and the end of a long text, whole characters and escapes alone', () => {
    for (const unit of ['a', 'é', '😀', '\\', '"', '\n', '\\"', '\u0001', 'a\\n\u0007é']) {
      for (const shift of ['', 'x', 'xy', 'xyz', 'xyzw', 'xyzwv']) {
        const long = `start${shift}${unit.repeat(40_000 / unit.length)}${shift}data: [DONE]`
        const { text, kept } = condensed(JSON.stringify({ long, next: 1 }), 997)
        const parsed: unknown = JSON.parse(text)
        expect(parsed).toMatchObject({ next: 1 })
        const shortened = String(Object(parsed).long)
        expect(shortened.startsWith(`start${shift}`)).toBe(true)
        expect(shortened.endsWith('data: [DONE]')).toBe(true)
        expect(shortened).not.toContain('\uFFFD')
        expect(kept).toBeLessThan(13_000)
      }
    }
  })

  it('keeps lines as lines', () => {
    expect(condensed('{"a":1}\n{"response_chunks":[1]}\n').text).toBe(
      '{"a":1}\n{"response_chunks":null}\n',
    )
  })

  it('holds a bounded part of 200 MiB, and refuses what is more than the bound', () => {
    const one = condenser(UNREAD, 2 ** 20)
    one.push(bytesOf('[{"response":"'))
    const piece = new Uint8Array(2 ** 20).fill(0x61)
    for (let mebibyte = 0; mebibyte < 100; mebibyte++) one.push(piece)
    one.push(bytesOf('","response_chunks":["'))
    for (let mebibyte = 0; mebibyte < 100; mebibyte++) one.push(piece)
    one.push(bytesOf('"]}]'))
    expect(one.kept()).toBeLessThan(16_384)
    expect(JSON.parse(one.end())).toMatchObject([{ response_chunks: null }])
    const numbers = condenser(UNREAD, 2 ** 20)
    const digits = bytesOf('1,'.repeat(2 ** 16))
    expect(() => {
      for (let round = 0; round < 20; round++) numbers.push(digits)
    }).toThrow('holds more than 1 MiB beside its texts')
  })
})
