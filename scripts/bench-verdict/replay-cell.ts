// Recorded runs judged as they would have been: each in turn the candidate, those before it its
// history, as it was and made slower by a known factor. Beside it, what simpler rules would say.

import { defaultLimits } from '../../src/config/config.ts'
import { compare } from '../../src/judge/compare/compare.ts'
import { decide } from '../../src/judge/decide/decide.ts'
import type { Limit } from '../../src/model/config.ts'
import type { Summary } from '../../src/model/summary.ts'
import { quantile } from '../../src/stats/quantile.ts'
import type { RecordedSeries } from './recorded-runs.ts'

export const REPLAY_LIMITS = ['p50', 'p95', 'both', 'default'] as const
export const REPLAY_RUNS = [3, 5, 10, 20]
export const REPLAY_FACTORS = [1, 1.2, 1.5]

/** Counts of one series under one gate. `judged` is the sum of the four verdicts. */
export type ReplayCount = {
  readonly kind: string
  readonly series: string
  readonly note?: string
  readonly limits: (typeof REPLAY_LIMITS)[number]
  readonly k: number
  readonly factor: number
  readonly judged: number
  readonly fail: number
  readonly suspect: number
  readonly inconclusive: number
  readonly pass: number
  readonly lastRunFails: number
  readonly rollingMeanFails: number
}

export type ReplayResult = { readonly replay: readonly ReplayCount[] }

export type ReplayCell = { readonly kind: 'replay'; readonly series: RecordedSeries }

/** Every gate, history and factor on one series. */
export function replaySeries({ series }: ReplayCell): ReplayResult {
  const replay = REPLAY_LIMITS.flatMap((limits) =>
    REPLAY_RUNS.flatMap((k) =>
      REPLAY_FACTORS.map((factor) => replayed(series, { limits, k, factor })),
    ),
  )
  return { replay }
}

type Gate = Pick<ReplayCount, 'limits' | 'k' | 'factor'>

function replayed({ kind, name, note, runs }: RecordedSeries, gate: Gate): ReplayCount {
  const counts = { fail: 0, suspect: 0, inconclusive: 0, pass: 0 }
  let lastRunFails = 0
  let rollingMeanFails = 0
  for (let at = gate.k; at < runs.length; at += 1) {
    const candidate = slowed(runs[at], gate.factor)
    if (candidate === undefined) continue
    const history = runs.slice(at - gate.k, at)
    const limits = limitsOf(gate.limits, candidate.requests)
    counts[verdictOf(candidate, history, limits)] += 1
    if (isWorse(candidate, history.slice(-1), limits)) lastRunFails += 1
    if (isWorse(candidate, history, limits)) rollingMeanFails += 1
  }
  const judged = counts.fail + counts.suspect + counts.inconclusive + counts.pass
  return { kind, series: name, note, ...gate, judged, ...counts, lastRunFails, rollingMeanFails }
}

function slowed(run: Summary | undefined, factor: number): Summary | undefined {
  const ttft = run?.series.ttft
  if (run === undefined || ttft === undefined || factor === 1) return run
  return {
    ...run,
    series: { ttft: { ...ttft, values: ttft.values.map((value) => value * factor) } },
  }
}

type Verdict = 'fail' | 'suspect' | 'inconclusive' | 'pass'

function verdictOf(
  candidate: Summary,
  history: readonly Summary[],
  limits: readonly Limit[],
): Verdict {
  const { verdict, metrics } = decide(
    compare({ candidate, history, anchor: [], limits, shown: [] }),
  )
  if (verdict === 'failed') return 'fail'
  if (verdict === 'passed') return 'pass'
  return metrics.some((metric) => metric.verdict === 'suspect') ? 'suspect' : 'inconclusive'
}

const [P50, P95]: readonly Limit[] = (
  [
    ['ttft_p50', 0.5, 0.1],
    ['ttft_p95', 0.95, 0.15],
  ] as const
).map(([metric, quantile, worsening]) => ({
  metric,
  family: 'ttft',
  quantile,
  worsening,
  floor: 0,
  mustDetect: quantile === 0.5 ? 0.2 : 0.3,
  autoDetect: true,
  stated: true,
}))

function limitsOf(limits: ReplayCount['limits'], requests: number): readonly Limit[] {
  if (P50 === undefined || P95 === undefined) return []
  switch (limits) {
    case 'p50':
      return [P50]
    case 'p95':
      return [P95]
    case 'both':
      return [P50, P95]
    case 'default':
      return defaultLimits({ waits: 'ttft', samples: requests, prices: undefined })
  }
}

/** The usual rule: any limited percentile, or the error rate, beyond the mean of these runs. */
function isWorse(candidate: Summary, runs: readonly Summary[], limits: readonly Limit[]): boolean {
  return limits.some((limit) => {
    const own = limited(candidate, limit)
    const before = runs.map((run) => limited(run, limit)).filter(Number.isFinite)
    if (before.length === 0) return false
    const mean = before.reduce((sum, value) => sum + value, 0) / before.length
    const worsening = limit.worsening ?? Number.POSITIVE_INFINITY
    return limit.quantile === undefined ? own > mean + worsening : own > mean * (1 + worsening)
  })
}

function limited(run: Summary, { quantile: q }: Limit): number {
  if (q === undefined) return run.failed / run.requests
  const values = run.series.ttft?.values ?? []
  return values.length === 0
    ? Number.NaN
    : quantile(
        [...values].sort((a, b) => a - b),
        q,
      )
}
