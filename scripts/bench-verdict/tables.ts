// The benchmark's tables, as Markdown.

import type { HistoryResult } from './history-cell.ts'
import { RIVALS } from './rivals.ts'
import { SCENARIOS } from './scenarios.ts'
import type { Tally } from './setting.ts'

function percent(share: number): string {
  return (100 * share).toFixed(1)
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`| ${head.join(' | ')} |`)
  console.log(`|${head.map((_, i) => (i === 0 ? '---' : '---:')).join('|')}|`)
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
  console.log('')
}

function summary(values: readonly number[]): readonly string[] {
  return [percent(average(values)), percent(Math.max(...values))]
}

/** Effect by name, as listed in the cell. */
function indexOf({ cell }: HistoryResult, effect: string): number {
  return cell.effects.findIndex(({ name }) => name === effect)
}

function gateShare(result: HistoryResult, effect: string, what: keyof Tally): number {
  return (result.gates[indexOf(result, effect)]?.[what] ?? 0) / result.cell.replications
}

function metricShare(
  result: HistoryResult,
  effect: string,
  of: { readonly metric: string; readonly what: keyof Tally },
): number {
  const tally = result.metrics[indexOf(result, effect)]?.[of.metric]
  return (tally?.[of.what] ?? 0) / result.cell.replications
}

export function printFalseFails(results: readonly HistoryResult[]): void {
  console.log('### False fails: an unchanged endpoint fails a gate over all five metrics, %\n')
  const sizes = [
    ...new Map(
      results.map(({ cell }) => [`${cell.requests} x ${cell.runs}`, cell] as const),
    ).values(),
  ]
  table(
    ['requests x runs', ...SCENARIOS.map(({ name }) => name)],
    sizes.map(({ requests, runs }) => [
      `${requests} x ${runs}`,
      ...SCENARIOS.map(({ name }) => {
        const cell = results.find(
          (each) =>
            each.cell.scenario === name &&
            each.cell.requests === requests &&
            each.cell.runs === runs,
        )
        return cell === undefined ? '' : percent(gateShare(cell, 'unchanged', 'fail'))
      }),
    ]),
  )
  const ours = (effect: string) => results.map((each) => gateShare(each, effect, 'fail'))
  const theirs = (rival: (typeof RIVALS)[number], effect: string) =>
    results.map(
      (each) => (each.rivals[indexOf(each, effect)]?.[rival] ?? 0) / each.cell.replications,
    )
  const effects = ['+20 %', '+50 %']
  table(
    ['rule', 'false fails, mean', 'worst cell', ...effects.map((e) => `fails at ${e}`)],
    [
      [
        'this gate',
        ...summary(ours('unchanged')),
        ...effects.map((e) => percent(average(ours(e)))),
      ],
      ...RIVALS.map((rival) => [
        rival,
        ...summary(theirs(rival, 'unchanged')),
        ...effects.map((e) => percent(average(theirs(rival, e)))),
      ]),
    ],
  )
  console.log(
    'What this gate does not fail it calls inconclusive; the other rules call it a pass:\n',
  )
  table(
    ['passes at', 'this gate', ...RIVALS],
    effects.map((effect) => [
      effect,
      percent(average(results.map((each) => gateShare(each, effect, 'pass')))),
      ...RIVALS.map((rival) => percent(1 - average(theirs(rival, effect)))),
    ]),
  )
}

const MUST_DETECT = [
  ['ttft_p50', '+20 %'],
  ['ttft_p95', '+30 %'],
  ['ttft_p99', '+50 %'],
  ['error_rate', '+2 points'],
  ['cost_per_answer', 'cost +10 %'],
] as const

export function printWrongPasses(results: readonly HistoryResult[]): void {
  console.log('### Wrong passes of a metric, and false fails of each, %\n')
  const shares = (metric: string, effect: string, what: keyof Tally) =>
    summary(results.map((each) => metricShare(each, effect, { metric, what })))
  table(
    [
      'metric',
      'change = must_detect',
      'passes, mean',
      'worst cell',
      'passes at +50 %, mean',
      'worst cell',
      'false fails, mean',
      'worst cell',
    ],
    MUST_DETECT.map(([metric, effect]) => [
      metric,
      effect,
      ...shares(metric, effect, 'pass'),
      ...(metric.startsWith('ttft') ? shares(metric, '+50 %', 'pass') : ['', '']),
      ...shares(metric, 'unchanged', 'fail'),
    ]),
  )
}

export function printPower(results: readonly HistoryResult[]): void {
  console.log(
    '### What is found: typical endpoint, history of 10 runs, fail / inconclusive / pass, %\n',
  )
  const effects = ['unchanged', '+20 %', '+30 %', '+50 %']
  const triple = (tally: Tally | undefined, of: number) =>
    [tally?.fail, tally?.open, tally?.pass].map((n) => percent((n ?? 0) / of)).join(' / ')
  table(
    ['gate', 'requests', 'judged', ...effects],
    results.flatMap((result) => {
      const { cell } = result
      const gate = cell.metrics.length === 1 ? `${cell.metrics[0]} alone` : 'all five metrics'
      const row = (judged: string, read: (effect: string) => Tally | undefined) => [
        gate,
        String(cell.requests),
        judged,
        ...effects.map((effect) => triple(read(effect), cell.replications)),
      ]
      const whole = row('gate', (effect) => result.gates[indexOf(result, effect)])
      if (cell.metrics.length === 1) return [whole]
      const each = ['ttft_p50', 'ttft_p95'].map((metric) =>
        row(metric, (effect) => result.metrics[indexOf(result, effect)]?.[metric]),
      )
      return [whole, ...each]
    }),
  )
}
