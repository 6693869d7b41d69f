// How one engine names what it exports. Sources are tried in order, newest name first; a histogram or
// summary is named by its sum and its count.

import type { Engine } from '../../model/server-metrics.ts'

export type MetricSource = {
  readonly names: readonly string[]
  /** Counted in where both are there: an engine may count what makes the whole in two. */
  readonly plus?: string
  /** Only samples with these labels. */
  readonly labels?: Readonly<Record<string, string>>
  /** From the engine's unit to ours. Absent = 1. */
  readonly factor?: number
}

export type TallySource = { readonly sum: MetricSource; readonly count: MetricSource }

export type Exporter = {
  readonly engine: Engine
  /** As its makers write it. */
  readonly title: string
  /** A name that only this engine exports. */
  readonly mark: RegExp
  readonly gauges: {
    readonly running?: MetricSource
    readonly waiting?: MetricSource
    readonly kvCacheUse?: MetricSource
  }
  readonly tallies: {
    readonly queueMs?: TallySource
    readonly prefillMs?: TallySource
    readonly prefixHits?: TallySource
    readonly preemptions?: MetricSource
  }
}

/** A histogram in seconds, as milliseconds. */
export function secondsOf(
  names: readonly string[],
  labels?: Readonly<Record<string, string>>,
): TallySource {
  return {
    sum: { names: names.map((name) => `${name}_sum`), labels, factor: 1000 },
    count: { names: names.map((name) => `${name}_count`), labels },
  }
}
