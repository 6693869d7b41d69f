// Does a pass rule out what it says? Of runs that pass, each says with its resolution what it would have
// shown; the run after it is worse by exactly that much, and judged by the same history.

import { defaultLimits } from '../../src/config/config.ts'
import { compare } from '../../src/judge/compare/compare.ts'
import { decide } from '../../src/judge/decide/decide.ts'
import type { Limit } from '../../src/model/config.ts'
import type { Summary } from '../../src/model/summary.ts'
import type { MetricJudgement } from '../../src/model/verdict.ts'
import { drawsOf } from './scenarios.ts'
import { PRICES, type WorldCell, worldOf } from './world-cell.ts'
import { drawRuns } from './worlds.ts'

export const STATING = ['ttft_p50', 'ttft_p95', 'error_rate']

export type ResolutionCell = Omit<WorldCell, 'kind' | 'changes'> & { readonly kind: 'resolution' }

export type Stated = {
  /** Passes that stated a resolution, the sum of what they stated, passes of what was as much worse. */
  stated: number
  sum: number
  passed: number
}

export type ResolutionResult = {
  readonly resolutionCell: ResolutionCell
  /** In the order of STATING. */
  readonly metrics: readonly Stated[]
}

export function runResolution(cell: ResolutionCell): ResolutionResult {
  const { requests, runs, replications, seed } = cell
  const world = worldOf(cell.world)
  const draws = drawsOf(seed)
  const limits = defaultLimits({ waits: 'ttft', samples: requests, prices: PRICES })
  const metrics = STATING.map(() => ({ stated: 0, sum: 0, passed: 0 }))
  for (let repeat = 0; repeat < replications; repeat += 1) {
    const drawn = drawRuns(world, { requests, runs: runs + 2 }, draws)
    const history = drawn.runs.slice(0, runs)
    const stating = drawn.runs[runs]
    if (stating === undefined) continue
    const judged = judgedBy(history, limits)
    for (const { id, verdict, resolution } of judged(stating)) {
      const count = metrics[STATING.indexOf(id)]
      if (count === undefined || !isPass(verdict) || resolution === undefined) continue
      const worse = id === 'error_rate' ? { errors: resolution } : { latency: 1 + resolution }
      const again = judged(drawn.last(worse)).find((metric) => metric.id === id)
      count.stated += 1
      count.sum += resolution
      if (again !== undefined && isPass(again.verdict)) count.passed += 1
    }
  }
  return { resolutionCell: cell, metrics }
}

function judgedBy(history: readonly Summary[], limits: readonly Limit[]) {
  return (candidate: Summary): readonly MetricJudgement[] =>
    decide(compare({ candidate, history, anchor: [], limits, shown: [] })).metrics
}

function isPass(verdict: MetricJudgement['verdict']): boolean {
  return verdict === 'pass' || verdict === 'improved'
}
