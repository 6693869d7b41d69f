// Recorded runs of real endpoints judged in their order: the table of what was failed, found and
// passed, and the counts behind it as a file.

import { writeFileSync } from 'node:fs'
import { runCells } from './pool.ts'
import { recordedSeries } from './recorded-runs.ts'
import { REPLAY_FACTORS, REPLAY_LIMITS, REPLAY_RUNS, type ReplayCount } from './replay-cell.ts'

/** What the project carries, with its sources and licences. */
export const CARRIED = new URL('./recorded/', import.meta.url).pathname

/** Judges every series of every file in the folder, prints the table, and writes the cells. */
export async function replay(folder: string, jsonFile?: string): Promise<void> {
  const series = recordedSeries(folder)
  if (series.length === 0) {
    throw new RangeError(`--data ${folder}: no file whose name ends in .json has a series`)
  }
  const results = await runCells(series.map((each) => ({ kind: 'replay' as const, series: each })))
  const cells = results.flatMap((result) => ('replay' in result ? result.replay : []))
  printReplay(cells)
  if (jsonFile === undefined) return
  const counts = cells.map(({ note, ...count }) => count)
  writeFileSync(jsonFile, `${JSON.stringify({ cells: counts }, null, 1)}\n`)
}

const NAMES = {
  p50: 'p50, +10 %',
  p95: 'p95, +15 %',
  both: 'both',
  default: 'default limits',
} as const

function printReplay(cells: readonly ReplayCount[]): void {
  console.log('### Recorded runs of real endpoints: fails at x 1 / x 1.2 / x 1.5, %\n')
  console.log(
    `| endpoints | limits | history | judged | fails | unchanged: open | unchanged: passes | last run | rolling mean |`,
  )
  console.log('|---|---|---:|---:|---:|---:|---:|---:|---:|')
  for (const group of new Set(cells.map(groupOf))) {
    const own = cells.filter((cell) => groupOf(cell) === group)
    for (const limits of REPLAY_LIMITS) {
      for (const k of REPLAY_RUNS) {
        const row = own.filter((cell) => cell.limits === limits && cell.k === k)
        if (row.some(({ judged }) => judged > 0)) printRow(group, NAMES[limits], row)
      }
    }
  }
  console.log('')
}

function groupOf({ kind, note }: ReplayCount): string {
  return note === undefined ? kind : `${kind}, ${note}`
}

function printRow(group: string, limits: string, row: readonly ReplayCount[]): void {
  const share = (count: (cell: ReplayCount) => number, factor: number) => {
    const own = row.filter((cell) => cell.factor === factor)
    const judged = own.reduce((sum, cell) => sum + cell.judged, 0)
    return ((100 * own.reduce((sum, cell) => sum + count(cell), 0)) / judged).toFixed(1)
  }
  const overFactors = (count: (cell: ReplayCount) => number) =>
    REPLAY_FACTORS.map((factor) => share(count, factor)).join(' / ')
  const judged = row
    .filter(({ factor }) => factor === 1)
    .reduce((sum, cell) => sum + cell.judged, 0)
  const cells = [
    group,
    limits,
    String(row[0]?.k),
    String(judged),
    overFactors(({ fail }) => fail),
    share(({ suspect, inconclusive }) => suspect + inconclusive, 1),
    share(({ pass }) => pass, 1),
    overFactors(({ lastRunFails }) => lastRunFails),
    overFactors(({ rollingMeanFails }) => rollingMeanFails),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
