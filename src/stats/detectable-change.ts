// What a run of a given size can see against a given history, before it is made.

import type { RunToRun } from './run-to-run.ts'
import { tQuantileAbove } from './t-distribution.ts'

export type PlannedRun = {
  readonly history: RunToRun
  /** Mean over the history of phi lo_r n_r: sampling variance of one request, side of a fail. */
  readonly perRequestLow: number
  /** What has to be exceeded to fail, log scale. */
  readonly threshold: number
  /** One-sided level of the test; alpha over the number of metrics counts Holm in. */
  readonly level: number
}

/** How often what can be found is found. */
export const POWER = 0.8

/**
 * Smallest worsening found with 80 % power by `requests` requests, log scale.
 *
 *   SE^2 = between + max(c mean(phi lo_r n_r), within nbar)/n
 *   MDE  = max(theta, (t(level, df) + t(0.2, df)) SE)
 *
 * With infinitely many requests the terms with n are 0: what is left is the floor that the noise
 * between runs sets. Realised power in simulation is 0.74 to 0.91.
 * Source: two-sided t power approximation, e.g. Cohen (1988). O(1).
 */
export function detectableChange(plan: PlannedRun, requests: number): number {
  const { history, threshold, level } = plan
  const perRequest = Math.max(
    history.confirmed * plan.perRequestLow,
    history.within * history.requests,
  )
  const reach = tQuantileAbove(level, history.df) + tQuantileAbove(1 - POWER, history.df)
  return Math.max(threshold, reach * Math.sqrt(history.between + perRequest / requests))
}
