import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { JsonBodyFramer } from '../../../src/wire/events/json-body.ts'
import type { Create } from '../stream-replay.ts'
import { byteByByte, bytesOf, everyCut, frame } from '../stream-replay.ts'

const json: Create = (take) => new JsonBodyFramer(take)

function read(text: string): string | undefined {
  const [only, ...more] = frame(json, [bytesOf(text)])
  expect(more).toEqual([])
  return only?.kind === 'event' ? only.data : only?.kind
}

/** What should be left of a document: the first number of every run of numbers, the beginning of texts. */
function reduced(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, 512)
  if (Array.isArray(value)) {
    const isAfterAny = (at: number) => at > 0
    return value.filter((one, at) => typeof one !== 'number' || !isAfterAny(at)).map(reduced)
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, reduced(one)]))
}

describe('a body that is one JSON document', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['keeps the first number of a list', '{"e":[0.1,-2e-3, 4 ,5]}', '{"e":[0.1 ]}'],
    ['keeps members that are numbers', '{"a":1,"b":2}', '{"a":1,"b":2}'],
    ['keeps lists of lists', '[[1,2],[3,4]]', '[[1],[3]]'],
    ['keeps what is no number', '[true,null,"a",{"b":[1,2]}]', '[true,null,"a",{"b":[1]}]'],
    ['leaves commas and digits of texts alone', '["1,2",",3"]', '["1,2",",3"]'],
    ['reads escaped quotes', String.raw`{"a":"x\",\"1,2"}`, String.raw`{"a":"x\",\"1,2"}`],
    ['drops a byte order mark', '\uFEFF{"a":1}', '{"a":1}'],
    ['passes a broken document on', '{"a":1,', '{"a":1,'],
  ]

  it.each(rows)('%s', (_what, text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it('gives nothing of an empty body', () => {
    expect(frame(json, [bytesOf('')])).toEqual([])
    expect(frame(json, [bytesOf(' \n')])).toEqual([])
  })

  it.each([
    ['plain', 'x'.repeat(2000)],
    ['escaped', '\u0001"\\'.repeat(700)],
    ['of two-byte letters', 'é'.repeat(900)],
  ])('keeps the beginning of a long text that is %s, and the document whole', (_what, text) => {
    const left = JSON.parse(read(JSON.stringify({ text, after: [1, 2] })) ?? '')
    expect(left.after).toEqual([1])
    expect(left.text.length).toBeLessThanOrEqual(512)
    expect(text.startsWith(left.text.replace(/\uFFFD$/, ''))).toBe(true)
  })

  it('leaves of any document what it should, however it is cut', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.boolean(), (value, isSpread) => {
        const bytes = bytesOf(JSON.stringify(value, undefined, isSpread ? 2 : 0))
        const [whole] = frame(json, [bytes])
        expect(JSON.parse(whole?.kind === 'event' ? whole.data : '')).toEqual(
          reduced(JSON.parse(JSON.stringify(value))),
        )
        expect(frame(json, byteByByte(bytes))).toEqual([whole])
        for (const pieces of everyCut(bytes.subarray(0, 60))) {
          expect(frame(json, pieces)).toEqual(frame(json, [bytes.subarray(0, 60)]))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('holds little of a megabyte of vectors, and refuses a megabyte of anything else', () => {
    const vector = Array.from({ length: 1024 }, (_, i) => Math.sin(i)).join(',')
    const framed: string[] = []
    const framer = new JsonBodyFramer((one) => framed.push(one.kind))
    framer.push(bytesOf('{"data":['))
    for (let i = 0; i < 64; i += 1) framer.push(bytesOf(`{"embedding":[${vector}]},`))
    expect(framer.heldBytes).toBeLessThan(8192)
    framer.push(bytesOf('"x",'.repeat(300_000)))
    framer.push(bytesOf('more'))
    framer.end()
    expect(framed).toEqual(['too-large'])
    expect(framer.heldBytes).toBe(0)
  })
})
