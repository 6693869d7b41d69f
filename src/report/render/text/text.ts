// A document as plain text for a terminal or a job's log. Lines are wrapped at the given width; none
// of them can be taken for a command of the runner, and colour never says what words do not.

import type {
  Block,
  Chart,
  Detail,
  Mark,
  Phrase,
  ReportDocument,
  Section,
  Sentence,
} from '../../../model/report-document.ts'
import { escapeLogLine, escapeText, isWebAddress } from '../escape.ts'
import { SIGN } from '../marks.ts'
import { type Paint, painter, sparkline, wrapped } from './text-layout.ts'
import { tableLines } from './text-table.ts'

export { painter, wrapped } from './text-layout.ts'
export { tableLines } from './text-table.ts'

export type TextOptions = { readonly color: boolean; readonly width: number }

type Pen = { readonly paint: Paint; readonly width: number }

/** The whole document; details are printed open, but for a section that judged nothing. */
export function text(document: ReportDocument, options: TextOptions): string {
  const pen: Pen = { paint: painter(options), width: Math.max(40, options.width) }
  const lines = [
    ...heading(document.mark, escapeText(document.headline), pen),
    '',
    ...document.alert.lines.flatMap((line) => wrapped(inline(line, pen), pen.width, '  ')),
    ...proposals(document.proposals, pen),
    ...(document.overview === undefined
      ? []
      : ['', ...block({ kind: 'table', table: document.overview }, pen)]),
    ...document.sections.flatMap((one) => section(one, pen)),
    ...document.details.flatMap((one) => detail(one, pen)),
    '',
    ...wrapped(pen.paint('dim', inline(document.foot, pen)), pen.width, ''),
  ]
  return `${lines.map(escapeLogLine).join('\n')}\n`
}

function proposals(
  [opening, ...items]: ReportDocument['proposals'] = [],
  pen: Pen,
): readonly string[] {
  if (opening === undefined) return []
  return [
    '',
    ...wrapped(inline(opening, pen), pen.width, '  '),
    ...block({ kind: 'list', items }, pen),
  ]
}

function heading(mark: Mark, content: string, pen: Pen): readonly string[] {
  return wrapped(`${SIGN[mark]} ${content}`, pen.width, '').map((line) =>
    pen.paint(COLOURS[mark], line),
  )
}

function section(one: Section, pen: Pen): readonly string[] {
  const opening =
    one.title === undefined ? [] : ['', ...heading(one.mark, inline(one.title, pen), pen)]
  return [
    ...opening,
    ...(one.table === undefined || one.brief
      ? []
      : ['', ...block({ kind: 'table', table: one.table }, pen)]),
    ...one.remarks.flatMap((remark) => ['', ...wrapped(inline(remark, pen), pen.width, '  ')]),
    ...(one.next.length === 0
      ? []
      : ['', pen.paint('bold', 'Next steps'), ...block({ kind: 'steps', items: one.next }, pen)]),
    ...(one.brief ? [] : one.details.flatMap((part) => detail(part, pen))),
  ]
}

function detail(part: Detail, pen: Pen): readonly string[] {
  return [
    '',
    pen.paint('bold', inline(part.title, pen)),
    ...part.blocks.flatMap((one) => block(one, pen)),
  ]
}

function block(one: Block, pen: Pen): readonly string[] {
  switch (one.kind) {
    case 'paragraph':
      return wrapped(inline(one.sentence, pen), pen.width, '  ')
    case 'list':
      return one.items.flatMap((item) => hanging('  - ', inline(item, pen), pen))
    case 'steps':
      return one.items.flatMap((item, index) => hanging(`  ${index + 1}. `, inline(item, pen), pen))
    case 'table':
      return tableLines({
        head: one.table.columns.map((column) => inline(column.title, pen)),
        aligns: one.table.columns.map((column) => column.align),
        rows: one.table.rows.map((row) => row.cells.map((cell) => inline(cell, pen))),
        width: pen.width,
        paint: pen.paint,
      })
    case 'chart':
      return chartLines(one.chart, pen)
  }
}

function hanging(bullet: string, content: string, pen: Pen): readonly string[] {
  const [first = '', ...rest] = wrapped(content, pen.width - bullet.length, '')
  return [`${bullet}${first}`, ...rest.map((line) => `${' '.repeat(bullet.length)}${line}`)]
}

/** The shape as one line of bars a series, and what it shows as a sentence. */
function chartLines(chart: Chart, pen: Pen): readonly string[] {
  const described = wrapped(escapeText(chart.description), pen.width, '  ')
  if (chart.kind === 'dots') return described
  const nameWidth = Math.max(...chart.series.map(({ name }) => name.length))
  const highest = Math.max(...chart.series.flatMap(({ values }) => values.filter(Number.isFinite)))
  const bars = chart.series.map(
    ({ name, values }) => `  ${escapeText(name).padEnd(nameWidth)}  ${sparkline(values, highest)}`,
  )
  return [...described, ...bars]
}

function inline(sentence: Sentence, pen: Pen): string {
  return sentence
    .map((one) => phraseText(one, pen))
    .join('')
    .trim()
}

function phraseText(phrase: Phrase, pen: Pen): string {
  switch (phrase.kind) {
    case 'text':
    case 'code':
      return escapeText(phrase.text)
    case 'strong':
      return pen.paint('bold', escapeText(phrase.text))
    case 'link':
      return isWebAddress(phrase.href)
        ? `${escapeText(phrase.text)} ${phrase.href}`
        : escapeText(phrase.text)
    case 'mark':
      return pen.paint(COLOURS[phrase.mark], SIGN[phrase.mark])
  }
}

const COLOURS: Readonly<Record<Mark, 'green' | 'red' | 'yellow' | 'dim'>> = {
  good: 'green',
  better: 'green',
  bad: 'red',
  doubt: 'yellow',
  open: 'yellow',
  off: 'dim',
  broken: 'red',
  accepted: 'green',
}
