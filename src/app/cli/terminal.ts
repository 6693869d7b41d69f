// What the commands share of the terminal: who asks, what is shown while it runs, and where the report
// goes.

import { resolve } from 'node:path'
import { writeFolder, writeText } from '../../disk/disk.ts'
import type { Policy } from '../../model/config.ts'
import type { Ports } from '../../model/ports.ts'
import type { ReportDocument } from '../../model/report-document.ts'
import type { Provenance } from '../../model/run.ts'
import type { BaselineStore } from '../../model/store.ts'
import type { JobResult } from '../../model/verdict.ts'
import { FILE_FORMATS, reportTexts, text } from '../../report/report.ts'
import { gatePorts, type Keys } from '../ports.ts'
import { logProgress, type ProgressScreen, SILENT_PROGRESS, terminalProgress } from '../progress.ts'
import { commentOf, reportOf, writeReport } from '../report-folder.ts'
import { checkoutOf } from './checkout.ts'
import type { Arguments, Invocation } from './command.ts'
import { DEFAULT_REPORT_DIR } from './run-options.ts'

export function keysOf(invocation: Invocation): Keys {
  return {
    candidate: invocation.env.INFERENCE_GATE_API_KEY || undefined,
    reference: invocation.env.INFERENCE_GATE_REFERENCE_API_KEY || undefined,
  }
}

/** What is measured here and now: CI systems say for which commit; elsewhere the checkout does. */
export function provenanceHere(invocation: Invocation): Provenance {
  const checkout = checkoutOf(invocation.folder, invocation.env)
  const { commit = checkout.commit, branch = checkout.branch } = provenanceOf(invocation)
  return { commit, branch }
}

/** What CI systems say of the job. */
export function provenanceOf(invocation: Invocation): Provenance {
  const commit = invocation.env.GITHUB_SHA ?? invocation.env.CI_COMMIT_SHA
  const branch = invocation.env.GITHUB_REF_NAME ?? invocation.env.CI_COMMIT_REF_NAME
  return {
    commit,
    branch,
  }
}

/** The world as a person at a terminal has it: any address, keys of the environment, progress shown. */
export function portsOfTerminal(of: {
  readonly args: Arguments
  readonly invocation: Invocation
  readonly store: BaselineStore
  readonly policy: Policy
}): Ports {
  return gatePorts({
    store: of.store,
    keys: keysOf(of.invocation),
    policy: of.policy,
    reach: { kind: 'anywhere' },
    env: of.invocation.env,
    signal: of.invocation.signal,
    screen: screenOf(of.args, of.invocation),
  })
}

/** Progress goes to the error stream, so that standard output is the report alone. */
export function screenOf(args: Arguments, invocation: Invocation): ProgressScreen {
  if (printsJson(args)) return SILENT_PROGRESS
  return invocation.terminal ? terminalProgress(invocation.err) : logProgress(invocation.err)
}

function printsJson(args: Arguments): boolean {
  return args.text('json') === '-'
}

export type Shown = {
  readonly jobResult: JobResult
  readonly runs: Readonly<Record<string, string>>
}

export function reportFolderOf(args: Arguments, invocation: Invocation): string {
  return resolve(invocation.folder, args.text('report-dir') ?? DEFAULT_REPORT_DIR)
}

export async function showReport(
  args: Arguments,
  invocation: Invocation,
  shown: Shown,
): Promise<void> {
  const report = reportOf(shown.jobResult)
  const paths = await writeReport(reportFolderOf(args, invocation), report, shown.runs)
  const { document } = report
  await writeAskedFor(args, invocation, { jobResult: shown.jobResult, document })
  const json = args.text('json')
  if (printsJson(args)) {
    invocation.out(report.json)
    return
  }
  if (json !== undefined) await writeText(resolve(invocation.folder, json), report.json)
  invocation.out(text(report.document, { color: invocation.terminal, width: invocation.width }))
  invocation.out(`\nreport: ${paths.html}\n`)
  if (paths.moved !== undefined) invocation.out(`${paths.moved}\n`)
}

/** Files for other forges, and the comment where somebody wants it by itself. */
async function writeAskedFor(
  args: Arguments,
  invocation: Invocation,
  { jobResult, document }: { readonly jobResult: JobResult; readonly document: ReportDocument },
): Promise<void> {
  const comment = commentOf(document)
  const file = args.text('comment-file')
  if (file !== undefined) await writeText(resolve(invocation.folder, file), comment)
  const asked = FILE_FORMATS.filter(({ name }) => args.texts('format').includes(name))
  const report = { jobResult, texts: reportTexts(jobResult) }
  const files = asked.flatMap((format) =>
    Object.entries(format.files).map(([name, of]) => [name, of(report, comment)] as const),
  )
  await writeFolder(reportFolderOf(args, invocation), Object.fromEntries(files))
}
