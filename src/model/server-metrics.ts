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
  /** In the order of time: one before the measured phase, about one a second, one after. */
  readonly readings: readonly ServerReading[]
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

/** Means per request between the first and the last look; peaks over all of them. */
export function courseOf({ readings }: ServerMetrics): ServerCourse {
  const prefix = between(readings, 'prefixHits')
  const first = readings.find(({ preemptions }) => preemptions !== undefined)?.preemptions
  const last = readings.findLast(({ preemptions }) => preemptions !== undefined)?.preemptions
  return {
    queueMs: meanOf(between(readings, 'queueMs')),
    prefillMs: meanOf(between(readings, 'prefillMs')),
    mostWaiting: most(readings.map(({ waiting }) => waiting)),
    mostRunning: most(readings.map(({ running }) => running)),
    mostKvCacheUse: most(readings.map(({ kvCacheUse }) => kvCacheUse)),
    prefixHitRate: meanOf(prefix),
    preemptions: first === undefined || last === undefined ? undefined : Math.max(0, last - first),
  }
}

/** Undefined where it is not exported, or where the server was started anew in between. */
function between(
  readings: readonly ServerReading[],
  member: 'queueMs' | 'prefillMs' | 'prefixHits',
): Tally | undefined {
  const tallies = readings.flatMap((reading) => reading[member] ?? [])
  const [first] = tallies
  const last = tallies.at(-1)
  if (first === undefined || last === undefined) return undefined
  const sum = last.sum - first.sum
  const count = last.count - first.count
  return sum < 0 || count <= 0 ? undefined : { sum, count }
}

function meanOf(tally: Tally | undefined): number | undefined {
  return tally === undefined ? undefined : tally.sum / tally.count
}

function most(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
