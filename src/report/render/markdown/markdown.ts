// A document as GitHub Markdown: the pull request's comment and the job's summary. Whatever must go
// for want of room, the verdict, the alert and the rows that block stay.

import type {
  Alert,
  Block,
  Detail,
  Phrase,
  ReportDocument,
  Row,
  Section,
  Sentence,
  Table,
} from '../../../model/report-document.ts'
import {
  codeMarkdown,
  escapeLineStart,
  escapeMarkdown,
  escapeMarkdownHtml,
  isWebAddress,
} from '../escape.ts'
import { EMOJI } from '../marks.ts'
import { NO_BREAK, tight } from '../tight.ts'
import { mermaid } from './mermaid.ts'

/** GitHub refuses more than 1 MiB a step; a step may write something of its own as well. */
const SUMMARY_MAX_BYTES = 1_000_000

/** How much is shown, from everything to what cannot be left out. */
type Room = {
  readonly charts: boolean
  readonly details: 'all' | 'blocking' | 'none'
  readonly rows: 'all' | 'kept'
}

const ROOMS: readonly Room[] = [
  { charts: true, details: 'all', rows: 'all' },
  { charts: false, details: 'all', rows: 'all' },
  { charts: false, details: 'blocking', rows: 'all' },
  { charts: false, details: 'none', rows: 'all' },
  { charts: false, details: 'none', rows: 'kept' },
]

const SHORTENED =
  '<sub>Shortened to fit into a comment. The whole report is in the job summary and the report folder.</sub>'

/**
 * The comment. At most `maxCharacters` long: held against the size in UTF-8 bytes, which is never smaller
 * than that in characters.
 */
export function markdown(document: ReportDocument, maxCharacters: number): string {
  for (const room of ROOMS) {
    const text = join([...whole(document, room), ...(isFull(room) ? [] : [SHORTENED])])
    if (bytes(text) <= maxCharacters) return text
  }
  return essential(document, maxCharacters)
}

/** The job's summary: the same in the room that a summary has. */
export function summaryMarkdown(document: ReportDocument): string {
  return markdown(document, SUMMARY_MAX_BYTES)
}

function isFull(room: Room): boolean {
  return room.charts
}

function whole(document: ReportDocument, room: Room): readonly string[] {
  const shared = room.details === 'none' ? [] : document.details
  return [
    title(document),
    alertBox(document.alert),
    ...proposals(document.proposals),
    ...(document.overview === undefined ? [] : [table(document.overview, room)]),
    ...document.sections.flatMap((one) => section(one, room)),
    ...shared.map((part) => detail(part, room)),
    `<sub>${inline(document.foot)}</sub>`,
  ]
}

function title(document: ReportDocument): string {
  return `### ${EMOJI[document.mark]} ${escapeMarkdown(document.headline)}`
}

function alertBox(alert: Alert): string {
  const lines = alert.lines.map((line) => `> ${paragraph(line)}`)
  return [`> [!${alert.level.toUpperCase()}]`, lines.join('\n>\n')].join('\n')
}

function proposals([opening, ...items]: ReportDocument['proposals'] = []): readonly string[] {
  if (opening === undefined) return []
  return [paragraph(opening), items.map((item) => `* ${paragraph(item)}`).join('\n')]
}

/** A gate that does not block is folded whole, where there are several. */
function section(one: Section, room: Room): readonly string[] {
  if (room.rows === 'kept' && !one.keep) return []
  const body = sectionBody(one, room)
  if (one.title === undefined) return body
  if (one.keep) return [`#### ${EMOJI[one.mark]} ${inline(one.title)}`, ...body]
  return [fold(`${EMOJI[one.mark]} ${summaryInline(one.title)}`, body)]
}

function sectionBody(one: Section, room: Room): readonly string[] {
  const details =
    room.details === 'all' || (room.details === 'blocking' && one.keep) ? one.details : []
  return [
    ...(one.table === undefined ? [] : [table(one.table, room)]),
    ...one.remarks.map(paragraph),
    ...(one.next.length === 0 ? [] : ['**Next steps**', steps(one.next)]),
    ...details.map((part) => detail(part, room)),
  ]
}

function detail(part: Detail, room: Room): string {
  const blocks = part.blocks.flatMap((one) => block(one, room))
  return blocks.length === 0 ? '' : fold(summaryInline(part.title), blocks)
}

function fold(summary: string, parts: readonly string[]): string {
  return join([`<details><summary>${summary}</summary>`, ...parts, '</details>'])
}

function block(one: Block, room: Room): readonly string[] {
  switch (one.kind) {
    case 'paragraph':
      return [paragraph(one.sentence)]
    case 'list':
      return [one.items.map((item) => `* ${paragraph(item)}`).join('\n')]
    case 'steps':
      return [steps(one.items)]
    case 'table':
      return [table(one.table, room)]
    case 'chart':
      if (one.chart.kind === 'dots') return []
      return [...(room.charts ? mermaid(one.chart) : []), table(one.chart.twin, room)]
  }
}

function steps(items: readonly Sentence[]): string {
  return items.map((item, index) => `${index + 1}. ${paragraph(item)}`).join('\n')
}

function table({ columns, rows }: Table, room: Room): string {
  const shown = room.rows === 'all' ? rows : rows.filter((row) => row.keep)
  const head = `| ${columns.map((column) => inline(column.title)).join(' | ')} |`
  const rule = `|${columns.map((column) => (column.align === 'right' ? '--:' : ':--')).join('|')}|`
  return [head, rule, ...shown.map(line)].join('\n')
}

function line(row: Row): string {
  return `| ${row.cells.map(cell).join(' | ')} |`
}

/** In a narrow column a mark stays with its word, too. */
function cell(sentence: Sentence): string {
  return tight(inline(sentence)).replace(MARK_AND_WORD, `$1${NO_BREAK}`)
}

const MARK_AND_WORD = new RegExp(`^(${Object.values(EMOJI).join('|')}) `)

function paragraph(sentence: Sentence): string {
  return escapeLineStart(inline(sentence))
}

function inline(sentence: Sentence): string {
  return sentence.map(phraseMarkdown).join('').trim()
}

function phraseMarkdown(phrase: Phrase): string {
  switch (phrase.kind) {
    case 'text':
      return escapeMarkdown(phrase.text)
    case 'strong':
      return `**${escapeMarkdown(phrase.text)}**`
    case 'code':
      return codeMarkdown(phrase.text)
    case 'link':
      return isWebAddress(phrase.href)
        ? `[${escapeMarkdown(phrase.text)}](${phrase.href})`
        : escapeMarkdown(phrase.text)
    case 'mark':
      return EMOJI[phrase.mark]
  }
}

/** A summary line is HTML: Markdown is not read in it. */
function summaryInline(sentence: Sentence): string {
  return sentence
    .map((phrase) => {
      if (phrase.kind === 'mark') return EMOJI[phrase.mark]
      const text = escapeMarkdownHtml(phrase.text)
      return phrase.kind === 'code' ? `<code>${text}</code>` : text
    })
    .join('')
}

/** The last resort: the verdict, the alert, and as many blocking rows as there is room for. */
function essential(document: ReportDocument, maxCharacters: number): string {
  const opening = join([title(document), alertBox(document.alert)])
  const closing = join([SHORTENED, `<sub>${inline(document.foot)}</sub>`])
  const rows = document.sections.flatMap(
    (one) => one.table?.rows.filter((row) => row.keep).map((row) => named(one, row)) ?? [],
  )
  // The sentence on what is left out takes less than this.
  let room = maxCharacters - bytes(opening) - bytes(closing) - 80
  const shown: string[] = []
  for (const row of rows) {
    room -= bytes(row) + 1
    if (room < 0) break
    shown.push(row)
  }
  const left = rows.length - shown.length
  const more = left === 0 ? '' : `And ${left} more that block.`
  return clippedBytes(join([opening, shown.join('\n'), more, closing]), maxCharacters)
}

function named(one: Section, row: Row): string {
  const gate = one.title === undefined ? '' : `${inline(one.title.slice(0, 1))}: `
  return `* ${gate}${row.cells.map(cell).join(' · ')}`
}

function clippedBytes(text: string, maxBytes: number): string {
  if (bytes(text) <= maxBytes) return text
  const encoded = new TextEncoder().encode(text).slice(0, maxBytes)
  return new TextDecoder().decode(encoded).replace(/\ufffd+$/, '')
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length
}

/** Parts with a blank line between them, which Markdown needs around HTML, tables and lists. */
function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}
