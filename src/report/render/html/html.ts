// A document as one page that needs nothing else: no script, no network, no font. Its own security
// policy forbids everything but its style sheet, so foreign text could not run even if it escaped.

import type {
  Alert,
  Block,
  Chart,
  Detail,
  Phrase,
  ReportDocument,
  Section,
  Sentence,
  Table,
} from '../../../model/report-document.ts'
import { plainText } from '../../phrase.ts'
import { escapeHtml, isWebAddress } from '../escape.ts'
import { SIGN } from '../marks.ts'
import { pageHead } from '../page-head.ts'
import { STYLE } from './html-style.ts'
import { legend, svg } from './svg.ts'

export function html(document: ReportDocument): string {
  return [
    ...pageHead({ title: document.headline, style: STYLE }),
    '<main>',
    `<h1>${phrase({ kind: 'mark', mark: document.mark })} ${escapeHtml(document.headline)}</h1>`,
    alertBox(document.alert),
    ...proposals(document.proposals),
    ...(document.overview === undefined ? [] : [table(document.overview)]),
    ...document.sections.map((one, index) => section(one, `s${index}`)),
    ...document.details.map((one, index) => detail(one, { id: `d${index}`, open: false })),
    '</main>',
    `<footer>${inline(document.foot)}</footer>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function alertBox({ level, lines }: Alert): string {
  const paragraphs = lines.map((line) => `<p>${inline(line)}</p>`).join('')
  return `<div class="alert ${level}" role="note" aria-label="${level}">${paragraphs}</div>`
}

function proposals([opening, ...items]: ReportDocument['proposals'] = []): readonly string[] {
  if (opening === undefined) return []
  const list = items.map((item) => `<li>${inline(item)}</li>`).join('')
  return [`<p>${inline(opening)}</p>`, `<ul>${list}</ul>`]
}

function section(one: Section, id: string): string {
  const heading =
    one.title === undefined
      ? []
      : [`<h2>${phrase({ kind: 'mark', mark: one.mark })} ${inline(one.title)}</h2>`]
  const isOpen = one.keep || one.title === undefined
  return [
    '<section>',
    ...heading,
    ...(one.table === undefined ? [] : [table(one.table)]),
    ...one.remarks.map((remark) => `<p>${inline(remark)}</p>`),
    ...(one.next.length === 0 ? [] : [whatNow(one), list('ol', one.next)]),
    // The charts of what decides are open; the rest is looked up.
    ...one.details.map((part, index) =>
      detail(part, { id: `${id}-${index}`, open: isOpen && hasChart(part) }),
    ),
    '</section>',
  ].join('\n')
}

/** Below the gate's heading, or in its place where the page is about one gate. */
function whatNow({ title }: Section): string {
  return title === undefined ? '<h2 class="next">Next steps</h2>' : '<h3>Next steps</h3>'
}

function hasChart(part: Detail): boolean {
  return part.blocks.some(({ kind }) => kind === 'chart')
}

function detail(part: Detail, at: { readonly id: string; readonly open: boolean }): string {
  const blocks = part.blocks.map((one, index) => block(one, `${at.id}-${index}`))
  return `<details${at.open ? ' open' : ''}><summary>${inline(part.title)}</summary>\n${blocks.join('\n')}\n</details>`
}

function block(one: Block, id: string): string {
  switch (one.kind) {
    case 'paragraph':
      return `<p>${inline(one.sentence)}</p>`
    case 'list':
      return list('ul', one.items)
    case 'steps':
      return list('ol', one.items)
    case 'table':
      return table(one.table)
    case 'chart':
      return figure(one.chart, id)
  }
}

function list(tag: 'ul' | 'ol', items: readonly Sentence[]): string {
  return `<${tag}>${items.map((item) => `<li>${inline(item)}</li>`).join('')}</${tag}>`
}

function figure(chart: Chart, id: string): string {
  const numbers =
    chart.kind === 'dots'
      ? `<p>${escapeHtml(chart.description)}</p>`
      : `<details><summary>The same as numbers</summary>${table(chart.twin)}</details>`
  return `<figure><figcaption>${escapeHtml(chart.title)}</figcaption>${legend(chart)}${svg(chart, id)}${numbers}</figure>`
}

/** The roles are spelled out because the cards of a narrow screen would take them away. */
function table({ caption, columns, rows }: Table): string {
  const head = columns.map(
    (column) => `<th role="columnheader" scope="col"${side(column)}>${inline(column.title)}</th>`,
  )
  const body = rows.map((row) => {
    const cells = row.cells.map((cell, index) => {
      const column = columns[index]
      const attributes = `${side(column)}${index === 0 || column === undefined ? '' : ` data-label="${escapeHtml(plainText(column.title))}"`}`
      return index === 0
        ? `<th role="rowheader" scope="row"${attributes}>${inline(cell)}</th>`
        : `<td role="cell"${attributes}><span>${inline(cell)}</span></td>`
    })
    return `<tr role="row"${row.keep ? ' class="keep"' : ''}>${cells.join('')}</tr>`
  })
  return [
    '<table class="table" role="table">',
    `<caption class="hidden">${escapeHtml(caption)}</caption>`,
    `<thead role="rowgroup"><tr role="row">${head.join('')}</tr></thead>`,
    `<tbody role="rowgroup">${body.join('\n')}</tbody>`,
    '</table>',
  ].join('\n')
}

function side(column: Table['columns'][number] | undefined): string {
  return column?.align === 'right' ? ' class="right"' : ''
}

function inline(sentence: Sentence): string {
  return sentence.map(phrase).join('')
}

function phrase(one: Phrase): string {
  switch (one.kind) {
    case 'text':
      return escapeHtml(one.text)
    case 'strong':
      return `<strong>${escapeHtml(one.text)}</strong>`
    case 'code':
      return `<code>${escapeHtml(one.text)}</code>`
    case 'link':
      return isWebAddress(one.href)
        ? `<a href="${escapeHtml(one.href)}" rel="noreferrer">${escapeHtml(one.text)}</a>`
        : escapeHtml(one.text)
    case 'mark':
      return `<span class="mark ${one.mark}" aria-hidden="true">${SIGN[one.mark]}</span>`
  }
}
