import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { encodeSse, SseFramer } from '../../../src/wire/events/sse.ts'
import type { Create } from '../stream-replay.ts'
import { byteByByte, bytesOf, everyCut, frame, LINE_ENDS, listing } from '../stream-replay.ts'

type Event = readonly [name: string, data: string]

function sse(limit?: number): Create {
  return (take) => new SseFramer(take, limit)
}

function events(text: string, limit?: number): readonly Event[] {
  return named(frame(sse(limit), [bytesOf(text)]))
}

function named(framed: ReturnType<typeof frame>): readonly Event[] {
  return framed.map((one) => (one.kind === 'event' ? [one.name, one.data] : ['', one.kind]))
}

describe('the server-sent events parser', () => {
  const rows: readonly (readonly [string, string, readonly Event[]])[] = [
    ['reads one event', 'data: a\n\n', [['', 'a']]],
    [
      'reads several events of one read',
      'data: a\n\ndata: b\n\n',
      [
        ['', 'a'],
        ['', 'b'],
      ],
    ],
    ['reads data without a space', 'data:a\n\n', [['', 'a']]],
    ['takes away one space only', 'data:  a\n\n', [['', ' a']]],
    ['joins data lines with a line feed', 'data: a\ndata: b\n\n', [['', 'a\nb']]],
    ['keeps an empty data line', 'data: a\ndata\ndata:\ndata: b\n\n', [['', 'a\n\n\nb']]],
    ['reads empty data as an event', 'data:\n\n', [['', '']]],
    ['reads the name', 'event: ping\ndata: {}\n\n', [['ping', '{}']]],
    ['reads the name after the data', 'data: {}\nevent: ping\n\n', [['ping', '{}']]],
    [
      'forgets the name with its event',
      'event: a\ndata: 1\n\ndata: 2\n\n',
      [
        ['a', '1'],
        ['', '2'],
      ],
    ],
    ['drops a name without data', 'event: a\n\ndata: 2\n\n', [['', '2']]],
    ['drops comments', ': ping\n\n:\ndata: a\n: more\n\n', [['', 'a']]],
    ['drops id, retry and unknown fields', 'id: 1\nretry: 5\ndatum: x\ndata: a\n\n', [['', 'a']]],
    ['drops a byte order mark', '\uFEFFdata: a\n\n', [['', 'a']]],
    ['keeps colons in data', 'data: a: b\n\n', [['', 'a: b']]],
    [
      'reads an event that the body ended within',
      'data: a\n\ndata: b',
      [
        ['', 'a'],
        ['', 'b'],
      ],
    ],
    ['reads an event whose empty line is missing', 'data: b\n', [['', 'b']]],
    ['gives nothing for an empty body', '', []],
    ['gives nothing for a page of HTML', '<!DOCTYPE html>\n<p>a: b</p>\n\n', []],
  ]

  it.each(rows)('%s', (_what, text, expected) => {
    expect(events(text)).toEqual(expected)
  })

  it.each(Object.entries(LINE_ENDS))('ends lines with %s', (_name, end) => {
    const text = 'event: x\ndata: a\ndata: é\n\n: c\n\ndata: b\n\n'.replaceAll('\n', end)
    const expected = [
      ['x', 'a\né'],
      ['', 'b'],
    ]
    for (const pieces of everyCut(bytesOf(text))) {
      expect(named(frame(sse(), pieces))).toEqual(expected)
    }
    expect(named(frame(sse(), byteByByte(bytesOf(text))))).toEqual(expected)
  })

  it('gives an event ended by a CR without waiting for what follows', () => {
    const framer = listing(sse())
    expect(framer.push(bytesOf('data: a\r\r'))).toEqual([{ kind: 'event', name: '', data: 'a' }])
    expect(framer.push(bytesOf('\ndata: b\r\n\r\n'))).toEqual([
      { kind: 'event', name: '', data: 'b' },
    ])
  })

  it('replaces bytes that are no UTF-8', () => {
    const bytes = Uint8Array.from([...bytesOf('data: a'), 0xff, 10, 10])
    expect(frame(sse(), [bytes])).toEqual([{ kind: 'event', name: '', data: 'a\uFFFD' }])
  })

  it('reads back whatever the encoder wrote, for any line ends and any cuts', () => {
    const name = fc.stringMatching(/^[a-z_.]{0,12}$/)
    const event = fc.record({ name, data: fc.string({ unit: 'binary' }) })
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 })
    const lineEnd = fc.constantFrom(...Object.values(LINE_ENDS))
    fc.assert(
      fc.property(fc.array(event), cuts, lineEnd, (written, sizes, end) => {
        const text = written.map(encodeSse).join('').replaceAll('\n', end)
        const read = named(frame(sse(), cutInto(bytesOf(text), sizes)))
        expect(read).toEqual(written.map((e) => [e.name, withLineFeeds(e.data)]))
      }),
    )
  })

  it('reads any bytes the same however they are cut', () => {
    const soup = fc.array(
      fc.constantFrom('data', ':', ' ', '\n', '\r', '\r\n', 'event', 'é', '🙂', '\uFEFF', 'x'),
    )
    const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 })
    fc.assert(
      fc.property(soup, cuts, (parts, sizes) => {
        const bytes = bytesOf(parts.join(''))
        const whole = frame(sse(), [bytes])
        expect(frame(sse(), cutInto(bytes, sizes))).toEqual(whole)
        expect(frame(sse(), byteByByte(bytes))).toEqual(whole)
      }),
    )
  })
})

describe('the bound on one event', () => {
  const LIMIT = 1000
  const tooLarge = { kind: 'too-large', limitBytes: LIMIT }
  const x = (times: number) => 'x'.repeat(times)

  const attacks: readonly (readonly [string, () => Iterable<string>])[] = [
    ['one line without end', () => repeat('data: ', x(100))],
    ['data lines without end', () => repeat('', `data: ${x(50)}\n`)],
    ['empty data lines without end', () => repeat('', 'data\n')],
    ['a comment without end', () => repeat(': ', x(100))],
    ['a name without end', () => repeat('event: ', x(100))],
    ['one read with a line too long', () => [`data: ${x(LIMIT)}\n\n`]],
  ]

  function* repeat(first: string, more: string): Generator<string> {
    yield first
    for (let i = 0; i < 2 * LIMIT; i += 1) yield more
  }

  it.each(attacks)('stops %s', (_what, pieces) => {
    const framer = listing(sse(LIMIT))
    const framed = [...pieces()].flatMap((piece) => framer.push(bytesOf(piece)))
    expect(framed).toEqual([tooLarge])
    expect(framer.push(bytesOf('\n\ndata: a\n\n'))).toEqual([])
    expect(framer.end()).toEqual([])
  })

  it('gives the events that came before in the same read', () => {
    const read = frame(sse(LIMIT), [bytesOf(`data: a\n\ndata: ${x(LIMIT)}\n\ndata: b\n\n`)])
    expect(read).toEqual([{ kind: 'event', name: '', data: 'a' }, tooLarge])
  })

  it('lets a stream of small events be as long as it likes', () => {
    const framer = listing(sse(LIMIT))
    for (let i = 0; i < 100; i += 1) {
      expect(framer.push(bytesOf(`data: ${x(LIMIT / 2)}\n\n`))).toHaveLength(1)
    }
  })
})

describe('the server-sent events encoder', () => {
  it('writes data of several lines as several data lines', () => {
    expect(encodeSse({ data: 'a\nb\r\nc\rd' })).toBe('data: a\ndata: b\ndata: c\ndata: d\n\n')
  })

  it('writes the name first, and none that is empty', () => {
    expect(encodeSse({ name: 'ping', data: '{}' })).toBe('event: ping\ndata: {}\n\n')
    expect(encodeSse({ name: '', data: '{}' })).toBe('data: {}\n\n')
  })
})

/** Pieces of these sizes, over and over, until the bytes are used up. */
function cutInto(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

/** What the encoding cannot keep: which line end it was, and lone surrogates. */
function withLineFeeds(data: string): string {
  return data.replaceAll(/\r\n|\r/g, '\n').toWellFormed()
}
