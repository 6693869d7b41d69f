// Writes what people and machines keep of an invocation: report.json, report.html, comment.md and the
// raw runs. The same document becomes every format.

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFolder, writeFolderOr } from '../disk/disk.ts'
import { MAX_COMMENT_CHARACTERS } from '../github/github.ts'
import type { Shard } from '../model/ports.ts'
import type { ReportDocument, ReportProblem } from '../model/report-document.ts'
import type { Run } from '../model/run.ts'
import { TOOL } from '../model/tool.ts'
import type { JobResult } from '../model/verdict.ts'
import { describe, describeProblem, html, markdown, reportTexts } from '../report/report.ts'
import { encodeProblem, encodeReport, encodeRun } from '../wire/files/files.ts'

export type WrittenReport = {
  readonly document: ReportDocument
  /** The text of report.json. */
  readonly json: string
}

export function reportOf(jobResult: JobResult): WrittenReport {
  return { document: describe(jobResult), json: encodeReport(jobResult, reportTexts(jobResult)) }
}

export function reportOfProblem(problem: ReportProblem): WrittenReport {
  const document = describeProblem(problem)
  return { document, json: encodeProblem(problem, { tool: TOOL, headline: document.headline }) }
}

/**
 * The candidate's raw run of each gate, and below `pairs/` what was measured in alternation, where a
 * glob over `runs/` does not take it for another shard.
 */
export function runFiles(measured: readonly Shard[]): Readonly<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const { gate, runs } of measured) {
    const [run, ...pairs] = runs
    if (run !== undefined) files[`runs/${gate}.json`] = encodeRun(run)
    for (const half of pairs) files[`runs/pairs/${gate}.${half.arm}.json`] = encodeRun(half)
  }
  return files
}

/**
 * Keeps what a gate measured as soon as it is there. Throws GateError('file') at once for a folder
 * that cannot be written to: nothing is measured that could not be kept.
 */
export async function keepRuns(folder: string): Promise<(measured: Shard) => Promise<void>> {
  await makeFolder(folder)
  return async (measured) => {
    await writeFolderOr(tmpdir(), folder, runFiles([measured]))
  }
}

export function runFile(run: Run): Readonly<Record<string, string>> {
  return { [`runs/${run.gate}.json`]: encodeRun(run) }
}

/** The comment, short enough for GitHub. */
export function commentOf(document: ReportDocument): string {
  return markdown(document, MAX_COMMENT_CHARACTERS)
}

export type ReportPaths = {
  readonly json: string
  readonly html: string
  /** Why it is elsewhere than it was asked for, as a sentence. Absent = it is where it should be. */
  readonly moved?: string
}

export async function writeReport(
  folder: string,
  report: WrittenReport,
  runs: Readonly<Record<string, string>>,
): Promise<ReportPaths> {
  const written = await writeFolderOr(tmpdir(), folder, {
    ...runs,
    'report.json': report.json,
    'report.html': html(report.document),
    'comment.md': commentOf(report.document),
  })
  const paths = {
    json: join(written.folder, 'report.json'),
    html: join(written.folder, 'report.html'),
  }
  if (written.trouble === undefined) return paths
  const moved = `${folder} cannot be written to (${written.trouble}), so report and runs are in ${written.folder}.`
  return { ...paths, moved }
}
