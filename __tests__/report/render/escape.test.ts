// Text that was written to deceive, in each format. What GitHub makes of Markdown was looked at with a
// renderer of its dialect; here the patterns that it acts on must be gone.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  codeMarkdown,
  escapeHtml,
  escapeLineStart,
  escapeLog,
  escapeLogLine,
  escapeMarkdown,
  escapeMarkdownHtml,
  escapeMetricLabel,
  escapeXml,
  isWebAddress,
  visible,
} from '../../../src/report/render/escape.ts'
import { gitlabNote } from '../../../src/report/render/gitlab/gitlab.ts'

/** Shown in a comment as the reader sees it: references resolved, breaks and backslashes gone. */
function shown(markdown: string): string {
  return markdown
    .replace(/<\/?(?:span|code)>/g, '')
    .replace(/&#8203;/g, '')
    .replace(/\\(?=[`*_~!\][])/g, '')
    .replace(/&#(\d+);/g, (_all, code) => String.fromCodePoint(Number(code)))
}

/** What GitHub acts on, in Markdown that holds nothing but escaped foreign text. */
const ACTIVE: readonly (readonly [string, RegExp])[] = [
  ['a mention', /@(?!&#8203;)\S/],
  ['a cross-reference', /(?<!&)#\d|\bgh-\d/i],
  ['an address', /:\/\/|\bwww\.|\b(?:mailto|xmpp):(?!&)/i],
  ['an emoji', /(?<!\d):[a-z0-9_+-]+:/i],
  ['an element', /<(?! |\/?span>)/],
  ['a table cell', /\|/],
  ['a code span', /(?<!\\)`/],
  ['emphasis', /(?<!\\)[*_~]/],
  ['a link', /(?<!\\)\](?=[([:])/],
  ['a formula', /(?<!<span>)\$(?!\d)/],
  ['a line end', /[\r\n]/],
]

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        ...'@octocat|#12|GH-3|https://x.y|www.x|<b>|</details>|-->|`|```|**|[a](b)|![|\\|\\\\|$x$|:tada:|::error|\n|\u202e|\u200b|mailto:a@b|&lt;|&#64;|:|$|]|('.split(
          '|',
        ),
        '|',
        '\\|',
      ),
    )
    .map((parts) => parts.join('')),
)

describe('what nobody can see', () => {
  const unseen = [
    0x00, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x034f, 0x061c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b,
    0x180e, 0x200b, 0x200d, 0x202e, 0x2060, 0x2066, 0x2800, 0x3164, 0xfe00, 0xfe0f, 0xfeff, 0xffa0,
    0xfff9, 0xe0001, 0xe0041, 0xe0100, 0xe000,
  ].map((code) => String.fromCodePoint(code))

  it('shows in every format, the log among them, so no two names look the same', () => {
    for (const sign of unseen) {
      const name = `gpt${sign}4`
      for (const shows of [visible, escapeLog]) expect(shows(name)).toBe('gpt\ufffd4')
    }
  })

  it('does not come back by any text', () => {
    const classes = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...unseen), (text, sign) => {
        expect(visible(text + sign + text)).not.toMatch(classes)
        expect(escapeLog(text + sign).replaceAll(/[\t\n]/g, '')).not.toMatch(classes)
        expect(escapeLog(`${text}\n::error::x\n##[command]`)).not.toMatch(/^\s*::|##\[/m)
      }),
      { numRuns: 5000 },
    )
  })

  it('before www. keeps it from becoming a link', () => {
    expect(escapeMarkdown('_www.example.com')).not.toMatch(/www\./)
  })
})

describe('foreign text in Markdown', () => {
  it.each(ACTIVE)('never makes %s', (_name, pattern) => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(escapeMarkdown(text)).not.toMatch(pattern)
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  it('is read as it was written', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(shown(escapeMarkdown(text))).toBe(visible(text))
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  it('stays readable where nothing is dangerous', () => {
    const plain = 'TTFT p95: 412 ms → 498 ms, +20.8 % [+12.4 %, +29.8 %], $0.0018 (10:30:00)'
    expect(escapeMarkdown(plain)).toBe(plain)
  })

  it('inside an element needs no backslash', () => {
    expect(escapeMarkdownHtml('a_b*c`d|e\\f <x>')).toBe(
      'a&#95;b&#42;c&#96;d&#124;e&#92;f &#60;x&#62;',
    )
  })

  it('as code ends neither the span nor the cell', () => {
    expect(codeMarkdown('main')).toBe('`main`')
    expect(codeMarkdown('a`b')).toBe('<code>a&#96;b</code>')
    expect(codeMarkdown('a|b')).toBe('<code>a&#124;b</code>')
    expect(codeMarkdown('a\\')).toBe('<code>a&#92;</code>')
    expect(codeMarkdown(' ')).toBe('(empty)')
  })

  it('at the start of a line makes no heading, list or rule', () => {
    for (const line of ['# a', '- a', '+ a', '= a', '1. a', '12) a', '---']) {
      expect(escapeLineStart(line)).toBe(`&#8203;${line}`)
    }
    expect(escapeLineStart('a # b')).toBe('a # b')
  })
})

describe('foreign text in HTML', () => {
  it('never makes an element, an attribute or a reference', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!#\d+;)/)
      }),
      { seed: 7 },
    )
  })
})

describe('foreign text in a log', () => {
  it('is no command at the start of a line or within', () => {
    expect(escapeLogLine('  ::error::x')).toBe('  : :error::x')
    expect(escapeLogLine('a ##[error]b ##[x]')).toBe('a ## [error]b ## [x]')
    expect(escapeLogLine('gate: ::x')).toBe('gate: ::x')
  })
})

describe('what nobody can see', () => {
  it('becomes one visible sign, and line ends become spaces', () => {
    expect(visible('a\u001b[31m\u202eb\u200b\ufeff\ud800c\r\n\td\u2028e')).toBe(
      'a\ufffd[31m\ufffdb\ufffd\ufffd\ufffdc d e',
    )
  })
})

describe('an address', () => {
  it.each([
    ['https://github.com/acme/search/actions/runs/1', true],
    ['http://127.0.0.1:8080/x?y=1', true],
    ['javascript:alert(1)', false],
    ['https://x.y/a b', false],
    ['https://x.y/)![', false],
    ['https://x.y/"onclick=', false],
    ['data:text/html,x', false],
  ])('%s becomes a link: %s', (href, isLink) => {
    expect(isWebAddress(href)).toBe(isLink)
  })
})

describe('text for other forges', () => {
  const foreign = fc.string({ unit: 'binary' })

  it('leaves XML nothing to act on, and no character that it forbids', () => {
    fc.assert(
      fc.property(foreign, (text) => {
        const escaped = escapeXml(text)
        expect(escaped).not.toMatch(/[<>"']|&(?!#\d+;)/)
        // Char of XML 1.0, section 2.2.
        expect(escaped).toMatch(/^[\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u)
      }),
    )
    expect(escapeXml('a\ufffe\uffffb')).toBe('a\ufffd\ufffdb')
  })

  it('ends no label of a metric early', () => {
    fc.assert(
      fc.property(foreign, (text) => {
        expect(escapeMetricLabel(text)).toMatch(/^(?:[^"\\\n]|\\["\\])*$/)
      }),
    )
  })

  it('gives GitLab no command in a note, at whatever depth', () => {
    const note = gitlabNote('/close\nfine /merge\n  /label ~x\n')
    expect(note.split('\n').filter((line) => /^\s*\//.test(line))).toEqual([])
    expect(note).toContain('fine /merge')
  })
})
