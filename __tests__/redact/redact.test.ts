import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { FRAGMENT, Redactor } from '../../src/redact/redact.ts'

const KEY = 'sk-live-5f2c9a7d1e8b4c3f/+x'
const codes = (spell: (code: number) => string) => (text: string) =>
  [...text].map((sign) => spell(sign.charCodeAt(0))).join('')
const hex = (code: number) => code.toString(16).padStart(2, '0')

/** As servers, clients, shells and formats write a secret down. */
const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in capitals': (text) => text.toUpperCase(),
  'percent-encoded': encodeURIComponent,
  'percent-encoded in small letters': (text) => encodeURIComponent(text).toLowerCase(),
  'all percent signs': codes((code) => `%${hex(code)}`),
  'as JSON': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'as unicode escapes': codes((code) => `\\u00${hex(code)}`),
  'as character references': codes((code) => `&#${code};`),
  'as hexadecimal references': codes((code) => `&#x${hex(code)};`),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 of a header': (text) => Buffer.from(`Bearer ${text}`).toString('base64'),
  'base64 behind two bytes': (text) => Buffer.from(`ab${text}`).toString('base64'),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  wrapped: (text) => `${text.slice(0, 9)}\n    ${text.slice(9)}`,
  'with what nobody sees in it': (text) => [...text].join('\u200b'),
  'with a variation selector in it': (text) => `${text.slice(0, 6)}\ufe0f${text.slice(6)}`,
  'cut by the server': (text) => `${text.slice(0, 14)}…`,
  'without its beginning': (text) => text.slice(5),
}

/** The longest part of a text's plain letters and digits that the secret has as well. */
function longestShared(text: string, secret: string): number {
  let longest = 0
  for (let from = 0; from < secret.length; from += 1) {
    while (
      text.includes(secret.slice(from, from + longest + 1)) &&
      from + longest < secret.length
    ) {
      longest += 1
    }
  }
  return longest
}

describe('a secret', () => {
  for (const [name, spell] of Object.entries(SPELLINGS)) {
    it(`is found ${name}`, () => {
      const written = spell(KEY)
      const found = new Redactor([KEY]).text(`before ${written} behind`)
      expect(found).toMatch(/^before .{0,4}\*\*\*/)
      expect(found).toMatch(/ behind$/)
      expect(longestShared(found, written)).toBeLessThan(FRAGMENT / 2)
    })
  }

  it('is found behind what a config writes before it', () => {
    for (const filled of [`Bearer ${KEY}`, `token=${KEY}`, `team:${KEY}`]) {
      expect(new Redactor([filled]).text(`key ${KEY}.`)).toBe('key ***.')
    }
    expect(new Redactor(['Bearer hunter22']).text('key hunter22.')).toBe('key ***.')
  })

  it('of any letters, in any text, leaves no part of use', () => {
    const secret = fc.string({ unit: 'grapheme-ascii', minLength: 16, maxLength: 200 })
    const text = fc.string({ maxLength: 200 })
    fc.assert(
      fc.property(secret, text, text, (key, before, behind) => {
        const value = key.replaceAll(/\s/g, 'x')
        const found = new Redactor([value]).text(before + value + behind)
        expect(found.includes(value)).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('longer than anything that is kept of a text is found all the same', () => {
    const long = Array.from({ length: 350 }, (_, at) => `A${at}b`).join('')
    for (const cut of [300, 200, 80]) {
      expect(new Redactor([long]).text(`no: ${long.slice(0, cut)}`)).toBe('no: ***')
    }
    const often = new Redactor([KEY]).text(`${`${KEY} `.repeat(5)}`.slice(0, 128))
    expect(longestShared(often, KEY)).toBeLessThan(FRAGMENT)
  })

  it('leaves JSON whole', () => {
    const document = { key: KEY, list: [KEY.slice(0, 15), 1], [KEY]: '123456789012345' }
    const redactor = new Redactor([KEY, '123456789012345'])
    const found = redactor.json(JSON.stringify({ ...document, number: 123456789012345 }))
    expect(JSON.parse(found)).toEqual({
      key: '***',
      list: ['***', 1],
      '***': '***',
      number: 123456789012345,
    })
  })

  it('that is none, or too short to be one, changes nothing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(new Redactor(['', ' ', 'fast', 'eu-1']).text(text)).toBe(text)
      }),
    )
    expect(new Redactor([KEY]).text('sk-live is the kind of key')).toBe(
      'sk-live is the kind of key',
    )
  })
})
