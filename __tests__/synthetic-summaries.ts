// Summaries of runs that were never made, with a known truth: for tests of the verdict.

import type { Limit } from '../src/model/config.ts'
import { metricRow, parseMetricId } from '../src/model/metric.ts'
import type { Summary } from '../src/model/summary.ts'
import { seededRandom } from '../src/stats/random.ts'

export function normals(seed: number): () => number {
  const uniform = seededRandom(seed)
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

export type Drawn = {
  readonly requests: number
  /** Factor on every latency, and standard deviation of the run's own level. */
  readonly factor?: number
  readonly tau?: number
  readonly sigma?: number
  readonly failed?: number
  readonly timeouts?: number
  readonly usd?: number
}

const MEDIANS_MS = [200, 300, 450, 800]

/** Four prompt classes, log-normal within each; failures are refused, timeouts waited in vain. */
export function drawSummary(normal: () => number, drawn: Drawn, id = 'run'): Summary {
  const { requests, factor = 1, tau = 0.05, sigma = 0.4, failed = 0, timeouts = 0 } = drawn
  const level = tau * normal()
  const values: number[] = []
  const classes: number[] = []
  for (let i = 0; i < requests - failed; i += 1) {
    const ms = (MEDIANS_MS[i % 4] ?? 0) * factor * Math.exp(level + sigma * normal())
    // Spread over the run: those of one bad minute would count as one occasion.
    const inVain = ((i + 1) * timeouts) % (requests - failed) < timeouts
    values.push(inVain ? Number.POSITIVE_INFINITY : ms)
    classes.push(i % 4)
  }
  return summaryOf({ values, classes, failed, timeouts, usd: drawn.usd ?? 0.001 }, id)
}

/** A summary around the TTFTs given. */
export function summaryOf(
  given: {
    readonly values: readonly number[]
    readonly classes?: readonly number[]
    readonly failed?: number
    readonly timeouts?: number
    readonly usd?: number
  },
  id = 'run',
): Summary {
  const { values, failed = 0, timeouts = 0, usd = 0.001 } = given
  const classes = given.classes ?? values.map(() => 0)
  const requests = values.length + failed
  const completed = requests - failed - timeouts
  return {
    runId: id,
    startedAt: '2026-01-01T00:00:00Z',
    ttftDefinition: 'first-token/1',
    loadShape: {},
    loadShapeHash: 'shape',
    subject: {},
    requests,
    completed,
    errors: failed === 0 ? {} : { 'http-5xx': failed },
    failed: failed + timeouts,
    series:
      values.length === 0
        ? {}
        : {
            ttft: {
              values,
              classes,
              classNames: ['a', 'b', 'c', 'd'],
              leftOut: failed,
              ...(failed === 0 ? {} : { refused: failed }),
              of: requests,
            },
          },
    cost: {
      known: true,
      perRequestUsd: values.map((_, i) => usd * (1 + 0.1 * ((i % 5) - 2))),
      classes,
      completed,
      estimated: false,
    },
  }
}

export function drawHistory(normal: () => number, runs: number, drawn: Drawn): readonly Summary[] {
  return Array.from({ length: runs }, (_, index) => drawSummary(normal, drawn, `base-${index}`))
}

/** A limit by metric id, with the study's +10 % and what a pass has to rule out. */
export function limitOf(metric: string, change: Partial<Limit> = {}): Limit {
  const parsed = parseMetricId(metric)
  if (parsed === undefined) throw new TypeError(metric)
  const rate = metricRow(parsed.family).statistic === 'rate'
  return {
    metric,
    family: parsed.family,
    quantile: parsed.quantile,
    worsening: rate ? 0.01 : 0.1,
    floor: 0,
    mustDetect: rate ? 0.02 : 0.2,
    stated: true,
    ...change,
  }
}

/** A limit that is a ceiling alone. */
export function ceilingOf(metric: string, ceiling: number): Limit {
  const { worsening: _, ...rest } = limitOf(metric)
  return { ...rest, ceiling }
}
