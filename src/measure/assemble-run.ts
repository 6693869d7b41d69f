// A measurement as the run that is judged, stored and shown: the records of one arm, with their
// prices and with everything a later reader needs to know whether it may be compared.

import type { Subject } from '../model/config.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Arm, RequestRecord } from '../model/request-record.ts'
import type { Cost, Provenance, Run } from '../model/run.ts'
import type { Comparable } from './load-shape.ts'

export type RunParts = {
  readonly measurement: Measurement
  /** From `priceMeasurement`: the same records, with usage and prices. */
  readonly priced: {
    readonly records: readonly RequestRecord[]
    readonly costsUsd: readonly number[]
    readonly unknown?: 'no-prices' | 'usage-unknown'
    readonly spent: Cost
  }
  readonly check: Pick<Run, 'invalidities' | 'warnings'>
  readonly arm: Arm
  readonly identity: {
    readonly id: string
    readonly gate: string
    readonly tool: string
    readonly startedAt: string
    readonly seed: number
    readonly provenance: Provenance
  }
  readonly comparable: Comparable
  /** What makes an answer count. */
  readonly counting?: Pick<Run, 'expectation' | 'costPer'>
  readonly subject: Subject
}

/** `spent` is that of the whole measurement, whichever arm the run is of. */
export function assembleRun(parts: RunParts): Run {
  const { measurement, priced, check, arm, identity } = parts
  const kept = keptPositions(priced.records, arm, check.warnings)
  const read = measurement.serverMetrics?.[arm]
  return {
    ...identity,
    arm,
    ...parts.comparable,
    ...parts.counting,
    subject: parts.subject,
    conditions: measurement.conditions,
    ...check,
    spent: priced.spent,
    costsUsd: priced.unknown === undefined ? pick(priced.costsUsd, kept) : [],
    costUnknown: priced.unknown,
    ...invalidAnswersOf(measurement, arm),
    serverMetrics: read?.ok === true ? read.metrics : undefined,
    records: pick(priced.records, kept),
  }
}

function invalidAnswersOf({ invalidAnswers }: Measurement, arm: Arm): Pick<Run, 'invalidAnswers'> {
  const found = invalidAnswers?.[arm] ?? []
  return found.length === 0 ? {} : { invalidAnswers: found }
}

/** Probes that cannot show a token are not counted: they would pass for a failing endpoint. */
function keptPositions(
  records: readonly RequestRecord[],
  arm: Arm,
  warnings: Run['warnings'],
): readonly number[] {
  const withoutProbes = warnings.some((warning) => warning.kind === 'probes-empty')
  return records.flatMap((record, at) =>
    record.arm === arm && !(withoutProbes && record.kind === 'probe') ? [at] : [],
  )
}

function pick<T>(items: readonly T[], positions: readonly number[]): readonly T[] {
  return positions.flatMap((at) => items.slice(at, at + 1))
}
