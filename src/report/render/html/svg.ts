// Charts as SVG for the page. Shapes and dashes differ as well as colours, and title and description
// say what is drawn; without a style sheet they are still black on white.

import type { Chart, ChartSeries } from '../../../model/report-document.ts'
import { escapeHtml } from '../escape.ts'

const WIDTH = 640
const HEIGHT = 260
const LEFT = 52
const RIGHT = 14
const TOP = 28
const BOTTOM = 42
/** Of a character of the labels, about. */
const LABEL_WIDTH = 6.5
/** On a narrow screen the labels are this much larger against the drawing. */
const NARROW_LABELS = 18 / 11
const TICKS = 5

type Scale = (value: number) => number
type Frame = { readonly x: Scale; readonly y: Scale; readonly highest: number }

/** `id` must be unique in the page. */
export function svg(chart: Chart, id: string): string {
  const body = chart.kind === 'lines' ? linesBody(chart) : dotsBody(chart)
  const crowded = chart.kind === 'lines' && isCrowded(chart.labels) ? ' crowded' : ''
  return [
    `<svg class="chart${crowded}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-t ${id}-d">`,
    `<title id="${id}-t">${escapeHtml(chart.title)}</title>`,
    `<desc id="${id}-d">${escapeHtml(chart.description)}</desc>`,
    ...body,
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 4}" text-anchor="end">${escapeHtml(chart.xTitle)}</text>`,
    '</svg>',
  ].join('')
}

/** Whether every second label has to go where the screen is narrow. */
function isCrowded(labels: readonly string[]): boolean {
  const widest = Math.max(...labels.map((label) => label.length)) * LABEL_WIDTH * NARROW_LABELS
  return widest * labels.length > (WIDTH - LEFT - RIGHT) * every(labels)
}

/** A short line with its point, for the legend. */
export function swatch(role: ChartSeries['role']): string {
  const point = pointAt({ x: 16, y: 6, role })
  return `<svg viewBox="0 0 32 12" aria-hidden="true"><path class="line ${role}" d="M0 6H32"/>${point}</svg>`
}

function linesBody(chart: Extract<Chart, { kind: 'lines' }>): readonly string[] {
  const { labels, series, yTitle } = chart
  const highest = niceCeiling(Math.max(0, ...series.flatMap(({ values }) => values.filter(finite))))
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, labels.length)
  const frame: Frame = { x: (index) => LEFT + step * (index + 0.5), y: scaleY(highest), highest }
  return [
    ...grid(frame, yTitle),
    ...xLabels(labels, frame.x, every(labels)),
    ...series.map((one) => line(one, frame)),
  ]
}

/** Every so many labels fit under the axis. */
function every(labels: readonly string[]): number {
  const widest = Math.max(...labels.map((label) => label.length)) * LABEL_WIDTH + 8
  return Math.max(1, Math.ceil((widest * labels.length) / (WIDTH - LEFT - RIGHT)))
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
function line({ values, role }: ChartSeries, { x, y }: Frame): string {
  let open = false
  const path = values
    .map((value, index) => {
      const command = finite(value) ? `${open ? 'L' : 'M'}${at(x(index))} ${at(y(value))}` : ''
      open = finite(value)
      return command
    })
    .join('')
  const points = values.map((value, index) =>
    finite(value) ? pointAt({ x: x(index), y: y(value), role }) : '',
  )
  return `<path class="line ${role}" d="${path}"/>${points.join('')}`
}

function pointAt(point: {
  readonly x: number
  readonly y: number
  readonly role: ChartSeries['role']
}): string {
  const { x, y, role } = point
  return role === 'candidate'
    ? `<circle class="dot candidate" cx="${at(x)}" cy="${at(y)}" r="3"/>`
    : `<rect class="dot baseline" x="${at(x - 2.5)}" y="${at(y - 2.5)}" width="5" height="5"/>`
}

function dotsBody(chart: Extract<Chart, { kind: 'dots' }>): readonly string[] {
  const { dots, failures, yTitle } = chart
  const highest =
    dots.length === 0 ? undefined : niceCeiling(dots.reduce((most, { y }) => Math.max(most, y), 0))
  const last = niceCeiling(
    Math.max(
      dots.reduce((most, { x }) => Math.max(most, x), 0),
      failures.reduce((most, x) => Math.max(most, x), 0),
    ),
  )
  const width = WIDTH - LEFT - RIGHT
  const x: Scale = (value) => LEFT + (width * value) / last
  const frame: Frame = { x, y: scaleY(highest ?? 1), highest: highest ?? 1 }
  return [
    // Where nothing was answered there is no scale: the crosses alone say when.
    ...(highest === undefined ? [] : grid(frame, yTitle)),
    ...ticks(last).map((tick) => xLabel(x(tick), String(tick), 'even')),
    ...dots.map(
      (dot) =>
        `<circle class="dot candidate" cx="${at(x(dot.x))}" cy="${at(frame.y(dot.y))}" r="2"/>`,
    ),
    ...failures.map((when) => cross(x(when), TOP + 4)),
  ]
}

function cross(x: number, y: number): string {
  return `<path class="failure" d="M${at(x - 3)} ${at(y - 3)}l6 6m0 -6l-6 6"/>`
}

function grid({ y, highest }: Frame, unit: string): readonly string[] {
  const lines = ticks(highest).flatMap((tick) => [
    `<path class="grid" d="M${LEFT} ${at(y(tick))}H${WIDTH - RIGHT}"/>`,
    `<text x="${LEFT - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${tick}</text>`,
  ])
  return [...lines, `<text x="${LEFT}" y="${TOP - 12}">${escapeHtml(unit)}</text>`]
}

function xLabel(x: number, label: string, parity: 'odd' | 'even'): string {
  return `<text class="${parity}" x="${at(x)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${escapeHtml(label)}</text>`
}

function scaleY(highest: number): Scale {
  const height = HEIGHT - TOP - BOTTOM
  return (value) => TOP + height * (1 - value / highest)
}

function ticks(highest: number): readonly number[] {
  const step = niceStep(highest)
  const count = Math.round(highest / step)
  return Array.from({ length: count + 1 }, (_none, index) => Number((index * step).toPrecision(10)))
}

/** The next multiple of a round step. */
function niceCeiling(value: number): number {
  const step = niceStep(Math.max(value, Number.EPSILON))
  return Number((Math.ceil(value / step) * step).toPrecision(10)) || step
}

/** 1, 2 or 5 times a power of ten, about a fifth of the whole. */
function niceStep(whole: number): number {
  const rough = whole / TICKS
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * 0.999_999) ?? 10
  return factor * power
}

function finite(value: number): boolean {
  return Number.isFinite(value)
}

function at(pixels: number): string {
  return String(Number(pixels.toFixed(1)))
}
