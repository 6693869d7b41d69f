// Several endpoints beside each other, for choosing one: each figure with its interval, the best of a
// column in bold, and what is worse than it beyond noise marked. It judges nothing.

import { type MetricId, metricRow, parseMetricId } from '../model/metric.ts'
import { metricLabel, metricUnit } from '../model/metric-label.ts'
import type { ReportDocument, Row, Sentence, Table } from '../model/report-document.ts'
import type { Summary } from '../model/summary.ts'
import { TOOL } from '../model/tool.ts'
import { alwaysShown, waitFamilyOf } from '../model/wait.ts'
import * as format from './format.ts'
import { type Figure, figureOf } from './history-page/history-page.ts'
import { code, mark, say, strong } from './phrase.ts'

export type Beside = {
  /** What tells it from the others: model and host, or a file. */
  readonly name: string
  readonly summary: Summary
}

/** Those of the first: what answers with tokens and what does not is not chosen between. */
function columnsOf([first]: readonly Beside[]): readonly MetricId[] {
  const family = first === undefined ? 'ttft' : waitFamilyOf(first.summary)
  const shown = alwaysShown(family)
  return family === 'ttft' ? [...shown, 'output_tokens_per_second'] : shown
}

type Placing = 'best' | 'near' | 'worse'

/** `in-turns`: each was asked a part of its requests in every turn, within the same minutes. */
export type Measured = 'apart' | 'in-turns'

export function sideBySide(rows: readonly Beside[], measured: Measured = 'apart'): ReportDocument {
  const loads = new Set(rows.map(({ summary }) => summary.loadShapeHash))
  const best = bestOverall(rows)
  return {
    mark: 'off',
    headline: `Side by side: ${format.count(rows.length, 'endpoint')}${best === undefined ? '' : `, ${best} first by ${metricLabel(leadOf(rows))}`}`,
    alert: {
      level: loads.size > 1 ? 'warning' : 'note',
      lines: [
        loads.size > 1
          ? say`${strong('These were measured under different loads')}, so a difference may be the load's.`
          : say`Measured under one load. Bold: the best of a column. ${mark('doubt')} worse than the best beyond the noise of these requests (${format.INTERVAL}s do not meet).`,
        CAVEATS[measured],
      ],
    },
    sections: [
      { mark: 'off', keep: true, table: tableOf(rows), remarks: [], next: [], details: [] },
    ],
    details: [],
    foot: say`${format.count(rows.length, 'run')} · ${TOOL}`,
  }
}

const CAVEATS: Readonly<Record<Measured, Sentence>> = {
  apart: say`Endpoints drift from hour to hour by more than the intervals say: measure them in alternation (${code('inference-gate run --compare-endpoints')}), or more than once, before you choose.`,
  'in-turns': say`Measured in alternation, within the same minutes. Endpoints drift from day to day by more than the intervals say: measure at more than one hour before you choose.`,
}

function tableOf(rows: readonly Beside[]): Table {
  return {
    caption: 'Endpoints side by side',
    columns: [
      { title: say`Endpoint`, align: 'left' },
      { title: say`Requests`, align: 'right' },
      ...columnsOf(rows).map((id) => ({ title: say`${labelOf(id)}`, align: 'left' as const })),
    ],
    rows: rows.map((row) => rowOf(row, rows)),
  }
}

function rowOf({ name, summary }: Beside, rows: readonly Beside[]): Row {
  const cells = columnsOf(rows).map((id): Sentence => {
    const figure = figureOf(summary, id)
    if (figure === undefined) return say`–`
    const standing = standingOf(figure, figuresOf(rows, id), betterOf(id))
    const value = numberText(figure.value, id)
    const ends = [figure.low, figure.high].map((end) => numberText(end, id))
    const interval = ` [${withoutUnit([value, ...ends]).join(', ')}]`
    const shown = standing === 'best' ? say`${strong(value)}` : say`${value}`
    const sign = standing === 'worse' ? say` ${mark('doubt')}` : say``
    return [...shown, ...say`${interval}`, ...sign]
  })
  return { keep: false, cells: [say`${code(name)}`, say`${summary.requests}`, ...cells] }
}

/** The ends of an interval: a unit that all three share is said once, by the value. */
function withoutUnit([value = '', ...ends]: readonly string[]): readonly string[] {
  const unit = / \D+$/.exec(value)?.[0]
  if (unit === undefined || !ends.every((end) => end.endsWith(unit))) return ends
  return ends.map((end) => end.slice(0, -unit.length))
}

/** Units that are long stand in the column's title. */
function numberText(number: number, id: string): string {
  switch (metricUnit(id)) {
    case 'USD':
      return format.usd(1000 * number)
    case 'tokens/s':
    case 'items/s':
      return String(Number(number.toPrecision(3)))
    default:
      return format.value(number, metricUnit(id))
  }
}

function figuresOf(rows: readonly Beside[], id: string): readonly Figure[] {
  return rows.flatMap(({ summary }) => figureOf(summary, id) ?? [])
}

/** Worse only where even the kindest reading of both is: the intervals do not meet. */
function standingOf(figure: Figure, all: readonly Figure[], better: 'lower' | 'higher'): Placing {
  const best = bestOf(all, better)
  if (best === undefined || best.value === figure.value) return 'best'
  const apart = better === 'lower' ? figure.low > best.high : figure.high < best.low
  return apart ? 'worse' : 'near'
}

function bestOf(all: readonly Figure[], better: 'lower' | 'higher'): Figure | undefined {
  const [first] = [...all].sort((a, b) =>
    better === 'lower' ? a.value - b.value : b.value - a.value,
  )
  return first
}

function leadOf(rows: readonly Beside[]): MetricId {
  return columnsOf(rows)[0] ?? 'ttft_p50'
}

/** Absent where no other is slower beyond noise: then none comes first. */
function bestOverall(rows: readonly Beside[]): string | undefined {
  const lead = leadOf(rows)
  const all = figuresOf(rows, lead)
  const best = bestOf(all, 'lower')
  const others = all.filter((figure) => figure !== best && figure.value !== best?.value)
  const isFirst =
    others.length > 0 && others.every((one) => standingOf(one, all, 'lower') === 'worse')
  return isFirst
    ? rows.find(({ summary }) => figureOf(summary, lead)?.value === best?.value)?.name
    : undefined
}

function labelOf(id: string): string {
  if (metricUnit(id) === 'USD') return 'Cost per 1,000 answers'
  if (metricUnit(id).endsWith('/s')) return `${metricLabel(id)}, ${metricUnit(id)}`
  return metricLabel(id)
}

function betterOf(id: string) {
  return metricRow(parseMetricId(id)?.family ?? 'ttft').better
}
