// The runner around a job: outputs, the summary, annotations and masks. Everything passes
// @actions/core, which escapes what could be taken for a command, and the one redactor before it.

import { appendFile } from 'node:fs/promises'
import * as core from '@actions/core'
import { GateError } from '../model/errors.ts'
import { leaving } from '../redact/redact.ts'

export type Annotation = {
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
  readonly title?: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

/** GitHub shows ten of each level a step and drops the rest unseen. */
const MAX_ANNOTATIONS = 10

/** Undefined values become empty outputs, as for an output that was never set. */
export function setOutputs(outputs: Readonly<Record<string, string | number | undefined>>): void {
  for (const [name, value] of Object.entries(outputs))
    core.setOutput(name, leaving.text(String(value ?? '')))
}

/** Adds to the step's summary. Outside a job (no GITHUB_STEP_SUMMARY) it does nothing. */
export async function writeSummary(
  markdown: string,
  summaryFile = process.env.GITHUB_STEP_SUMMARY,
): Promise<void> {
  if (summaryFile === undefined || summaryFile === '') return
  try {
    await appendFile(summaryFile, `${leaving.text(markdown)}\n`)
  } catch (cause) {
    throw new GateError(
      'file',
      `The job summary ${summaryFile} cannot be written.`,
      'Check the disk of the runner; the report folder holds the same report.',
      { cause },
    )
  }
}

/** The tenth of a level says how many there are in all. */
export function annotate(annotations: readonly Annotation[]): void {
  for (const level of ['error', 'warning', 'notice'] as const) {
    const all = annotations.filter((one) => one.level === level)
    const shown = all.slice(0, MAX_ANNOTATIONS)
    const left = all.length - shown.length
    shown.forEach((one, index) => {
      const more = left > 0 && index === MAX_ANNOTATIONS - 1 ? ` (and ${left} more)` : ''
      SHOW[level](leaving.text(`${one.message}${more}`), placeOf(one))
    })
  }
}

const SHOW = { error: core.error, warning: core.warning, notice: core.notice } as const

function placeOf({ title, file, line, column }: Annotation): core.AnnotationProperties {
  return {
    ...(title === undefined ? {} : { title: leaving.text(title) }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { startLine: line }),
    ...(column === undefined ? {} : { startColumn: column }),
  }
}

/** From here on the runner shows stars for it; each line of a secret is masked by itself as well. */
export function maskSecret(secret: string): void {
  leaving.add([secret])
  for (const part of [secret, ...secret.split(/\r?\n/)]) {
    if (part.trim().length >= 4) core.setSecret(part)
  }
}
