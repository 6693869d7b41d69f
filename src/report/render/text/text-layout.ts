// Line ends, colours and bars for a terminal. Colour codes take no room, so widths are those of the
// visible characters. By hand: string-width and wrap-ansi are 17 kB of a bundle for these few lines, measure
// the same (the test holds it), and break neither a column of a table nor our spaces that do not break.

import { NO_BREAK, tight } from '../tight.ts'

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold'
export type Paint = (colour: Colour, content: string) => string

const CODES: Readonly<Record<Colour, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 }
export const ESC = '\u001b'
const COLOUR_CODE = new RegExp(`${ESC}\\[\\d+m`, 'g')
const BARS = '▁▂▃▄▅▆▇█'

export function painter({ color }: { readonly color: boolean }): Paint {
  return color
    ? (colour, content) => `${ESC}[${CODES[colour]}m${content}${ESC}[0m`
    : (_colour, content) => content
}

/** Lines of at most `width` columns, broken between words; a longer word stands alone. */
export function wrapped(content: string, width: number, indent: string): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of tight(content).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && columns(longer) > width - indent.length) {
      lines.push(`${indent}${line}`)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, `${indent}${line}`].map((one) => one.replaceAll(NO_BREAK, ' '))
}

/** One bar a value, the highest of all series full; a failure is a cross. */
export function sparkline(values: readonly number[], highest: number): string {
  return values
    .map((value) => {
      if (!Number.isFinite(value)) return '×'
      const step = Math.round((value / Math.max(highest, Number.MIN_VALUE)) * (BARS.length - 1))
      return BARS[Math.min(BARS.length - 1, Math.max(0, step))] ?? ''
    })
    .join('')
}

/** Neither wide nor combined with what stands beside them: most of what is ever measured. */
const PLAIN = /^[\x20-\x7e\xa0-\xac\xae-\xff\u2010-\u2027\u2030-\u205e\u2200-\u22ff\u2500-\u259f]*$/
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u
const INVISIBLE = /^[\p{Mark}\p{Cf}\p{Cc}]+$/u
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Wide East Asian characters and emoji take two columns, what is drawn over another one none. */
export function columns(content: string): number {
  const visible = content.replace(COLOUR_CODE, '')
  if (PLAIN.test(visible)) return visible.length
  return [...GRAPHEMES.segment(visible)].reduce((sum, { segment }) => {
    if (INVISIBLE.test(segment)) return sum
    return sum + (WIDE.test(segment) ? 2 : 1)
  }, 0)
}
