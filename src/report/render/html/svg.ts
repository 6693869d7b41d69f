// Charts as SVG for the page, by hand: the report has no script, so that the text of strangers in it
// has nothing to run, and a charting library draws with one. Shapes and dashes differ as well as
// colours, and title and description say what is drawn; without a style sheet they are still legible.

import type { Chart, ChartSeries } from '../../../model/report-document.ts'
import { escapeHtml } from '../escape.ts'
import { type Axis, horizontalAxis, PLOT_WIDTH, ROOM, type Scale, verticalAxis } from './axis.ts'

/** Of a character of the labels, about. */
const LABEL_WIDTH = 6.5
/** On a narrow screen the labels are this much larger against the drawing. */
const NARROW_LABELS = 18 / 11
/** Half the width of the bar that shows a limit. */
const LIMIT_REACH = 16

type Lines = Extract<Chart, { kind: 'lines' }>
type Dots = Extract<Chart, { kind: 'dots' }>
type LinesFrame = { readonly x: Scale; readonly y: Axis }
type Point = { readonly x: number; readonly y: number }

/** `id` must be unique in the page. */
export function svg(chart: Chart, id: string): string {
  const body = chart.kind === 'lines' ? linesBody(chart) : dotsBody(chart)
  const crowded = chart.kind === 'lines' && isCrowded(chart.labels) ? ' crowded' : ''
  return [
    `<svg class="chart${crowded}" viewBox="0 0 ${ROOM.width} ${ROOM.height}" role="img" aria-labelledby="${id}-t ${id}-d">`,
    `<title id="${id}-t">${escapeHtml(chart.title)}</title>`,
    `<desc id="${id}-d">${escapeHtml(chart.description)}</desc>`,
    ...body,
    `<text x="${ROOM.width - ROOM.right}" y="${ROOM.height - 4}" text-anchor="end">${escapeHtml(chart.xTitle)}</text>`,
    '</svg>',
  ].join('')
}

/** What each shape stands for; empty where there is nothing to tell apart. */
export function legend(chart: Chart): string {
  const entries = chart.kind === 'lines' ? linesLegend(chart) : dotsLegend(chart)
  if (entries.length === 0) return ''
  const shown = entries.map(
    ({ name, drawing }) => `<span>${key(drawing)}${escapeHtml(name)}</span>`,
  )
  return `<p class="legend">${shown.join('')}</p>`
}

type Entry = { readonly name: string; readonly drawing: string }

function key(drawing: string): string {
  return `<svg viewBox="0 0 32 12" aria-hidden="true">${drawing}</svg>`
}

function linesLegend({ series, band, limits }: Lines): readonly Entry[] {
  const lines = series.map(({ name, role }) => ({
    name,
    drawing: `<path class="line ${role}" d="M0 6H32"/>${pointAt({ x: 16, y: 6 }, role)}`,
  }))
  const behind = band && [{ name: band.name, drawing: '<path class="band" d="M0 1H32V11H0z"/>' }]
  const bars = limits.length === 0 ? [] : [{ name: 'limit', drawing: limitAt({ x: 16, y: 6 }) }]
  return [...lines, ...(behind ?? []), ...bars]
}

/** One class needs no key, failures always do. */
function dotsLegend({ groups, failures }: Dots): readonly Entry[] {
  const classes =
    groups.length < 2
      ? []
      : groups.map(({ name }, index) => ({ name, drawing: dotAt({ x: 16, y: 6 }, index) }))
  const failed = failures.length === 0 ? [] : [{ name: 'no first token', drawing: cross(16, 6) }]
  return [...classes, ...failed]
}

/** Whether every second label has to go where the screen is narrow. */
function isCrowded(labels: readonly string[]): boolean {
  const widest = Math.max(...labels.map((label) => label.length)) * LABEL_WIDTH * NARROW_LABELS
  return widest * labels.length > PLOT_WIDTH * every(labels)
}

function linesBody(chart: Lines): readonly string[] {
  const { labels, series, yTitle, band, limits, scale } = chart
  const values = [
    ...series.flatMap((one) => one.values),
    ...(band === undefined ? [] : [...band.low, ...band.high]),
    ...limits.map(({ value }) => value),
  ]
  const step = PLOT_WIDTH / Math.max(1, labels.length)
  const frame: LinesFrame = {
    x: (index) => ROOM.left + step * (index + 0.5),
    y: verticalAxis(values, scale),
  }
  return [
    ...grid(frame.y, yTitle, scale),
    ...(band === undefined ? [] : bandShape(band, frame)),
    ...xLabels(labels, frame.x, every(labels)),
    ...series.map((one) => line(one, frame)),
    ...limits.map(({ at, value }) => limitAt({ x: frame.x(at), y: frame.y.at(value) })),
  ]
}

/** Up to the first label at which a run's failures reach the percentile. */
function bandShape(
  { low, high }: NonNullable<Lines['band']>,
  frame: LinesFrame,
): readonly string[] {
  const open = high.findIndex((value) => !Number.isFinite(value))
  const drawn = open === -1 ? high.length : open
  if (drawn < 2) return []
  const place = (value: number, index: number) => `${px(frame.x(index))} ${px(frame.y.at(value))}`
  const upper = high.slice(0, drawn).map(place)
  const lower = low.slice(0, drawn).map(place).reverse()
  return [`<path class="band" d="M${[...upper, ...lower].join('L')}z"/>`]
}

/** Every so many labels fit under the axis. */
function every(labels: readonly string[]): number {
  const widest = Math.max(...labels.map((label) => label.length)) * LABEL_WIDTH + 8
  return Math.max(1, Math.ceil((widest * labels.length) / PLOT_WIDTH))
}

/** The last label is always there; the one before it only where it leaves room. */
function xLabels(labels: readonly string[], x: Scale, step: number): readonly string[] {
  const last = labels.length - 1
  const drawn = labels
    .map((label, index) => ({ label, index }))
    .filter(({ index }) => index === last || (index % step === 0 && last - index >= step))
  return drawn.map(({ label, index }, position) =>
    xLabel(x(index), label, (drawn.length - 1 - position) % 2 === 1 ? 'odd' : 'even'),
  )
}

/** A failure interrupts the line. */
function line({ values, role }: ChartSeries, { x, y }: LinesFrame): string {
  let open = false
  const path = values
    .map((value, index) => {
      const isDrawn = Number.isFinite(value)
      const command = isDrawn ? `${open ? 'L' : 'M'}${px(x(index))} ${px(y.at(value))}` : ''
      open = isDrawn
      return command
    })
    .join('')
  const points = values.map((value, index) =>
    Number.isFinite(value) ? pointAt({ x: x(index), y: y.at(value) }, role) : '',
  )
  return `<path class="line ${role}" d="${path}"/>${points.join('')}`
}

function pointAt({ x, y }: Point, role: ChartSeries['role']): string {
  return role === 'candidate'
    ? `<circle class="dot candidate" cx="${px(x)}" cy="${px(y)}" r="3"/>`
    : `<rect class="dot baseline" x="${px(x - 2.5)}" y="${px(y - 2.5)}" width="5" height="5"/>`
}

function limitAt({ x, y }: Point): string {
  return `<path class="limit" d="M${px(x - LIMIT_REACH)} ${px(y)}h${2 * LIMIT_REACH}"/>`
}

function dotsBody(chart: Dots): readonly string[] {
  const { groups, failures, yTitle, scale } = chart
  const all = groups.flatMap(({ dots }) => dots)
  const x = horizontalAxis([...all.map((dot) => dot.x), ...failures])
  const y = verticalAxis(
    all.map((dot) => dot.y),
    scale,
  )
  return [
    // Where nothing was answered there is no scale: the crosses alone say when.
    ...(all.length === 0 ? [] : grid(y, yTitle, scale)),
    ...x.ticks.map((tick) => xLabel(x.at(tick), String(tick), 'even')),
    ...groups.flatMap(({ dots }, index) =>
      dots.map((dot) => dotAt({ x: x.at(dot.x), y: y.at(dot.y) }, index)),
    ),
    ...failures.map((when) => cross(x.at(when), ROOM.top + 4)),
  ]
}

/** Disc, square, triangle, ring: one a class. */
function dotAt({ x, y }: Point, group: number): string {
  switch (group) {
    case 0:
      return `<circle class="dot g0" cx="${px(x)}" cy="${px(y)}" r="2"/>`
    case 1:
      return `<rect class="dot g1" x="${px(x - 2)}" y="${px(y - 2)}" width="4" height="4"/>`
    case 2:
      return `<path class="dot g2" d="M${px(x - 2.6)} ${px(y + 2.2)}h5.2l-2.6 -4.8z"/>`
    default:
      return `<circle class="ring" cx="${px(x)}" cy="${px(y)}" r="2"/>`
  }
}

function cross(x: number, y: number): string {
  return `<path class="failure" d="M${px(x - 3)} ${px(y - 3)}l6 6m0 -6l-6 6"/>`
}

function grid({ at, ticks }: Axis, unit: string, scale: Chart['scale']): readonly string[] {
  const lines = ticks.flatMap((tick) => [
    `<path class="grid" d="M${ROOM.left} ${px(at(tick))}H${ROOM.width - ROOM.right}"/>`,
    `<text x="${ROOM.left - 6}" y="${px(at(tick) + 4)}" text-anchor="end">${tick}</text>`,
  ])
  const title = scale === 'log' ? `${unit}, log scale` : unit
  return [...lines, `<text x="${ROOM.left}" y="${ROOM.top - 12}">${escapeHtml(title)}</text>`]
}

function xLabel(x: number, label: string, parity: 'odd' | 'even'): string {
  return `<text class="${parity}" x="${px(x)}" y="${ROOM.height - ROOM.bottom + 18}" text-anchor="middle">${escapeHtml(label)}</text>`
}

function px(pixels: number): string {
  return String(Number(pixels.toFixed(1)))
}
