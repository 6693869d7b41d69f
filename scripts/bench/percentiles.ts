// Percentiles and tables for the benchmarks' output.

import { quantile } from '../../src/stats/quantile.ts'

export function percentiles(values: readonly number[], at: readonly number[]): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b)
  return at.map((p) => (sorted.length === 0 ? Number.NaN : quantile(sorted, p)))
}

export function ms(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : '—'
}

/** A Markdown table, columns padded so that it reads in a terminal as well. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = rows
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(head), rule, ...body.map(line)].join('\n')
}
