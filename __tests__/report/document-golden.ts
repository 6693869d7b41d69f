// A report's document as a reviewer reads it: JSON in which a sentence, a row of a table and a series
// of a chart are one line each. What stands under a fold exactly as in the plain passed report is
// counted, not repeated, so that a state's file shows the state and a changed word few files.

import type {
  Block,
  Chart,
  Detail,
  Phrase,
  ReportDocument,
  Section,
  Sentence,
  Table,
} from '../../src/model/report-document.ts'

type Shown = string | boolean | readonly Shown[] | { readonly [key: string]: Shown | undefined }

const WIDTH = 100

/** `usual` is the document whose folded lines are known; absent = all of them are written. */
export function documentGolden(document: ReportDocument, usual?: ReportDocument): string {
  const known = new Set(usual?.sections.flatMap(({ details }) => details.flatMap(linesUnder)))
  return `${printed(shownDocument(document, known), '')}\n`
}

function linesUnder(detail: Detail): readonly string[] {
  return detail.blocks.flatMap(blockLines).map((line) => `${inWords(detail.title)}: ${line}`)
}

function shownDocument(document: ReportDocument, known: ReadonlySet<string>): Shown {
  const { mark, headline, alert, proposals, overview, sections, details, foot } = document
  return {
    mark,
    headline,
    alert: { [alert.level]: alert.lines.map(inWords) },
    proposals: proposals?.map(inWords),
    overview: overview && tableLines(overview),
    sections: sections.map((section) => shownSection(section, known)),
    details: folds(details, known),
    foot: inWords(foot),
  }
}

function shownSection(section: Section, known: ReadonlySet<string>): Shown {
  const { title, mark, keep, brief, table, remarks, next, details } = section
  return {
    title: title && inWords(title),
    is: [mark, ...(keep ? ['kept'] : []), ...(brief ? ['brief'] : [])].join(', '),
    table: table && tableLines(table),
    remarks: remarks.map(inWords),
    next: next.map(inWords),
    details: folds(details, known),
  }
}

function folds(details: readonly Detail[], known: ReadonlySet<string>): Shown {
  return Object.fromEntries(
    details.map((detail) => {
      const title = inWords(detail.title)
      const lines = detail.blocks.flatMap(blockLines)
      return [title, withoutKnown(lines, (line) => known.has(`${title}: ${line}`))]
    }),
  )
}

function withoutKnown(lines: readonly string[], isKnown: (line: string) => boolean): Shown {
  const shown: string[] = []
  let skipped = 0
  const tell = (): void => {
    if (skipped > 0) shown.push(`(${skipped} as in passed)`)
    skipped = 0
  }
  for (const line of lines) {
    if (isKnown(line)) skipped += 1
    else {
      tell()
      shown.push(line)
    }
  }
  tell()
  return shown
}

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return [inWords(block.sentence)]
    case 'list':
    case 'steps':
      return block.items.map(inWords)
    case 'table':
      return tableLines(block.table)
    case 'chart':
      return chartLines(block.chart)
  }
}

function tableLines({ caption, columns, rows }: Table): readonly string[] {
  const head = columns.map(({ title, align }) => `${inWords(title)}${align === 'right' ? '>' : ''}`)
  return [
    `${caption}: ${head.join(' | ')}`,
    ...rows.map(({ cells, keep }) => `${keep ? '! ' : ''}${cells.map(inWords).join(' | ')}`),
  ]
}

function chartLines(chart: Chart): readonly string[] {
  const { title, description, xTitle, yTitle, scale } = chart
  const opening = [`${title} (${scale}; ${xTitle}; ${yTitle})`, description]
  if (chart.kind === 'dots') {
    const groups = chart.groups.map(
      ({ name, dots }) =>
        `${name}: ${dots.map(({ x, y }) => `${rounded(x)} ${rounded(y)}`).join(', ')}`,
    )
    return [...opening, ...groups, `failures: ${chart.failures.join(', ')}`]
  }
  const { labels, series, band, limits, twin } = chart
  return [
    ...opening,
    `labels: ${labels.join(', ')}`,
    ...series.map(({ name, role, values }) => `${name} (${role}): ${values.join(', ')}`),
    ...(band ? [`${band.name}: ${band.low.join(', ')} to ${band.high.join(', ')}`] : []),
    ...(limits.length > 0
      ? [`limits: ${limits.map(({ at, value }) => `${labels[at]} ${value}`).join(', ')}`]
      : []),
    ...tableLines(twin),
  ]
}

/** Marked as Markdown does, but not escaped: an approximation for eyes alone. */
function inWords(sentence: Sentence): string {
  return sentence.map(phrase).join('')
}

function phrase(one: Phrase): string {
  switch (one.kind) {
    case 'text':
      return one.text
    case 'strong':
      return `**${one.text}**`
    case 'code':
      return `\`${one.text}\``
    case 'link':
      return `[${one.text}](${one.href})`
    case 'mark':
      return `:${one.mark}:`
  }
}

/** JSON, on one line where it fits; members that are absent or empty are left out. */
function printed(value: Shown, indent: string): string {
  if (typeof value !== 'object') return JSON.stringify(value)
  const inner = `${indent}  `
  const [open, close, parts] = Array.isArray(value)
    ? ['[', ']', value.map((one) => printed(one, inner))]
    : ['{', '}', members(value as Record<string, Shown | undefined>, inner)]
  if (parts.length === 0) return `${open}${close}`
  const line = `${open} ${parts.join(', ')} ${close}`
  return !line.includes('\n') && indent.length + line.length <= WIDTH
    ? line
    : `${open}\n${parts.map((part) => `${inner}${part}`).join(',\n')}\n${indent}${close}`
}

function members(value: Record<string, Shown | undefined>, indent: string): readonly string[] {
  return Object.entries(value)
    .filter(([, one]) => one !== undefined && (typeof one !== 'object' || !isEmpty(one)))
    .map(([key, one]) => `${JSON.stringify(key)}: ${printed(one as Shown, indent)}`)
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)))
}
