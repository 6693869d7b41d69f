// A gate's history for a terminal: a table of runs and a plot of TTFT over them, in plain text that
// fits the width. Foreign text (commits, branches) loses its control characters.

import { metricRow } from '../model/metric.ts'
import type { HistoryRow } from '../model/store.ts'
import * as format from './format.ts'
import { stepWords, turnWords } from './step-words.ts'

export type HistoryLook = {
  /** Columns of the terminal; the least important columns go first when it is narrow. */
  readonly width: number
  /** True to colour with ANSI sequences. The text says the same without them. */
  readonly color: boolean
}

/** Ends with a line feed. Without rows it says so. */
export function renderHistory(rows: readonly HistoryRow[], look: HistoryLook): string {
  if (rows.length === 0) return 'No runs are recorded.\n'
  const steps = rows.flatMap(stepLine)
  const told = steps.length === 0 ? [] : ['', ...steps]
  return `${[...tableLines(rows, look), ...told, '', ...plotLines(rows, look)].join('\n')}\n`
}

function stepLine(row: HistoryRow): readonly string[] {
  const words = [stepWords(row), turnWords(row)].filter((one) => one !== undefined)
  return words.map((one) => `${dateOf(row.startedAt)}  ${plain(one)}`)
}

type Field = {
  readonly title: string | ((rows: readonly HistoryRow[]) => string)
  readonly align: 'left' | 'right'
  /** Fields of the highest rank are dropped first. */
  readonly rank: number
  readonly cell: (row: HistoryRow) => string
}

const FIELDS: readonly Field[] = [
  { title: 'date (UTC)', align: 'left', rank: 0, cell: (row) => dateOf(row.startedAt) },
  { title: 'commit', align: 'left', rank: 3, cell: (row) => plain(row.commit ?? '–').slice(0, 7) },
  { title: 'branch', align: 'left', rank: 6, cell: (row) => plain(row.branch ?? '–').slice(0, 16) },
  { title: 'standing', align: 'left', rank: 0, cell: (row) => row.standing },
  { title: 'epoch', align: 'right', rank: 4, cell: epochOf },
  { title: 'load', align: 'left', rank: 8, cell: (row) => plain(row.loadShapeHash).slice(0, 6) },
  { title: 'requests', align: 'right', rank: 5, cell: (row) => String(row.requests) },
  {
    title: (rows) => `${labelOf(rows)} p50`,
    align: 'right',
    rank: 0,
    cell: (row) => format.value(row.p50Ms, 'ms'),
  },
  { title: 'p95', align: 'right', rank: 0, cell: (row) => format.value(row.p95Ms, 'ms') },
  { title: 'p99', align: 'right', rank: 2, cell: (row) => format.value(row.p99Ms, 'ms') },
  { title: 'errors', align: 'right', rank: 1, cell: (row) => format.value(row.errorRate, 'ratio') },
  { title: 'cost/answer', align: 'right', rank: 3, cell: (row) => usdText(row.costPerAnswerUsd) },
  { title: 'run', align: 'left', rank: 7, cell: (row) => plain(row.runId) },
]

function tableLines(rows: readonly HistoryRow[], look: HistoryLook): readonly string[] {
  const columns = fitting(rows, look.width)
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => padded(cell, columns[index]))
      .join('  ')
      .trimEnd()
  const head = line(columns.map(({ field }) => titleOf(field, rows)))
  const body = rows.map((row) => {
    const text = line(columns.map(({ field }) => field.cell(row)))
    return row.standing === 'held' ? painted(text, YELLOW, look) : text
  })
  return [painted(head, BOLD, look), ...body]
}

function titleOf({ title }: Field, rows: readonly HistoryRow[]): string {
  return typeof title === 'string' ? title : title(rows)
}

/** Of the newest run: what the milliseconds are. */
function labelOf(rows: readonly HistoryRow[]): string {
  return metricRow(rows.findLast(({ waits }) => waits !== undefined)?.waits ?? 'ttft').label
}

type FittedColumn = { readonly field: Field; readonly width: number }

function fitting(rows: readonly HistoryRow[], width: number): readonly FittedColumn[] {
  let columns = FIELDS.map((field) => ({
    field,
    width: Math.max(titleOf(field, rows).length, ...rows.map((row) => field.cell(row).length)),
  }))
  const total = () => columns.reduce((sum, column) => sum + column.width + 2, -2)
  while (total() > width) {
    const worst = Math.max(...columns.map(({ field }) => field.rank))
    if (worst === 0) break
    columns = columns.filter(({ field }) => field.rank < worst)
  }
  return columns
}

const PLOT_HEIGHT = 10
const AXIS_WIDTH = 10

/** One column a run, the newest at the right; a bar of dots parts epochs. */
function plotLines(rows: readonly HistoryRow[], look: HistoryLook): readonly string[] {
  const alike = rowsLikeNewest(rows)
  const step = alike.length * 3 + AXIS_WIDTH <= look.width ? 3 : 2
  const shown = alike.slice(-Math.max(1, Math.floor((look.width - AXIS_WIDTH) / step)))
  const values = shown
    .flatMap((row) => [row.p50Ms, row.p95Ms])
    .filter((value): value is number => value !== undefined && Number.isFinite(value))
  if (values.length === 0) return [`No ${labelOf(rows)} to plot.`]
  const scale = scaleOf(values)
  const lines = Array.from({ length: PLOT_HEIGHT }, (_, index) => {
    const level = PLOT_HEIGHT - 1 - index
    const label = index % 3 === 0 ? format.milliseconds(scale.low + level * scale.step) : ''
    const marks = shown.map((row, at) => markAt(row, shown[at - 1], { level, scale, step }))
    return `${label.padStart(AXIS_WIDTH - 2)} ${label === '' ? '│' : '┤'}${marks.join('')}`.trimEnd()
  })
  const axis = `${' '.repeat(AXIS_WIDTH - 1)}└${'─'.repeat(step * shown.length)}`
  const first = shown[0]?.startedAt ?? ''
  const last = shown.at(-1)?.startedAt ?? ''
  const left = rows.length - alike.length
  const title = `${labelOf(alike)} over runs${left === 0 ? '' : ` (${left} of another branch or load left out)`}`
  return [
    painted(title, BOLD, look),
    ...lines,
    axis,
    `${' '.repeat(AXIS_WIDTH)}${dateOf(first)} to ${dateOf(last)}`,
    `${' '.repeat(AXIS_WIDTH)}● p50  ▲ p95  (○ △ held, × beyond the scale)  ┊ new epoch`,
  ]
}

/** Runs of different loads are not comparable, so they share no plot. */
function rowsLikeNewest(rows: readonly HistoryRow[]): readonly HistoryRow[] {
  const newest = rows.at(-1)
  return rows.filter(
    (row) => row.branch === newest?.branch && row.loadShapeHash === newest?.loadShapeHash,
  )
}

type PlotScale = { readonly low: number; readonly step: number }

function scaleOf(values: readonly number[]): PlotScale {
  const highest = Math.max(...values)
  const lowest = Math.min(...values)
  const room = Math.max((highest - lowest) * 0.05, highest * 0.02, 0.01)
  const low = Math.max(0, lowest - room)
  return { low, step: (highest + room - low) / (PLOT_HEIGHT - 1) }
}

function markAt(
  row: HistoryRow,
  before: HistoryRow | undefined,
  place: { readonly level: number; readonly scale: PlotScale; readonly step: number },
): string {
  const isNew = before !== undefined && before.epoch < row.epoch
  const left = (isNew ? '┊' : ' ').padStart(place.step - 1)
  const held = row.standing === 'held'
  if (levelOf(row.p50Ms, place.scale) === place.level) return `${left}${held ? '○' : '●'}`
  if (levelOf(row.p95Ms, place.scale) === place.level) return `${left}${held ? '△' : '▲'}`
  const endless = row.p50Ms === Number.POSITIVE_INFINITY || row.p95Ms === Number.POSITIVE_INFINITY
  return `${left}${endless && place.level === PLOT_HEIGHT - 1 ? '×' : ' '}`
}

function levelOf(value: number | undefined, scale: PlotScale): number {
  if (value === undefined || !Number.isFinite(value)) return -1
  return Math.round((value - scale.low) / scale.step)
}

function epochOf(row: HistoryRow): string {
  return row.opensEpoch ? `${row.epoch} opened` : String(row.epoch)
}

function dateOf(iso: string): string {
  return plain(iso).slice(0, 16).replace('T', ' ')
}

function usdText(usd: number | undefined): string {
  return usd === undefined ? '–' : format.usd(usd)
}

function padded(cell: string, column: FittedColumn | undefined): string {
  const width = column?.width ?? 0
  return column?.field.align === 'right' ? cell.padStart(width) : cell.padEnd(width)
}

const BOLD = '1'
const YELLOW = '33'

function painted(text: string, code: string, look: HistoryLook): string {
  return look.color ? `\u001b[${code}m${text}\u001b[0m` : text
}

/** A terminal obeys control characters and turns text around: neither is wanted of a branch name. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '')
}
