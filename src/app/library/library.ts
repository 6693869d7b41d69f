// The engine as a library, for scripts that have runs already: read them, take other engines' results
// for runs, judge runs by runs. Measuring stays with the two entrypoints: it needs a process of its own.
// Everything here is stable from the first release, as the files and exit codes are.

import { resolve } from 'node:path'
import type { Config } from '../../model/config.ts'
import { GateError } from '../../model/errors.ts'
import type { Run } from '../../model/run.ts'
import type { GateResult, GateVerdict } from '../../model/verdict.ts'
import { html, junit, reportTexts, text } from '../../report/report.ts'
import { IMPORT_FORMATS, type ImportFormat } from '../../wire/imports/imports.ts'
import { compareRuns } from '../compare-runs.ts'
import { filesOf, readConfig as readConfigFile } from '../config-source.ts'
import { importFiles } from '../imported-runs.ts'
import { commentOf, reportOf } from '../report-folder.ts'
import { readRuns as readRunFiles } from '../saved-runs.ts'

export { ConfigProblems } from '../config-problems.ts'

/** Where relative paths start. Default: the working directory. */
export type InFolder = { readonly folder?: string }

/**
 * Runs that `inference-gate` wrote (`runs/*.json` of a report folder), by paths or globs. Rejects with
 * GateError naming a pattern that matches nothing, or a file that is no run.
 */
export function readRuns(
  paths: readonly string[],
  { folder = '.' }: InFolder = {},
): Promise<readonly Run[]> {
  return readRunFiles(paths, resolve(folder))
}

/**
 * A config file, for its limits, prices and policy. Variables that its headers name need not be set.
 * Rejects with GateError, or with ConfigProblems, which lists every issue with its place.
 */
export async function readConfig(file: string, { folder = '.' }: InFolder = {}): Promise<Config> {
  const { config } = await readConfigFile({
    file,
    read: filesOf(resolve(folder)),
    env: {},
    overrides: {},
    unsetEnv: 'blank',
  })
  return config
}

export type ImportOptions = InFolder & {
  /** The gate the results are of. Default: `imported`. */
  readonly gate?: string
  /** Gives the gate's prices, so that the cost is known. */
  readonly config?: Config
  /** Default: detected from the content. */
  readonly format?: string
  /** For k6: the Trend of the script that holds TTFT in ms. */
  readonly ttftMetric?: string
}

/** Result files of other load engines as runs. What a file cannot say is never gated. */
export async function importResults(
  paths: readonly string[],
  { folder = '.', gate = 'imported', config, format, ttftMetric }: ImportOptions = {},
): Promise<readonly Run[]> {
  const named = config?.gates.find(({ name }) => name === gate)
  const files = await importFiles(paths, {
    folder: resolve(folder),
    gate,
    prices: named?.prices ?? { kind: 'none' },
    provenance: {},
    format: format === undefined ? undefined : formatNamed(format),
    ttftMetric,
  })
  return files.flatMap(({ runs }) => runs)
}

function formatNamed(name: string): ImportFormat {
  const format = IMPORT_FORMATS.find((one) => one.name === name)
  if (format !== undefined) return format
  const names = IMPORT_FORMATS.map((one) => one.name).join(', ')
  throw new GateError(
    'usage',
    `format is "${name}"; the formats are ${names}`,
    'Name one of these.',
  )
}

export type JudgeOptions = {
  /** The history to compare with, one run each. */
  readonly with: readonly Run[]
  /** Limits and policy. Default: the documented defaults. */
  readonly config?: Config
}

export type Judgement = {
  readonly verdict: GateVerdict
  readonly headline: string
  /** As the command line would end. */
  readonly exitCode: number
  readonly gates: readonly GateResult[]
  /** The same report in each format; `json` is report.json's text, by schema/report.schema.json. */
  readonly report: Readonly<Record<'json' | 'markdown' | 'html' | 'text' | 'junit', string>>
}

/** Several candidates of one gate are shards of one run. Pure: the same runs, the same judgement. */
export function judge(
  candidates: readonly Run[],
  { with: others, config }: JudgeOptions,
): Judgement {
  const { jobResult, exitCode } = compareRuns({ candidates, others, config })
  const { document, json } = reportOf(jobResult)
  return {
    verdict: jobResult.verdict,
    headline: document.headline,
    exitCode,
    gates: jobResult.gates,
    report: {
      json,
      markdown: commentOf(document),
      html: html(document),
      text: text(document, { color: false, width: 100 }),
      junit: junit({ jobResult, texts: reportTexts(jobResult) }),
    },
  }
}
