// Columns and line ends for a terminal. Colour codes take no room, so widths are those of the
// visible characters.

import { NO_BREAK, tight } from './tight.ts'

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold'
export type Paint = (colour: Colour, content: string) => string

const CODES: Readonly<Record<Colour, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 }
const ESC = '\u001b'
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

/**
 * A table without frames. The last left-aligned column is wrapped where the whole would be wider
 * than `width`.
 */
export function tableLines(table: {
  readonly head: readonly string[]
  readonly aligns: readonly ('left' | 'right')[]
  readonly rows: readonly (readonly string[])[]
  readonly width: number
  readonly paint: Paint
}): readonly string[] {
  const { head, aligns, rows, width, paint } = table
  const widths = fitted(natural([head, ...rows]), aligns, width)
  const cells = (row: readonly string[]): readonly string[] => rowLines(row, aligns, widths)
  return [...cells(head).map((line) => paint('dim', line)), ...rows.flatMap(cells)]
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

function natural(rows: readonly (readonly string[])[]): readonly number[] {
  const [head = []] = rows
  return head.map((_title, index) => Math.max(...rows.map((row) => columns(row[index] ?? ''))))
}

const NARROWEST = 8

/** Takes what is too much from the widest columns, those of words before those of numbers. */
function fitted(
  natural: readonly number[],
  aligns: readonly ('left' | 'right')[],
  width: number,
): readonly number[] {
  const widths = [...natural]
  let excess = natural.reduce((sum, one) => sum + one + 2, 0) - width
  for (const align of ['left', 'right'] as const) {
    while (excess > 0) {
      const widest = widths.reduce(
        (best, one, index) =>
          aligns[index] === align && one > (widths[best] ?? NARROWEST) ? index : best,
        -1,
      )
      const room = (widths[widest] ?? 0) - NARROWEST
      if (room <= 0) break
      widths[widest] = NARROWEST + room - 1
      excess -= 1
    }
  }
  return widths
}

function rowLines(
  row: readonly string[],
  aligns: readonly ('left' | 'right')[],
  widths: readonly number[],
): readonly string[] {
  const cells = row.map((cell, index) => cellLines(cell, widths[index] ?? 0))
  const height = Math.max(1, ...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_none, lineIndex) =>
    cells
      .map((lines, index) =>
        padded(lines[lineIndex] ?? '', widths[index] ?? 0, aligns[index] ?? 'left'),
      )
      .map((cell) => `  ${cell}`)
      .join('')
      .trimEnd(),
  )
}

/** Unlike a sentence, a cell may not grow over its column: a longer word is cut in pieces. */
function cellLines(cell: string, width: number): readonly string[] {
  return wrapped(cell, width, '').flatMap((line) => {
    if (columns(line) <= width || line.includes(ESC)) return [line]
    const characters = [...line]
    return Array.from({ length: Math.ceil(characters.length / width) }, (_none, index) =>
      characters.slice(index * width, (index + 1) * width).join(''),
    )
  })
}

function padded(content: string, width: number, align: 'left' | 'right'): string {
  const room = ' '.repeat(Math.max(0, width - columns(content)))
  return align === 'right' ? `${room}${content}` : `${content}${room}`
}

/** Wide East Asian characters and emoji take two columns. */
function columns(content: string): number {
  return [...content.replace(COLOUR_CODE, '')].reduce(
    (sum, character) =>
      sum +
      (/\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1),
    0,
  )
}
