// A line chart for GitHub Markdown. Mermaid's xy chart has no legend and no gaps, so the colours are
// named under it and the lines end where the first failure stands; the table below says the rest.

import type { Chart } from '../../../model/report-document.ts'

type Lines = Extract<Chart, { kind: 'lines' }>

const COLOURS = { baseline: '#8b949e', candidate: '#fb8500' } as const
const COLOUR_NAMES = { baseline: 'grey', candidate: 'orange' } as const

/** A code block and a caption, or nothing where fewer than two points can be drawn. */
export function mermaid(chart: Lines): readonly string[] {
  const drawn = Math.min(...chart.series.map(({ values }) => finitePrefix(values)))
  if (drawn < 2) return []
  const series = chart.series.map((one) => ({ ...one, values: one.values.slice(0, drawn) }))
  const highest = Math.max(...series.flatMap(({ values }) => values))
  const palette = series.map(({ role }) => COLOURS[role]).join(', ')
  const caption = series.map(({ name, role }) => `${COLOUR_NAMES[role]}: ${plain(name)}`).join(', ')
  return [
    [
      '```mermaid',
      `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${palette}"}}}}%%`,
      'xychart-beta',
      `  title "${plain(chart.title)}"`,
      `  x-axis "${plain(chart.xTitle)}" [${axis(chart.labels.slice(0, drawn)).join(', ')}]`,
      `  y-axis "${plain(chart.yTitle)}" 0 --> ${Math.max(1, Math.ceil(highest * 1.1))}`,
      ...series.map(({ values }) => `  line [${values.map(number).join(', ')}]`),
      '```',
    ].join('\n'),
    `<sub>${caption}</sub>`,
  ]
}

function finitePrefix(values: readonly number[]): number {
  const first = values.findIndex((value) => !Number.isFinite(value))
  return first === -1 ? values.length : first
}

/** Long labels would be drawn over each other: the table below has them, in the same order. */
function axis(labels: readonly string[]): readonly string[] {
  const fits = labels.reduce((sum, label) => sum + label.length, 0) <= 80
  return labels.map((label, index) =>
    quoted(fits || index === labels.length - 1 ? label : String(index + 1)),
  )
}

function quoted(label: string): string {
  return `"${plain(label)}"`
}

/** Nothing that could end a quoted text, a line or the code block. */
function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:()/_-]/gu, '')
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)))
}
