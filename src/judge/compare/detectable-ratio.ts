// The change of a ratio metric, percentile or mean, that its requests would show.

import type { Detectable } from '../../model/verdict.ts'
import { detectableChange } from '../../stats/detectable-change.ts'
import type { RunToRun } from '../../stats/run-to-run.ts'
import { type Metric, ratioBounds } from './metric.ts'

export type RatioHistory = {
  readonly runs: RunToRun
  /** Sampling variance of one request, on the side of a fail. */
  readonly perRequestLow: number
}

/** Undefined without a history. */
export function detectableRatio(
  metric: Metric,
  history: RatioHistory | undefined,
  requests: number,
): Detectable | undefined {
  if (history === undefined) return undefined
  const plan = {
    history: history.runs,
    perRequestLow: history.perRequestLow,
    threshold: ratioBounds(metric, Math.exp(history.runs.centre))?.threshold ?? 0,
    level: metric.level,
  }
  return {
    at80: Math.expm1(detectableChange(plan, requests)),
    best: Math.expm1(detectableChange(plan, Number.POSITIVE_INFINITY)),
  }
}
