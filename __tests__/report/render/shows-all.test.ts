// Every form shows everything that a document says, in the document's order: what the goldens need
// not repeat for each state. Signs, layout and escapes are left out of the comparison.

import { describe, expect, it } from '@jest/globals'
import type { Block, ReportDocument, Sentence, Table } from '../../../src/model/report-document.ts'
import { html, markdown, text } from '../../../src/report/render/render.ts'
import { documentOf } from '../goldens.ts'
import { STATES } from '../states.ts'

type Form = {
  readonly render: (document: ReportDocument) => string
  /** Of a gate that judged nothing, table and details are left out. */
  readonly leavesOutBrief: boolean
  /** What stands in for a chart's numbers. */
  readonly charts: 'described' | 'tables'
}

const FORMS: Readonly<Record<string, Form>> = {
  markdown: {
    render: (document) => markdown(document, 1_000_000),
    leavesOutBrief: false,
    charts: 'tables',
  },
  html: { render: html, leavesOutBrief: true, charts: 'described' },
  text: {
    render: (document) => text(document, { color: false, width: 100_000 }),
    leavesOutBrief: true,
    charts: 'described',
  },
}

/** What is seen of HTML; in Markdown and text `<` is escaped or a tag as well. */
function seen(rendered: string): string {
  return rendered
    .replace(/<!--[\s\S]*?-->|<style>[\s\S]*?<\/style>|<head>[\s\S]*?<\/head>/g, '')
    .replace(/<svg[\s\S]*?<\/svg>/g, (svg) => /<desc[^>]*>([\s\S]*?)<\/desc>/.exec(svg)?.[1] ?? '')
    .replace(/<\/?[a-z][^>]*>/g, '')
    .replace(/&#x?[0-9a-f]+;|&[a-z]+;/gi, ' ')
}

/** A sentence as its letters and digits. */
function letters(shown: string): string {
  return shown.replace(/[^\p{L}\p{N}]/gu, '')
}

/** Phrase by phrase: text writes a link's address behind it. */
function said(sentence: Sentence): readonly string[] {
  return sentence.map((phrase) => (phrase.kind === 'mark' ? '' : phrase.text))
}

function saidIn(document: ReportDocument, form: Form): readonly string[] {
  const { headline, alert, proposals = [], overview, sections, details, foot } = document
  return [
    headline,
    ...alert.lines.flatMap(said),
    ...proposals.flatMap(said),
    ...(overview === undefined ? [] : saidInTable(overview)),
    ...sections.flatMap((section) => {
      const isLeftOut = form.leavesOutBrief && section.brief === true
      return [
        ...said(section.title ?? []),
        ...(section.table === undefined || isLeftOut ? [] : saidInTable(section.table)),
        ...section.remarks.flatMap(said),
        ...section.next.flatMap(said),
        ...(isLeftOut ? [] : section.details.flatMap((detail) => saidInDetail(detail, form))),
      ]
    }),
    ...details.flatMap((detail) => saidInDetail(detail, form)),
    ...said(foot),
  ]
}

function saidInDetail(
  { title, blocks }: ReportDocument['details'][number],
  form: Form,
): readonly string[] {
  return [...said(title), ...blocks.flatMap((block) => saidInBlock(block, form))]
}

function saidInBlock(block: Block, form: Form): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return said(block.sentence)
    case 'list':
    case 'steps':
      return block.items.flatMap(said)
    case 'table':
      return saidInTable(block.table)
    case 'chart':
      if (form.charts === 'described') return [block.chart.description]
      return block.chart.kind === 'lines' ? saidInTable(block.chart.twin) : []
  }
}

function saidInTable({ columns, rows }: Table): readonly string[] {
  return [
    ...columns.flatMap(({ title }) => said(title)),
    ...rows.flatMap(({ cells }) => cells.flatMap(said)),
  ]
}

/** Strangers' letters are made visible in another way by each format: escape.test.ts has those. */
const plain = STATES.filter(({ name }) => name !== 'hostile-names')

describe.each(Object.entries(FORMS))('%s', (_name, form) => {
  it.each(plain)('shows all that the state $name says, in its order', (state) => {
    const document = documentOf(state)
    const shown = letters(seen(form.render(document)))
    let from = 0
    for (const words of saidIn(document, form)) {
      const at = shown.indexOf(letters(words), from)
      expect(at === -1 ? words : '').toBe('')
      from = at + letters(words).length
    }
  })
})
