// Runs as rows of one table, in the terminal and as a page of the report folder.

import { join } from 'node:path'
import { writeFolder } from '../../disk/disk.ts'
import { summarize } from '../../judge/judge.ts'
import type { Run } from '../../model/run.ts'
import { type Beside, html, type Measured, sideBySide, text } from '../../report/report.ts'
import type { Arguments, Invocation } from './command.ts'
import { reportFolderOf } from './terminal.ts'

export const FEWEST_ROWS = 2

/** And how they came to stand beside each other. */
type RowsMeasured = { readonly rows: readonly Beside[]; readonly measured: Measured }

export async function showSideBySide(
  { rows, measured }: RowsMeasured,
  args: Arguments,
  invocation: Invocation,
): Promise<void> {
  const document = sideBySide(rows, measured)
  const folder = reportFolderOf(args, invocation)
  await writeFolder(folder, { 'side-by-side.html': html(document) })
  invocation.out(text(document, { color: invocation.terminal, width: invocation.width }))
  invocation.out(`\nreport: ${join(folder, 'side-by-side.html')}\n`)
}

/** By model where that tells them apart, else by model and host, else by number as well. */
export function namedApart(runs: readonly Run[]): readonly Beside[] {
  const models = runs.map(({ subject, gate }) => subject.model ?? gate)
  const full = runs.map(({ subject }, index) => {
    const host = (subject.url ?? '').replace(/^https?:\/\//, '').replace(/\/.*$/, '')
    return `${models[index]} ${host}`.trim()
  })
  const numbered = full.map((name, index) => `${index + 1}. ${name}`)
  const names = [models, full].find((each) => new Set(each).size === runs.length) ?? numbered
  return runs.map((run, index) => ({ name: names[index] ?? run.gate, summary: summarize(run, []) }))
}
