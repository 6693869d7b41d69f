// A run of another load engine as a run of ours: what its file says, priced and named, and what it
// cannot say marked unknown. The id comes from the file, so importing it twice makes the same run.

import type { Prices } from '../model/config.ts'
import type { Conditions, Provenance, Run, Unknown } from '../model/run.ts'
import { TOOL } from '../model/tool.ts'
import type { ImportedRun } from '../wire/imports/imports.ts'
import { hashedShape } from './load-shape.ts'
import { type Priced, priceRecords } from './price/price.ts'
import { checkImported } from './self-check/self-check.ts'

export type ImportedFileFacts = {
  readonly gate: string
  readonly prices: Prices
  readonly provenance: Provenance
  /** SHA-256 of the file's text, in hex. */
  readonly digest: string
  /** ISO 8601 UTC: stands for the start where the file does not say it. */
  readonly writtenAt: string
}

export function assembleImported(imported: ImportedRun, file: ImportedFileFacts): Run {
  const { records, ttft, engine, subject } = imported
  const { gate, prices, provenance } = file
  const startedAt = imported.startedAt ?? file.writtenAt
  const priced = pricedOf(imported, prices)
  const conditions = conditionsOf(imported)
  const usd = priced.costsUsd.reduce((sum, cost) => sum + cost, 0)
  return {
    id: `${stampOf(startedAt)}-${file.digest.slice(0, 8)}`,
    gate,
    arm: 'candidate',
    tool: `${TOOL} (import of ${imported.tool})`,
    startedAt,
    provenance,
    ttftDefinition: ttft.id,
    ...shapeOf(imported),
    subject,
    seed: imported.seed ?? 0,
    conditions,
    invalidities: checkImported(records, conditions),
    warnings: [{ kind: 'imported', by: engine, ttft: ttft.words }],
    spent:
      priced.unknown === undefined
        ? { usd, estimated: priced.estimated }
        : { reason: priced.unknown, estimated: false },
    costsUsd: priced.costsUsd,
    costUnknown: priced.unknown,
    unknowns: unknownsOf(imported, priced),
    records,
  }
}

/** By GPU hour the cost is that of the run's duration, so it has to be known. */
function pricedOf(imported: ImportedRun, prices: Prices): Priced {
  const { records, durationMs } = imported
  if (prices.kind === 'gpu-hour' && durationMs === undefined) {
    return { costsUsd: [], unknown: 'usage-unknown', estimated: false }
  }
  return priceRecords(records, prices, durationMs ?? 0)
}

/** Another engine measures another thing, and so may another version of it. */
function shapeOf({ engine, ttft, load, shape }: ImportedRun) {
  return hashedShape({ ...shape, 'measured by': engine, 'ttft definition': ttft.id, load })
}

/** What only the client itself could have seen stays 0, and `unknowns` says that it means nothing. */
function conditionsOf({ records, warmupRequests, durationMs, rates }: ImportedRun): Conditions {
  return {
    eventLoopDelayP99Ms: 0,
    sendLatenessP99Ms: 0,
    clientQueueP99Ms: 0,
    intendedLoad: rates?.intended ?? 0,
    achievedLoad: rates?.achieved ?? 0,
    freshConnections: records.filter(({ freshConnection }) => freshConnection).length,
    measuredRequests: records.length,
    warmupRequests,
    durationMs: durationMs ?? 0,
    clockDriftMs: 0,
    peakInFlight: 0,
  }
}

/** One reason a metric; where prices are known and a cost is not, the file is to blame. */
function unknownsOf({ unknowns }: ImportedRun, { unknown }: Priced): readonly Unknown[] {
  const cost: readonly Unknown[] =
    unknown === 'usage-unknown'
      ? [{ family: 'cost_per_answer', what: 'what every request used, failures included' }]
      : []
  const first = new Map<string, Unknown>()
  for (const one of [...unknowns, ...cost]) if (!first.has(one.family)) first.set(one.family, one)
  return [...first.values()]
}

/** `2026-01-31T12:00:00.5Z` as `20260131T120000Z`. */
function stampOf(iso: string): string {
  return iso.replace(/[-:]/g, '').replace(/\.\d+Z$/, 'Z')
}
