// Shards of one load, measured side by side by several jobs, made into the one run they are. Shards
// that did not ask the same thing of the same endpoint are refused by name.

import { sumOfCosts } from '../model/cost.ts'
import { GateError } from '../model/errors.ts'
import type { Conditions, Run, Unknown } from '../model/run.ts'
import { hashedShape } from './load-shape.ts'
import { metricsOfRounds, metricsOfShards } from './merge-metrics.ts'

/**
 * Merges runs of one gate. Records keep their order within a shard and are renumbered; the conditions
 * are the worst of any shard, loads are summed. Throws GateError('usage') for shards that differ.
 */
export function mergeRuns(given: readonly Run[]): Run {
  const runs = eachOnce(given)
  const [first, ...others] = runs
  if (first === undefined) throw new TypeError('there is nothing to merge')
  for (const other of others) refuseDifference(first, other)
  if (others.length === 0) return first
  const known = runs.every(({ costsUsd, records }) => costsUsd.length === records.length)
  const unknown = runs.find(({ costUnknown }) => costUnknown !== undefined)?.costUnknown
  const { costUnknown: _, ...rest } = first
  return {
    ...rest,
    mergedFrom: runs.flatMap(identitiesOf),
    ...shapeOfShards(runs),
    conditions: worstConditions(runs.map(({ conditions }) => conditions)),
    invalidities: runs.flatMap(({ invalidities }) => invalidities),
    warnings: runs.flatMap(({ warnings }) => warnings),
    spent: sumOfCosts(runs.map(({ spent }) => spent)),
    records: renumbered(runs),
    costsUsd: known ? runs.flatMap(({ costsUsd }) => costsUsd) : [],
    costUnknown: unknown,
    ...unknownsOf(runs),
    ...invalidOf(runs),
    serverMetrics: metricsOfShards(runs),
  }
}

/** The ids of the runs whose records these are. */
function identitiesOf({ id, mergedFrom = [id] }: Run): readonly string[] {
  return mergedFrom
}

/** A file named twice, or beside the merged file it is already in, counts once. */
function eachOnce(given: readonly Run[]): readonly Run[] {
  const kept: Run[] = []
  const taken = new Set<string>()
  const largestFirst = [...given].sort((a, b) => identitiesOf(b).length - identitiesOf(a).length)
  for (const run of largestFirst) {
    const ids = identitiesOf(run)
    const known = ids.filter((id) => taken.has(id))
    if (known.length === ids.length) {
      const twin = kept.find((one) => one.id === run.id)
      if (twin !== undefined && isAnother(twin, run)) throw partlyKnown(run, known)
      continue
    }
    if (known.length > 0) throw partlyKnown(run, known)
    for (const id of ids) taken.add(id)
    kept.push(run)
  }
  return kept.sort((a, b) => given.indexOf(a) - given.indexOf(b))
}

/** The same id and the same parts, and other records: one of the files was changed. */
function isAnother(a: Run, b: Run): boolean {
  const isWhole = identitiesOf(a).length === identitiesOf(b).length
  return isWhole && JSON.stringify(a.records) !== JSON.stringify(b.records)
}

function partlyKnown({ id }: Run, known: readonly string[]): GateError {
  return new GateError(
    'usage',
    `the run ${id} holds ${known.join(', ')} as another of these files does; its requests would count twice`,
    'Give each shard once: the shards themselves, or what they were merged into.',
  )
}

/** What one shard's file cannot say, the whole cannot. */
function unknownsOf(runs: readonly Run[]): Pick<Run, 'unknowns'> {
  if (runs.every(({ unknowns }) => unknowns === undefined)) return {}
  const all = runs.flatMap(({ unknowns = [] }) => unknowns)
  return { unknowns: [...new Map(all.map((one): [string, Unknown] => [one.family, one])).values()] }
}

/**
 * Appends later rounds of the same run to its first: more requests of the same plan, one after the
 * other on the same clock's day. Pair numbers are the rounds' own, unique already.
 */
export function appendRounds(rounds: readonly [Run, ...Run[]]): Run {
  const [first, ...later] = rounds
  if (later.length === 0) return first
  const known = rounds.every(({ costUnknown }) => costUnknown === undefined)
  const unknown = rounds.find(({ costUnknown }) => costUnknown !== undefined)?.costUnknown
  const conditions = rounds.map((round) => round.conditions)
  const { costUnknown: _, ...rest } = first
  return {
    ...rest,
    conditions: {
      ...worstConditions(conditions),
      intendedLoad: first.conditions.intendedLoad,
      achievedLoad: Math.min(...conditions.map(({ achievedLoad }) => achievedLoad)),
      durationMs: conditions.reduce((sum, { durationMs }) => sum + durationMs, 0),
      peakInFlight: Math.max(...conditions.map(({ peakInFlight }) => peakInFlight)),
    },
    invalidities: rounds.flatMap(({ invalidities }) => invalidities),
    warnings: rounds.flatMap(({ warnings }) => warnings),
    spent: sumOfCosts(rounds.map(({ spent }) => spent)),
    records: rounds
      .flatMap(({ records }) => records)
      .map((record, index) => ({ ...record, index })),
    costsUsd: known ? rounds.flatMap(({ costsUsd }) => costsUsd) : [],
    costUnknown: unknown,
    ...invalidOf(rounds),
    serverMetrics: metricsOfRounds(rounds),
  }
}

/** One example of each kind will do. */
function invalidOf(runs: readonly Run[]): Pick<Run, 'invalidAnswers'> {
  const all = runs.flatMap(({ invalidAnswers = [] }) => invalidAnswers)
  if (all.length === 0) return {}
  const firsts = [...Map.groupBy(all, ({ kind }) => kind).values()]
  return { invalidAnswers: firsts.flatMap(([first]) => first ?? []) }
}

/** Two shards put twice the load of one on the endpoint: they are no runs of the same load. */
function shapeOfShards(runs: readonly Run[]): Pick<Run, 'loadShape' | 'loadShapeHash'> {
  const shards = runs.reduce((sum, run) => sum + Number(run.loadShape.shards ?? 1), 0)
  return hashedShape({ ...runs[0]?.loadShape, shards: String(shards) })
}

const COMMON = ['gate', 'arm', 'ttftDefinition', 'loadShapeHash', 'expectation', 'costPer'] as const

function refuseDifference(first: Run, other: Run): void {
  const differing = COMMON.find((member) => first[member] !== other[member])
  const subjects = JSON.stringify(first.subject) !== JSON.stringify(other.subject)
  if (differing === undefined && !subjects) return
  const what = differing ?? 'subject'
  throw new GateError(
    'usage',
    `the runs ${first.id} and ${other.id} differ in ${what}; only shards of one load are merged`,
    'Give run files of one gate, measured with the same config against the same endpoint.',
  )
}

/** Numbers start anew in each shard: they are shifted so that none is there twice. */
function renumbered(runs: readonly Run[]): Run['records'] {
  const next = { pair: 0, conversation: 0 }
  const records: Run['records'][number][] = []
  for (const run of runs) {
    for (const record of run.records) {
      records.push({ ...record, ...shifted(record, next), index: records.length })
    }
    next.pair += afterAll(run, 'pair')
    next.conversation += afterAll(run, 'conversation')
  }
  return records
}

type Numbers = { readonly pair?: number; readonly conversation?: number }

function shifted(record: Numbers, by: Required<Numbers>): Numbers {
  const { pair, conversation } = record
  return {
    ...(pair === undefined ? {} : { pair: pair + by.pair }),
    ...(conversation === undefined ? {} : { conversation: conversation + by.conversation }),
  }
}

/** The first number that no record of the run has. */
function afterAll({ records }: Run, member: keyof Numbers): number {
  return records.reduce((most, record) => Math.max(most, (record[member] ?? -1) + 1), 0)
}

function worstConditions(all: readonly Conditions[]): Conditions {
  const most = (read: (conditions: Conditions) => number) => Math.max(...all.map(read))
  const sum = (read: (conditions: Conditions) => number) =>
    all.reduce((total, conditions) => total + read(conditions), 0)
  return {
    eventLoopDelayP99Ms: most((each) => each.eventLoopDelayP99Ms),
    sendLatenessP99Ms: most((each) => each.sendLatenessP99Ms),
    clientQueueP99Ms: most((each) => each.clientQueueP99Ms),
    intendedLoad: sum((each) => each.intendedLoad),
    achievedLoad: sum((each) => each.achievedLoad),
    freshConnections: sum((each) => each.freshConnections),
    ...known(all, 'unwarmedConnections', (values) => values.reduce((a, b) => a + b, 0)),
    ...known(all, 'ttftFromIntendedP50Ms', (values) => Math.max(...values)),
    ...known(all, 'ttftFromIntendedP99Ms', (values) => Math.max(...values)),
    ...opening(all),
    measuredRequests: sum((each) => each.measuredRequests),
    warmupRequests: sum((each) => each.warmupRequests),
    durationMs: most((each) => each.durationMs),
    clockDriftMs: most((each) => Math.abs(each.clockDriftMs)),
    peakInFlight: sum((each) => each.peakInFlight),
  }
}

/** The longest wait, and the one cold start there was. */
function opening(all: readonly Conditions[]): Partial<Conditions> {
  const readyAfter = all.flatMap(({ readyAfterMs = [] }) => readyAfterMs)
  const [coldStartMs] = all.flatMap(({ coldStartMs: ms = [] }) => ms)
  return {
    ...(readyAfter.length === 0 ? {} : { readyAfterMs: Math.max(...readyAfter) }),
    coldStartMs,
    ...warmest(all),
  }
}

/** How the first part that was warmed until it settled went. */
function warmest(all: readonly Conditions[]): Partial<Conditions> {
  const { warmupFirstMs, warmupLastMs } = all.find((each) => each.warmupFirstMs !== undefined) ?? {}
  return warmupFirstMs === undefined ? {} : { warmupFirstMs, warmupLastMs }
}

/** A member that not every part has is not known of the whole. */
function known(
  all: readonly Conditions[],
  member: 'unwarmedConnections' | 'ttftFromIntendedP50Ms' | 'ttftFromIntendedP99Ms',
  together: (values: readonly number[]) => number,
): Partial<Conditions> {
  const values = all.flatMap((each) => each[member] ?? [])
  return values.length === all.length ? { [member]: together(values) } : {}
}
