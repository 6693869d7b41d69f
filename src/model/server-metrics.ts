// What an inference server said of itself while it was measured, in one vocabulary for every engine.
// It explains a verdict and never makes one.

export const ENGINES = ['vllm', 'sglang', 'tgi', 'llama.cpp', 'tensorrt-llm', 'triton'] as const
export type Engine = (typeof ENGINES)[number]

/** A sum over requests and how many there were, both since the server started. */
export type Tally = { readonly sum: number; readonly count: number }

/** One look at an exporter. A member that is absent is not exported by the engine. */
export type ServerReading = {
  /** On the run's clock; the look before the first measured request is at or below 0. */
  readonly atMs: number
  /** The first look of a later round: what the server did since the look before is no part of the run. */
  readonly opens?: true
  /** Requests that are computed, and that wait for it, at this moment. */
  readonly running?: number
  readonly waiting?: number
  /** Share of the KV cache in use, 0..1. */
  readonly kvCacheUse?: number
  /** Time requests waited before they were computed, and time their prompts were computed, in ms. */
  readonly queueMs?: Tally
  readonly prefillMs?: Tally
  /** Prompt tokens (or blocks) found in the prefix cache, and looked for: sum over count. */
  readonly prefixHits?: Tally
  /** Requests that lost their place to others, since the server started. */
  readonly preemptions?: number
}

export type ServerMetrics = {
  readonly engine: Engine
  /** In the order of time: one before each measured phase, about one a second, one after. */
  readonly readings: readonly ServerReading[]
}

/** The looks of each measured phase: one before it, those during it, one after. */
export function roundsOf({ readings }: ServerMetrics): readonly (readonly ServerReading[])[] {
  const rounds: ServerReading[][] = []
  for (const reading of readings) {
    if (reading.opens === true || rounds.length === 0) rounds.push([])
    rounds.at(-1)?.push(reading)
  }
  return rounds
}

/** Looks at the load itself: neither those before it nor those after. */
export function looksDuring(metrics: ServerMetrics): readonly ServerReading[] {
  return roundsOf(metrics).flatMap((round) => round.slice(1, -1))
}

/** What came of reading `endpoint.metrics`: numbers, or why there are none. */
export type ServerMetricsRead =
  | { readonly ok: true; readonly metrics: ServerMetrics }
  | { readonly ok: false; readonly problem: string }

/** One run's course in numbers that can be compared with another run's. */
export type ServerCourse = {
  readonly queueMs?: number
  readonly prefillMs?: number
  readonly mostWaiting?: number
  readonly mostRunning?: number
  readonly mostKvCacheUse?: number
  readonly prefixHitRate?: number
  readonly preemptions?: number
}

/** Means per request between the first and the last look of each round; peaks over all of them. */
export function courseOf(metrics: ServerMetrics): ServerCourse {
  const { readings } = metrics
  const rounds = roundsOf(metrics)
  const mean = (member: 'queueMs' | 'prefillMs' | 'prefixHits') =>
    meanOf(rounds.flatMap((round) => between(round, member) ?? []))
  return {
    queueMs: mean('queueMs'),
    prefillMs: mean('prefillMs'),
    mostWaiting: most(readings.map(({ waiting }) => waiting)),
    mostRunning: most(readings.map(({ running }) => running)),
    mostKvCacheUse: most(readings.map(({ kvCacheUse }) => kvCacheUse)),
    prefixHitRate: mean('prefixHits'),
    preemptions: totalOf(rounds.flatMap((round) => preemptedIn(round) ?? [])),
  }
}

/** Undefined where it is not exported, or where the server was started anew in between. */
function between(
  round: readonly ServerReading[],
  member: 'queueMs' | 'prefillMs' | 'prefixHits',
): Tally | undefined {
  const tallies = round.flatMap((reading) => reading[member] ?? [])
  const [first] = tallies
  const last = tallies.at(-1)
  if (first === undefined || last === undefined) return undefined
  const sum = last.sum - first.sum
  const count = last.count - first.count
  return sum < 0 || count <= 0 ? undefined : { sum, count }
}

function preemptedIn(round: readonly ServerReading[]): number | undefined {
  const known = round.flatMap(({ preemptions }) => preemptions ?? [])
  const [first] = known
  const last = known.at(-1)
  return first === undefined || last === undefined ? undefined : Math.max(0, last - first)
}

function meanOf(tallies: readonly Tally[]): number | undefined {
  const count = tallies.reduce((total, tally) => total + tally.count, 0)
  return count === 0 ? undefined : tallies.reduce((total, { sum }) => total + sum, 0) / count
}

function totalOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)
}

function most(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
