// A sweep as a document: the rate found, every rate that was tried with its figures, and the curve.

import { metricRow } from '../model/metric.ts'
import { metricLabel, metricUnit } from '../model/metric-label.ts'
import type { Block, ReportDocument, Row, Sentence, Table } from '../model/report-document.ts'
import type { Invalidity } from '../model/run.ts'
import type { Sweep, SweepLevel, SweepStanding } from '../model/sweep.ts'
import { TOOL } from '../model/tool.ts'
import { type WaitFamily, waitFamilyOf } from '../model/wait.ts'
import { invalidityWords } from './describe/describe.ts'
import * as format from './format.ts'
import { figureOf } from './history-page/history-page.ts'
import { mark, say, strong } from './phrase.ts'

const SHOWN = ['p50', 'p95'] as const

export function sweepReport(found: Sweep): ReportDocument {
  const levels = found.levels.toSorted((a, b) => a.ratePerSecond - b.ratePerSecond)
  return {
    mark: found.holds === undefined ? 'bad' : 'good',
    headline: headline(found),
    alert: { level: 'note', lines: [rule(found), ...ending(found)] },
    sections: [
      {
        mark: 'off',
        keep: true,
        table: tableOf(found, levels),
        remarks: [],
        next: [],
        details: curve(levels),
      },
    ],
    details: [],
    foot: say`${format.count(levels.length, 'rate')} · ${format.count(requestsOf(levels), 'request')} · ${TOOL}`,
  }
}

function headline({ gate, holds, breaks }: Sweep): string {
  if (holds === undefined && breaks === undefined) return `${gate}: no rate could be measured`
  if (holds === undefined) return `${gate}: not even ${rate(breaks)} holds`
  return breaks === undefined
    ? `${gate}: holds up to ${rate(holds)}, the highest rate that was tried`
    : `${gate}: holds up to ${rate(holds)}, not at ${rate(breaks)}`
}

function rule({ limits }: Sweep): Sentence {
  const ceilings = limits.flatMap(({ metric, ceiling }) =>
    ceiling === undefined
      ? []
      : [`${metricLabel(metric)} ${format.value(ceiling, metricUnit(metric))}`],
  )
  return ceilings.length === 0
    ? say`A rate holds where the endpoint answers as fast as it is asked; the config has no ceilings beside that.`
    : say`A rate holds where the endpoint answers as fast as it is asked and every ceiling is met by what was seen: ${ceilings.join(', ')}.`
}

function ending({ levels }: Sweep): readonly Sentence[] {
  const last = levels.at(-1)?.standing
  const [invalidity] = last?.kind === 'void' ? last.invalidities : []
  if (invalidity === undefined) return []
  const { fact, remedy } = invalidityWords(invalidity, 'command-line')
  return [say`${strong('It ended early.')} ${fact} ${remedy}`]
}

function tableOf({ limits }: Sweep, levels: readonly SweepLevel[]): Table {
  const ids = columnsOf(
    limits.flatMap(({ metric, ceiling }) => (ceiling === undefined ? [] : metric)),
    familyOf(levels),
  )
  return {
    caption: 'Rates that were tried',
    columns: [
      { title: say`Rate`, align: 'right' },
      { title: say`Requests`, align: 'right' },
      ...ids.map((id) => ({ title: say`${metricLabel(id)}`, align: 'right' as const })),
      { title: say`In flight, most`, align: 'right' },
      { title: say`Holds`, align: 'left' },
    ],
    rows: levels.map((level) => rowOf(level, ids)),
  }
}

/** What is always shown, then what has a ceiling beside it. */
function columnsOf(limited: readonly string[], family: WaitFamily): readonly string[] {
  return [...new Set([...waitsOf(family), 'error_rate', ...limited])]
}

function waitsOf(family: WaitFamily): readonly string[] {
  return SHOWN.map((percentile) => `${family}_${percentile}`)
}

function familyOf(levels: readonly SweepLevel[]): WaitFamily {
  const summary = levels.find((level) => level.summary !== undefined)?.summary
  return summary === undefined ? 'ttft' : waitFamilyOf(summary)
}

function rowOf({ ratePerSecond, run, summary, standing }: SweepLevel, ids: readonly string[]): Row {
  const figures = ids.map((id): Sentence => {
    const figure = summary && figureOf(summary, id)
    return say`${figure === undefined ? '–' : format.value(figure.value, metricUnit(id))}`
  })
  return {
    keep: false,
    cells: [
      say`${rate(ratePerSecond)}`,
      say`${summary?.requests ?? 0}`,
      ...figures,
      say`${run?.conditions.peakInFlight ?? '–'}`,
      standingWords(standing),
    ],
  }
}

function standingWords(standing: SweepStanding): Sentence {
  switch (standing.kind) {
    case 'holds':
      return say`${mark('good')} yes`
    case 'over':
      return say`${mark('bad')} over the ceiling: ${standing.metrics.map(metricLabel).join(', ')}`
    case 'queues':
      return say`${mark('bad')} a queue grows: ${standing.backlog} waiting at the end`
    case 'void':
      return say`${mark('broken')} ${voidWords(standing.invalidities)}`
  }
}

function voidWords([invalidity]: readonly Invalidity[]): string {
  return invalidity === undefined
    ? 'not measured'
    : `void: ${invalidityWords(invalidity, 'command-line').short}`
}

/** Needs two rates that were answered. */
function curve(
  levels: readonly SweepLevel[],
): readonly { title: Sentence; blocks: readonly Block[] }[] {
  const family = familyOf(levels)
  const { label } = metricRow(family)
  const drawn = levels.flatMap(({ ratePerSecond, summary }) => {
    const [p50, p95] = waitsOf(family).map((id) => summary && figureOf(summary, id)?.value)
    return p50 === undefined ? [] : [{ label: rate(ratePerSecond), p50, p95: p95 ?? Infinity }]
  })
  if (drawn.length < 2) return []
  const labels = drawn.map(({ label }) => label)
  const [first, last] = [drawn[0], drawn.at(-1)]
  const chart = {
    kind: 'lines',
    title: `${label} by rate`,
    description: `${label} p50 from ${format.value(first?.p50, 'ms')} at ${first?.label} to ${format.value(last?.p50, 'ms')} at ${last?.label}.`,
    xTitle: 'requests sent per second',
    yTitle: 'ms',
    labels,
    series: [
      { name: `${label} p50`, role: 'baseline', values: drawn.map(({ p50 }) => p50) },
      { name: `${label} p95`, role: 'candidate', values: drawn.map(({ p95 }) => p95) },
    ],
    scale: 'log',
    limits: [],
    twin: {
      caption: `${label} by rate`,
      columns: ['Rate', `${label} p50`, `${label} p95`].map((title) => ({
        title: say`${title}`,
        align: 'right' as const,
      })),
      rows: drawn.map(({ label, p50, p95 }) => ({
        keep: false,
        cells: [say`${label}`, say`${format.value(p50, 'ms')}`, say`${format.value(p95, 'ms')}`],
      })),
    },
  } as const
  return [{ title: say`Curve`, blocks: [{ kind: 'chart', chart }] }]
}

function requestsOf(levels: readonly SweepLevel[]): number {
  return levels.reduce((sum, { summary }) => sum + (summary?.requests ?? 0), 0)
}

function rate(perSecond = Number.NaN): string {
  return `${Number(perSecond.toPrecision(3))}/s`
}
