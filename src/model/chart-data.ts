// A run's distribution, trend and course, ready to draw and bounded in size: reports never touch
// samples.

import type { WaitFamily } from './wait.ts'

/** Counts are of every request that was sent; `points` of a very long run are some of them. */
export type Timeline = {
  readonly requests: number
  /** Without a first token, or an answer where there is none. */
  readonly failed: number
  /** Send time of the last request, counted from the start. */
  readonly overMs: number
  /** Absent where no request got that far. */
  readonly slowestMs?: number
  /** Prompt classes in the order of their first request. */
  readonly classes: readonly string[]
  /** Send time, wait (Infinity for failures) and an index into `classes`. */
  readonly points: readonly {
    readonly atMs: number
    readonly waitMs: number
    readonly classIndex: number
  }[]
}

/** What a limit allows at a percentile, in ms: a worsening of the baseline, or an absolute ceiling. */
export type LimitMark = {
  /** 0..1. */
  readonly probability: number
  readonly ms: number
  readonly kind: 'worsening' | 'ceiling'
}

/** Percentiles, a trend and a time line. */
export type ChartData = {
  /** Of what all of it is: TTFT, or the latency of APIs without a first token. */
  readonly family: WaitFamily
  /** Quantiles in ms at fixed probabilities, base against candidate. */
  readonly quantiles: {
    readonly probabilities: readonly number[]
    readonly baseline: readonly number[]
    readonly candidate: readonly number[]
    /** Least and most of the baseline's runs at each probability. Absent with fewer than two runs. */
    readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] }
    readonly limits: readonly LimitMark[]
  }
  /** One point a run, oldest first, the candidate last. */
  readonly trend: readonly {
    readonly runId: string
    readonly startedAt: string
    readonly p50Ms: number
    readonly p95Ms: number
  }[]
  /** The run's own course. Absent where it is not known when requests were sent. */
  readonly timeline?: Timeline
}
