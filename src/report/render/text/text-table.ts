// A table without frames for a terminal. Where it is too wide, the column with the longest words is
// wrapped; where that leaves it too little room, it stands on lines of its own below each row.
// By hand, for the reason that `text-layout.ts` gives.

import { columns, ESC, type Paint, wrapped } from './text-layout.ts'

export type TextTable = {
  readonly head: readonly string[]
  readonly aligns: readonly ('left' | 'right')[]
  readonly rows: readonly (readonly string[])[]
  readonly width: number
  readonly paint: Paint
}

const GAP = 2
/** A column of words is not worth reading below this. */
const READABLE = 30
const NARROWEST = 8

export function tableLines(table: TextTable): readonly string[] {
  const { head, rows, width, paint } = table
  const whole = naturalWidths([head, ...rows])
  if (total(whole) <= width) return drawn(table, whole)
  const natural = brokenTitleWidths([head, ...rows])
  const words = wordiestColumn(table, natural)
  const others = total(natural.filter((_one, index) => index !== words))
  if (words === -1 || width - others - GAP >= READABLE) {
    const fitted = natural.map((one, index) =>
      index === words ? Math.min(one, Math.max(READABLE, width - others - GAP)) : one,
    )
    return drawn(table, fitted)
  }
  const without = withoutColumn(table, words)
  const [headline = [], ...lines] = drawnRows(
    without,
    brokenTitleWidths([without.head, ...without.rows]),
  )
  return [
    ...headline.map((line) => paint('dim', line)),
    ...lines.flatMap((line, index) => [
      ...line,
      ...below(table, rows[index]?.[words] ?? '', words),
    ]),
  ]
}

/** Indented under its row, with its title; a dash says nothing and is left out. */
function below(table: TextTable, content: string, column: number): readonly string[] {
  if (content === '' || content === '–') return []
  const title = (table.head[column] ?? '').toLowerCase()
  return wrapped(`${title}: ${content}`, table.width, '      ').map((line) =>
    table.paint('dim', line),
  )
}

function withoutColumn(table: TextTable, column: number): TextTable {
  const kept = <T>(list: readonly T[]): readonly T[] =>
    list.filter((_one, index) => index !== column)
  return {
    ...table,
    head: kept(table.head),
    aligns: kept(table.aligns),
    rows: table.rows.map(kept),
  }
}

/** The widest left-aligned column after the first, which names the row; -1 when there is none. */
function wordiestColumn({ aligns }: TextTable, widths: readonly number[]): number {
  return widths.reduce(
    (best, one, index) =>
      index > 0 && aligns[index] === 'left' && one > (widths[best] ?? 0) ? index : best,
    -1,
  )
}

function naturalWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const [head = []] = rows
  return head.map((_title, index) => Math.max(...rows.map((row) => columns(row[index] ?? ''))))
}

/** As wide as the widest cell: a title is broken between its words. */
function brokenTitleWidths([
  head = [],
  ...body
]: readonly (readonly string[])[]): readonly number[] {
  const longest = head.map((title) => title.split(' '))
  const words = Math.max(0, ...longest.map((title) => title.length))
  const broken = Array.from({ length: words }, (_none, position) =>
    longest.map((title) => title[position] ?? ''),
  )
  return naturalWidths([head.map(() => ''), ...broken, ...body])
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one + GAP, 0)
}

function drawn(table: TextTable, widths: readonly number[]): readonly string[] {
  const [head = [], ...rows] = drawnRows(table, widths)
  return [...head.map((line) => table.paint('dim', line)), ...rows.flat()]
}

/** What is still too wide is taken from the widest columns, one by one. */
function drawnRows(table: TextTable, natural: readonly number[]): readonly (readonly string[])[] {
  const widths = [...natural]
  for (let excess = total(widths) - table.width; excess > 0; excess--) {
    const widest = widths.indexOf(Math.max(...widths))
    const now = widths[widest] ?? 0
    if (now <= NARROWEST) break
    widths[widest] = now - 1
  }
  return [table.head, ...table.rows].map((row) => rowLines(row, table.aligns, widths))
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
      .map((cell) => `${' '.repeat(GAP)}${cell}`)
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
