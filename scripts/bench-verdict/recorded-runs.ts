// Recorded runs of real endpoints as the summaries that judging reads: files of a folder, each with
// the runs of some series as requests, as percentiles, or as single requests far apart.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Summary } from '../../src/model/summary.ts'
import { normalQuantileAbove } from '../../src/stats/normal-distribution.ts'
import { type RawFile, type RawRun, type RawSeries, readRecordedFile } from './recorded-file.ts'

export type RecordedSeries = {
  readonly kind: string
  readonly name: string
  readonly note?: string
  readonly source: string
  /** Oldest first. */
  readonly runs: readonly Summary[]
}

/** Every file of the folder whose name ends in `.json`, in the order of their names. */
export function recordedSeries(folder: string): readonly RecordedSeries[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => seriesOf(readRecordedFile(join(folder, name))))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new RangeError(`--data ${folder}: ${why}; a folder with .json files of recorded runs`)
  }
}

function seriesOf(file: RawFile): readonly RecordedSeries[] {
  return file.series.map(({ name, note, runs, requests }) => ({
    kind: file.kind,
    name,
    note,
    source: file.source,
    runs:
      runs === undefined
        ? pseudoRuns(name, requests)
        : inOrder(runs).map((run, index) => summaryOf(name, run, { index, requests })),
  }))
}

/** Oldest first; where a time is missing, the file's order is the only one there is. */
function inOrder<Timed extends { readonly at?: string }>(recorded: readonly Timed[]) {
  const moments = recorded.map(({ at }) => (at === undefined ? Number.NaN : Date.parse(at)))
  if (!moments.every(Number.isFinite)) return recorded
  return [...recorded].sort((one, other) => Date.parse(one.at ?? '') - Date.parse(other.at ?? ''))
}

/** Requests far apart, twenty in a row taken for a run. They span days, so they have no hour. */
const PSEUDO_RUN = 20

function pseudoRuns(name: string, requests: RawSeries['requests']): readonly Summary[] {
  if (typeof requests !== 'object') return []
  const sent = inOrder(requests)
  return Array.from({ length: Math.floor(sent.length / PSEUDO_RUN) }, (_, index) => {
    const part = sent.slice(index * PSEUDO_RUN, (index + 1) * PSEUDO_RUN)
    return summaryOf(name, { ttft: part.map(({ ttft }) => ttft) }, { index })
  })
}

const DAY_MS = 86_400_000
const FIRST_DAY_MS = Date.parse('2024-01-01T03:00:00Z')
/** Where a file says nothing of how many requests a run had. */
const USUAL_REQUESTS = 300

function summaryOf(
  name: string,
  run: RawRun,
  place: { readonly index: number; readonly requests?: RawSeries['requests'] },
): Summary {
  const stated = typeof place.requests === 'number' ? place.requests : USUAL_REQUESTS
  const values = run.ttft ?? rebuilt(run, run.requests ?? stated)
  const failed = run.failed ?? 0
  const requests = values.length + failed
  const at = run.at === undefined ? FIRST_DAY_MS + place.index * DAY_MS : Date.parse(run.at)
  return {
    runId: `${name}/${place.index}`,
    startedAt: new Date(at).toISOString(),
    ttftDefinition: 'recorded',
    loadShape: {},
    loadShapeHash: 'recorded',
    subject: {},
    requests,
    completed: values.length,
    errors: failed === 0 ? {} : { 'rate-limited': failed },
    failed,
    series:
      values.length === 0
        ? {}
        : {
            ttft: {
              values,
              classes: values.map(() => 0),
              classNames: ['all'],
              leftOut: failed,
              refused: failed,
              of: requests,
            },
          },
    cost: { known: false, reason: 'no-prices' },
  }
}

/**
 * Requests that have a run's percentiles: log of the value linear in the normal quantile between
 * and beyond the known ones, in an order without correlation of neighbours (steps of the golden
 * section), since the order they were sent in is not known.
 */
function rebuilt({ p50, p90, p99 }: RawRun, count: number): readonly number[] {
  if (p50 === undefined || p90 === undefined || p99 === undefined) return []
  const z90 = normalQuantileAbove(0.1)
  const z99 = normalQuantileAbove(0.01)
  const body = Math.log(p90 / p50) / z90
  const tail = Math.log(p99 / p90) / (z99 - z90)
  const step = coprimeStep(count)
  return Array.from({ length: count }, (_, place) => {
    const z = -normalQuantileAbove((((place * step) % count) + 0.5) / count)
    return z <= z90 ? p50 * Math.exp(body * z) : p90 * Math.exp(tail * (z - z90))
  })
}

function coprimeStep(count: number): number {
  let step = Math.max(1, Math.round(count * 0.618034))
  while (commonDivisor(count, step) !== 1) step += 1
  return step
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}
