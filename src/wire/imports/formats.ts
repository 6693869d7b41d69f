// The one table of formats, in the order in which they are tried, and the one way in: text of a file
// in, runs out. A new format is one file and one row here.

import type { RequestRecord } from '../../model/request-record.ts'
import { MOST_RECORDS } from '../../model/run.ts'
import { ForeignData } from '../json/json.ts'
import { aiperf } from './aiperf.ts'
import { guidellm } from './guidellm.ts'
import type { ImportedRun, ImportFormat } from './imported-run.ts'
import { inferencePerf } from './inference-perf.ts'
import { k6 } from './k6.ts'
import { llmperf } from './llmperf.ts'
import { sglang } from './sglang.ts'
import { parseDocuments } from './tolerant-json.ts'
import { vllm } from './vllm.ts'

export const IMPORT_FORMATS: readonly ImportFormat[] = [
  vllm,
  sglang,
  aiperf,
  guidellm,
  inferencePerf,
  llmperf,
  k6,
]

export type Detected =
  /** Has requests, and these files beside it may say more. */
  | {
      readonly kind: 'requests'
      readonly format: ImportFormat
      readonly documents: readonly unknown[]
    }
  /** A file of that engine without requests: there is nothing to judge in it. */
  | { readonly kind: 'aggregates'; readonly format: ImportFormat }
  | { readonly kind: 'problem'; readonly problem: string }

/** Tells a file by what is in it, or takes the format that is named. Never throws. */
export function detectImport(text: string, named?: ImportFormat): Detected {
  const documents = documentsOf(text)
  if ('problem' in documents) return { kind: 'problem', problem: documents.problem }
  const [first] = documents.documents
  for (const format of named === undefined ? IMPORT_FORMATS : [named]) {
    const recognised = format.recognise(first)
    if (recognised === 'aggregates') return { kind: 'aggregates', format }
    if (recognised === 'requests') return { kind: 'requests', format, ...documents }
  }
  if (named !== undefined) return { kind: 'requests', format: named, ...documents }
  const known = IMPORT_FORMATS.map(({ name, title }) => `${name} (${title})`).join(', ')
  return { kind: 'problem', problem: `is of no format that is known here: ${known}` }
}

export type ReadRuns =
  | { readonly ok: true; readonly runs: readonly ImportedRun[] }
  | { readonly ok: false; readonly problem: string }

/** `besides`: texts of files beside it, by name. The problem does not repeat the file's path. */
export function readImport(
  detected: Extract<Detected, { kind: 'requests' }>,
  given: { readonly besides: ReadonlyMap<string, string>; readonly ttftMetric?: string },
): ReadRuns {
  const { format, documents } = detected
  const { ttftMetric } = given
  try {
    const besides = new Map(
      [...given.besides].map(([name, text]) => [name, parseBeside(name, text)] as const),
    )
    const runs = format.read({
      documents,
      besides,
      ttftMetric,
    })
    return { ok: true, runs: runs.map(bounded) }
  } catch (error) {
    if (error instanceof ForeignData) return { ok: false, problem: error.message }
    throw error
  }
}

function parseBeside(name: string, text: string): unknown {
  const documents = documentsOf(text)
  if ('problem' in documents) throw new ForeignData(`beside it, ${name} ${documents.problem}`)
  return documents.documents[0]
}

function documentsOf(
  text: string,
): { readonly documents: readonly unknown[] } | { readonly problem: string } {
  try {
    return { documents: parseDocuments(text) }
  } catch (error) {
    if (error instanceof ForeignData) return { problem: error.message }
    throw error
  }
}

/** Nothing that a run file could not hold, or that would turn a sum into nonsense. */
function bounded(run: ImportedRun): ImportedRun {
  const { records } = run
  if (records.length === 0) throw new ForeignData('has no request')
  if (records.length > MOST_RECORDS) {
    throw new ForeignData(`has ${records.length} requests; at most ${MOST_RECORDS} are read`)
  }
  for (const record of records) {
    const time = timesOf(record).find((ms) => !isTime(ms))
    if (time !== undefined) {
      throw new ForeignData(`request ${record.index} has a time of ${time} ms, more than a year`)
    }
    const count = countsOf(record).find((each) => !(each >= 0 && each <= MOST_TOKENS))
    if (count !== undefined) {
      throw new ForeignData(`request ${record.index} has a count of ${count}`)
    }
  }
  return run
}

function timesOf(record: RequestRecord): readonly number[] {
  const { startedMs, endMs, intendedMs, firstTokenMs, firstOutputTokenMs, lastTokenMs } = record
  const stamps = [startedMs, endMs, intendedMs, firstTokenMs, firstOutputTokenMs, lastTokenMs]
  return [...stamps.filter((ms) => ms !== undefined), ...record.gapsMs]
}

function countsOf({ usage, maxOutputTokens, inputCharacters = 0 }: RequestRecord) {
  const counts = [maxOutputTokens, inputCharacters]
  if (usage === undefined) return counts
  return [...counts, usage.inputTokens, usage.outputTokens, usage.cachedInputTokens]
}

const MOST_TOKENS = 1e9

/** What lies beyond a year of the start was read with the wrong unit. */
function isTime(ms: number): boolean {
  return Number.isFinite(ms) && Math.abs(ms) < 366 * 86_400_000
}
