// The file a run is kept in, in a baseline store and in a report folder: JSON, schema version 1,
// published as schema/run.schema.json. Reading never trusts: a file that is cut short, of another
// program or of a newer version is a problem that says so, never an empty run.

import { FAMILIES } from '../../model/metric.ts'
import type { Conditions, Cost, Run, RunWarning, Unknown } from '../../model/run.ts'
import {
  asArray,
  asCount,
  asFlag,
  asIsoTime,
  asNumber,
  asObject,
  asOneOf,
  asText,
  asTextMap,
  ForeignData,
  type JsonObject,
  optional,
  parseJson,
  present,
} from '../json/json.ts'
import { invalidAnswersOf } from './invalid-answers.ts'
import { invalidityOf } from './invalidity.ts'
import { provenanceOf } from './provenance.ts'
import { columnOf, decodeRecords, encodeRecords } from './run-records.ts'
import { encodeServerMetrics, serverMetricsOf } from './server-metrics.ts'
import { isRunId } from './store-layout.ts'

export const RUN_FORMAT = 'inference-gate-run'
export const RUN_SCHEMA_VERSION = 1
export const LARGEST_RUN_FILE = 64 * 1024 * 1024

export type DecodedRun =
  | { readonly ok: true; readonly run: Run }
  | { readonly ok: false; readonly problem: string }

/**
 * One line of JSON and a line feed. Times are kept to 10 microseconds, money to twelve digits: see
 * schema/run.schema.json. Throws TypeError for a number that is not finite.
 */
export function encodeRun(run: Run): string {
  const { records, costsUsd, conditions } = run
  const { commit, branch, runUrl, actor, config, inputs, merged } = run.provenance
  const file = {
    format: RUN_FORMAT,
    schemaVersion: RUN_SCHEMA_VERSION,
    id: run.id,
    gate: run.gate,
    arm: run.arm,
    tool: run.tool,
    startedAt: run.startedAt,
    provenance: { commit, branch, runUrl, actor, config, inputs, merged },
    ttftDefinition: run.ttftDefinition,
    loadShape: run.loadShape,
    loadShapeHash: run.loadShapeHash,
    subject: run.subject,
    seed: run.seed,
    conditions: Object.fromEntries(
      Object.entries(conditions).map(([name, value]) => [name, rounded(value, 3)]),
    ),
    invalidities: run.invalidities,
    warnings: run.warnings,
    spent: { usd: run.spent.usd, reason: run.spent.reason, estimated: run.spent.estimated },
    costUnknown: run.costUnknown,
    unknowns: run.unknowns,
    mergedFrom: run.mergedFrom,
    expectation: run.expectation,
    costPer: run.costPer,
    invalidAnswers: run.invalidAnswers,
    serverMetrics: run.serverMetrics && encodeServerMetrics(run.serverMetrics),
    costsUsd: costsUsd.map((usd) => digits(usd, 12)),
    records: encodeRecords(records),
  }
  return `${JSON.stringify(file, refuseNonFinite)}\n`
}

/** The problem does not repeat the path: whoever shows it names the file. */
export function decodeRun(text: string, path: string): DecodedRun {
  try {
    return { ok: true, run: readRun(text) }
  } catch (error) {
    if (error instanceof ForeignData) return { ok: false, problem: error.message }
    throw new Error(`reading ${path} failed`, { cause: error })
  }
}

function readRun(text: string): Run {
  if (text.length > LARGEST_RUN_FILE) throw new ForeignData(`is over ${LARGEST_RUN_FILE} bytes`)
  if (text.trim() === '') throw new ForeignData('is empty')
  const file = asObject(parseJson(text), 'the file')
  checkKind(file, RUN_FORMAT, RUN_SCHEMA_VERSION)
  const records = decodeRecords(file.records)
  return {
    id: runIdOf(file.id),
    gate: asText(file.gate, 'gate'),
    arm: asOneOf(file.arm, 'arm', ['candidate', 'reference']),
    tool: asText(file.tool, 'tool'),
    startedAt: asIsoTime(file.startedAt, 'startedAt'),
    provenance: provenanceOf(file.provenance),
    ttftDefinition: asText(file.ttftDefinition, 'ttftDefinition'),
    loadShape: asTextMap(file.loadShape, 'loadShape'),
    loadShapeHash: asText(file.loadShapeHash, 'loadShapeHash'),
    subject: asTextMap(file.subject, 'subject'),
    seed: asNumber(file.seed, 'seed'),
    conditions: conditionsOf(file.conditions),
    invalidities: asArray(file.invalidities, 'invalidities').map(invalidityOf),
    warnings: asArray(file.warnings, 'warnings').filter(isWarning),
    spent: costOf(file.spent),
    ...present({
      costUnknown: optional(file.costUnknown, 'costUnknown', unknownCostOf),
      unknowns: optional(file.unknowns, 'unknowns', unknownsOf),
      mergedFrom: optional(file.mergedFrom, 'mergedFrom', (ids) =>
        asArray(ids, 'mergedFrom').map(runIdOf),
      ),
      expectation: optional(file.expectation, 'expectation', asText),
      costPer: optional(file.costPer, 'costPer', (value, place) =>
        asOneOf(value, place, ['valid-answer']),
      ),
      invalidAnswers: optional(file.invalidAnswers, 'invalidAnswers', invalidAnswersOf),
      serverMetrics: optional(file.serverMetrics, 'serverMetrics', serverMetricsOf),
    }),
    costsUsd: costsOf(file.costsUsd, records.length),
    records,
  }
}

/** Shared by every file of ours: whose it is, and whether this version can read it. */
export function checkKind(file: JsonObject, format: string, newest: number): void {
  if (file.format !== format) {
    throw new ForeignData(`is not an ${format} file: its format is ${JSON.stringify(file.format)}`)
  }
  const version = asCount(file.schemaVersion, 'schemaVersion')
  if (version > newest) {
    throw new ForeignData(
      `has schema version ${version}, and this version of Inference Gate reads up to ${newest}: update it`,
    )
  }
  if (version < 1) throw new ForeignData(`has schema version ${version}, which never existed`)
}

function runIdOf(value: unknown): string {
  const id = asText(value, 'id')
  if (isRunId(id)) return id
  throw new ForeignData(`id is ${JSON.stringify(id.slice(0, 60))}, not a time and eight hex digits`)
}

function conditionsOf(value: unknown): Conditions {
  const file = asObject(value, 'conditions')
  const read = (name: keyof Conditions) => asNumber(file[name], `conditions.${name}`)
  const number = (name: keyof Conditions) => optional(file[name], `conditions.${name}`, asNumber)
  return {
    eventLoopDelayP99Ms: read('eventLoopDelayP99Ms'),
    sendLatenessP99Ms: read('sendLatenessP99Ms'),
    clientQueueP99Ms: read('clientQueueP99Ms'),
    intendedLoad: read('intendedLoad'),
    achievedLoad: read('achievedLoad'),
    freshConnections: read('freshConnections'),
    measuredRequests: read('measuredRequests'),
    warmupRequests: read('warmupRequests'),
    durationMs: read('durationMs'),
    clockDriftMs: read('clockDriftMs'),
    peakInFlight: read('peakInFlight'),
    ...present({
      unwarmedConnections: number('unwarmedConnections'),
      ttftFromIntendedP50Ms: number('ttftFromIntendedP50Ms'),
      ttftFromIntendedP99Ms: number('ttftFromIntendedP99Ms'),
      readyAfterMs: number('readyAfterMs'),
      coldStartMs: number('coldStartMs'),
      warmupFirstMs: number('warmupFirstMs'),
      warmupLastMs: number('warmupLastMs'),
    }),
  }
}

function costOf(value: unknown): Cost {
  const file = asObject(value, 'spent')
  return {
    ...present({
      usd: optional(file.usd, 'spent.usd', asNumber),
      reason: optional(file.reason, 'spent.reason', unknownCostOf),
    }),
    estimated: asFlag(file.estimated, 'spent.estimated'),
  }
}

function costsOf(value: unknown, records: number): readonly number[] {
  if (Array.isArray(value) && value.length === 0) return []
  return columnOf(value, records, 'costsUsd').map((usd, row) => asNumber(usd, `costsUsd[${row}]`))
}

function unknownCostOf(value: unknown, place: string): 'no-prices' | 'usage-unknown' {
  return asOneOf(value, place, ['no-prices', 'usage-unknown'])
}

function unknownsOf(value: unknown): readonly Unknown[] {
  return asArray(value, 'unknowns').map((each, number) => {
    const { family, what } = asObject(each, `unknowns[${number}]`)
    return {
      family: asOneOf(family, `unknowns[${number}].family`, FAMILIES),
      what: asText(what, `unknowns[${number}].what`),
    }
  })
}

/** The numbers each warning must have. A kind that is not here is of a newer version: left out. */
const WARNING_NUMBERS: Readonly<Record<RunWarning['kind'], readonly string[]>> = {
  'output-tokens-ignored': ['asked', 'got'],
  'usage-disagrees': ['server', 'counted'],
  'usage-missing': ['requests'],
  'probes-disagree': ['ratio', 'low', 'high'],
  'budget-shortened': ['measured', 'planned'],
  'coalesced-reads': ['share'],
  'client-late': ['p99Ms', 'medianMs'],
  'probes-empty': ['empty', 'probes'],
  'server-closes-connections': ['share'],
  'rate-limited': ['requests'],
  'metrics-unread': [],
  'measured-again': [],
  unsettled: ['requests', 'firstMs', 'lastMs'],
  'answers-unchecked': ['unchecked', 'answers'],
  'answers-from-cache': ['cached', 'answers'],
  imported: [],
}

function isWarning(value: unknown): value is RunWarning {
  const warning = asObject(value, 'warnings')
  const numbers = Object.entries(WARNING_NUMBERS).find(([kind]) => kind === warning.kind)?.[1]
  if (numbers === undefined) return false
  for (const name of numbers) asNumber(warning[name], `warnings.${name}`)
  if (warning.kind === 'budget-shortened') {
    asOneOf(warning.what, 'warnings.what', ['cost', 'duration', 'requests'])
  }
  if (warning.kind === 'metrics-unread') asText(warning.problem, 'warnings.problem')
  if (warning.kind === 'measured-again') {
    asOneOf(warning.because, 'warnings.because', ['client', 'refused'])
    asOneOf(warning.outcome, 'warnings.outcome', ['sound', 'void', 'no-budget'])
  }
  if (warning.kind === 'unsettled') optional(warning.arm, 'warnings.arm', asReference)
  if (warning.kind === 'imported') {
    asText(warning.by, 'warnings.by')
    asText(warning.ttft, 'warnings.ttft')
  }
  optional(warning.retryAfterS, 'warnings.retryAfterS', asNumber)
  return true
}

function rounded(value: number, decimals: number): number {
  return Number.isFinite(value) ? Number(value.toFixed(decimals)) : value
}

function digits(value: number, count: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(count)) : value
}

/** JSON would write NaN and infinities as null, and a reader could not tell. */
function refuseNonFinite(name: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value
  throw new TypeError(`${name} is ${value}, which a run file cannot hold`)
}

function asReference(value: unknown, where: string): string {
  return asOneOf(value, where, ['reference'])
}
