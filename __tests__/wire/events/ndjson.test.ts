import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { encodeNdjson, NdjsonFramer } from '../../../src/wire/events/ndjson.ts'
import type { Create } from '../stream-replay.ts'
import { byteByByte, bytesOf, everyCut, frame, LINE_ENDS, listing } from '../stream-replay.ts'

function ndjson(limit?: number): Create {
  return (take) => new NdjsonFramer(take, limit)
}

function lines(text: string, limit?: number): readonly string[] {
  const framed = frame(ndjson(limit), [bytesOf(text)])
  return framed.map((one) => (one.kind === 'event' ? one.data : one.kind))
}

describe('the NDJSON parser', () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['reads one line', '{"a":1}\n', ['{"a":1}']],
    ['reads several lines of one read', '1\n2\n3\n', ['1', '2', '3']],
    ['skips empty lines', '\n1\n\n \n2\n\n', ['1', '2']],
    ['drops spaces around', ' 1 \n', ['1']],
    ['drops a byte order mark', '\uFEFF1\n', ['1']],
    ['reads a last line without its end', '1\n2', ['1', '2']],
    ['gives nothing for an empty body', '', []],
  ]

  it.each(rows)('%s', (_what, text, expected) => {
    expect(lines(text)).toEqual(expected)
  })

  it('reads back whatever JSON was written, for any line ends and any cut', () => {
    const lineEnd = fc.constantFrom(...Object.values(LINE_ENDS))
    fc.assert(
      fc.property(fc.array(fc.json(), { maxLength: 4 }), lineEnd, (values, end) => {
        const written = values.map((value) => JSON.stringify(JSON.parse(value)))
        const bytes = bytesOf(written.map(encodeNdjson).join('').replaceAll('\n', end))
        const expected = written.map((data) => ({ kind: 'event', name: '', data }))
        expect(frame(ndjson(), byteByByte(bytes))).toEqual(expected)
        for (const pieces of everyCut(bytes.subarray(0, 200))) {
          const whole = frame(ndjson(), [bytes.subarray(0, 200)])
          expect(frame(ndjson(), pieces)).toEqual(whole)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('stops a line that grows past the bound, and reads nothing after it', () => {
    const framer = listing(ndjson(100))
    const tooLarge = { kind: 'too-large', limitBytes: 100 }
    const read = Array.from({ length: 50 }, () => framer.push(bytesOf('x'.repeat(10)))).flat()
    expect(read).toEqual([tooLarge])
    expect(framer.push(bytesOf('\n1\n'))).toEqual([])
    expect(framer.end()).toEqual([])
  })

  it('gives the lines that came before one too long in the same read', () => {
    expect(lines(`1\n${'x'.repeat(101)}\n2\n`, 100)).toEqual(['1', 'too-large'])
  })
})
