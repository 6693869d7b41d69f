// The report as a file for machines: JSON, schema version 1, published as schema/report.schema.json.
// It holds the whole result but for samples, so that a comment can be written again from it alone.
// Reading takes the file for hostile: it may come from a pull request's own job.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import schema from '../../../schema/report.schema.json' with { type: 'json' }
import type { ReportProblem, ReportTexts } from '../../model/report-document.ts'
import type { JobResult } from '../../model/verdict.ts'
import { parseJson } from '../json/json.ts'
import { REPORT_SCHEMA_VERSION, type ReportFile, type ReportFileProblem } from './report-format.ts'
import { gateFromFile, gateToFile } from './report-gate.ts'
import { present } from './report-nulls.ts'
import { violationText } from './violation.ts'

/** Longer files are not even parsed. A report of 100 gates has about 1 MB. */
export const LARGEST_REPORT_FILE = 8 * 1024 * 1024

export type DecodedReport =
  | { readonly ok: true; readonly report: StoredReport }
  | { readonly ok: false; readonly problem: string }

export type StoredReport =
  | {
      readonly kind: 'result'
      /**
       * As encoded, but for three things: the charts have no timeline, and the context has no
       * `runUrl` and says `verified: false`. Whoever publishes it sets commit and address from what
       * GitHub itself says.
       */
      readonly jobResult: JobResult
    }
  | { readonly kind: 'problem'; readonly problem: ReportProblem; readonly tool: string }

/** JSON with a line feed. Numbers that are not finite become null, as the schema says at each. */
export function encodeReport(jobResult: JobResult, texts: ReportTexts): string {
  const { context } = jobResult
  const file: ReportFile = {
    schemaVersion: REPORT_SCHEMA_VERSION,
    tool: context.tool,
    verdict: jobResult.verdict,
    headline: texts.headline,
    gates: jobResult.gates.map((gate, index) => {
      const words = texts.gates[index]
      if (words === undefined) throw new TypeError(`no texts for the gate ${gate.gate}`)
      return gateToFile(gate, words)
    }),
    requests: jobResult.requests,
    spent: { usd: null, reason: null, ...jobResult.spent },
    context: {
      mode: context.mode,
      entrypoint: context.entrypoint,
      preview: context.preview,
      headCommit: context.headCommit ?? null,
      baseCommit: context.baseCommit ?? null,
      baseBranch: context.baseBranch ?? null,
      runUrl: context.runUrl ?? null,
      limitsFrom: context.limitsFrom,
      proposedChanges: context.proposedChanges,
      dropped: context.dropped,
      acceptLabel: context.acceptLabel,
      config: context.config,
      acceptLabelIsStale: context.acceptLabelIsStale,
      blocking: context.blocking,
    },
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** A report without a result: verdict `invalid`, no gates, and the problem. */
export function encodeProblem(
  problem: ReportProblem,
  texts: { readonly tool: string; readonly headline: string },
): string {
  const file: ReportFileProblem = {
    schemaVersion: REPORT_SCHEMA_VERSION,
    tool: texts.tool,
    verdict: 'invalid',
    headline: texts.headline,
    gates: [],
    requests: 0,
    spent: { usd: 0, reason: null, estimated: false },
    context: null,
    problem,
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** Bounded and checked against the published schema before anything is read from it. */
export function decodeReport(text: string): DecodedReport {
  if (text.length > LARGEST_REPORT_FILE) {
    return refused(`is longer than ${LARGEST_REPORT_FILE} characters`)
  }
  const parsed = parse(text)
  if (!parsed.ok) return parsed
  const newer = newerVersion(parsed.value)
  if (newer !== undefined) {
    return refused(`has schema version ${newer}; this program reads up to ${REPORT_SCHEMA_VERSION}`)
  }
  const validate = validator()
  if (!validate(parsed.value)) {
    const text = violationText(validate.errors ?? [], parsed.value)
    return refused(`does not match schema/report.schema.json: ${text}`)
  }
  return { ok: true, report: reportOf(parsed.value) }
}

function reportOf(file: ReportFile | ReportFileProblem): StoredReport {
  if ('problem' in file) return { kind: 'problem', problem: file.problem, tool: file.tool }
  const { context } = file
  return {
    kind: 'result',
    jobResult: {
      verdict: file.verdict,
      gates: file.gates.map(gateFromFile),
      spent: present(file.spent),
      requests: file.requests,
      context: {
        tool: file.tool,
        ...present({
          ...context,
          entrypoint: context.entrypoint ?? null,
          preview: context.preview ?? null,
          dropped: context.dropped ?? null,
          config: context.config ?? null,
          acceptLabelIsStale: context.acceptLabelIsStale ?? null,
          runUrl: null,
        }),
        verified: false,
      },
    },
  }
}

function parse(
  text: string,
):
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string } {
  try {
    return { ok: true, value: parseJson(text) }
  } catch {
    return refused('is not JSON')
  }
}

function refused(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem }
}

function newerVersion(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value)) return undefined
  const { schemaVersion } = value
  return typeof schemaVersion === 'number' && schemaVersion > REPORT_SCHEMA_VERSION
    ? schemaVersion
    : undefined
}

let compiled: ValidateFunction<ReportFile | ReportFileProblem> | undefined

/** Compiled at the first use, by one job that publishes: docs/decisions/0015 has the figures. */
function validator(): ValidateFunction<ReportFile | ReportFileProblem> {
  compiled ??= new Ajv2020({
    discriminator: true,
    strict: false,
    strictNumbers: true,
    messages: false,
  }).compile<ReportFile | ReportFileProblem>(schema)
  return compiled
}
