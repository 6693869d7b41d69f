// The file a run is kept in, in a baseline store and in a report folder: JSON, schema version 1. Its shape is
// schema/run.schema.json, and reading goes by the code compiled from it. What a schema cannot say is checked
// here and in run-records.ts: that a time exists, that each record has its value in every column, and that
// a request with a usage has its counts. Reading never trusts: a file that is cut short, of another program
// or of a newer version is a problem that says so, never an empty run.

import type { Run } from '../../model/run.ts'
import type { ServerMetrics } from '../../model/server-metrics.ts'
import { shown } from '../../model/shown.ts'
import { ForeignData, isObject, type JsonObject } from '../json/json.ts'
import { attempt, checkTime, type OwnFormat, readOwnFile } from './own-file.ts'
import { checkLength, decodeRecords, encodeRecords, type RecordTable } from './run-records.ts'
import { validateRun, WARNING_KINDS } from './schema-validators.ts'
import { isRunId } from './store-layout.ts'

export const RUN_FORMAT = 'inference-gate-run'
export const RUN_SCHEMA_VERSION = 1
export const LARGEST_RUN_FILE = 64 * 1024 * 1024

/** Foreign texts in the examples of invalid answers. */
const LONGEST_EXAMPLE = 500

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
  const read = attempt(path, () => readRun(text))
  return read.ok ? { ok: true, run: read.value } : read
}

type RunFile = Omit<Run, 'records'> & {
  readonly format: string
  readonly schemaVersion: number
  readonly records: RecordTable
}

const RUN_FILE: OwnFormat<RunFile> = {
  format: RUN_FORMAT,
  newestVersion: RUN_SCHEMA_VERSION,
  largest: LARGEST_RUN_FILE,
  isOne: (file): file is RunFile => validateRun(file),
  violations: () => validateRun.errors ?? [],
  takeOutNewer: takeOutNewerWarnings,
}

function readRun(text: string): Run {
  const { format: _, schemaVersion: __, ...file } = readOwnFile(text, RUN_FILE)
  const { records, invalidAnswers, ...head } = file
  checkRunId(head.id, 'id')
  checkTime(head.startedAt, 'startedAt')
  for (const id of head.mergedFrom ?? []) checkRunId(id, 'mergedFrom')
  if (head.costsUsd.length > 0) checkLength(head.costsUsd, records.count, 'costsUsd')
  const examples = invalidAnswers?.map(withShortTexts)
  return {
    ...head,
    ...(examples && { invalidAnswers: examples }),
    records: decodeRecords(records),
  }
}

/** A warning of a kind that is not known is of a newer version and voids nothing: it is left out. */
function takeOutNewerWarnings(file: JsonObject): void {
  const { warnings } = file
  if (!Array.isArray(warnings)) return
  const isKnown = (warning: unknown) =>
    !isObject(warning) || WARNING_KINDS.some((kind) => kind === warning.kind)
  Object.assign(file, { warnings: warnings.filter(isKnown) })
}

function checkRunId(id: string, place: string): void {
  if (isRunId(id)) return
  throw new ForeignData(
    `${place} is ${shown(id)}; expected a time that exists and eight hex digits`,
  )
}

type Example = NonNullable<Run['invalidAnswers']>[number]

function withShortTexts({ problem, begins, ...example }: Example): Example {
  return {
    ...example,
    ...(problem !== undefined && { problem: problem.slice(0, LONGEST_EXAMPLE) }),
    ...(begins !== undefined && { begins: begins.slice(0, LONGEST_EXAMPLE) }),
  }
}

/** Times to the millisecond. */
function encodeServerMetrics({ engine, readings }: ServerMetrics): object {
  return {
    engine,
    readings: readings.map(({ atMs, ...reading }) => ({ atMs: Math.round(atMs), ...reading })),
  }
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
