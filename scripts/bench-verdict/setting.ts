// What all cells share: limits, histories, and the counting of verdicts.

import type { Decision } from '../../src/judge/decide/decide.ts'
import type { Limit } from '../../src/model/config.ts'
import type { Summary } from '../../src/model/summary.ts'
import {
  type Draws,
  drawRequests,
  drawState,
  type Effect,
  type Requests,
  SCENARIOS,
  type Scenario,
  summaryOf,
} from './scenarios.ts'

export type Tally = { fail: number; open: number; pass: number }

const LIMITS: Readonly<Record<string, Limit>> = Object.fromEntries(
  (
    [
      ['ttft_p50', 'ttft', 0.5, 0.1, 0.2],
      ['ttft_p95', 'ttft', 0.95, 0.1, 0.3],
      ['ttft_p99', 'ttft', 0.99, 0.1, 0.5],
      ['error_rate', 'error_rate', undefined, 0.01, 0.02],
      ['cost_per_answer', 'cost_per_answer', undefined, 0.05, 0.1],
    ] as const
  ).map(([metric, family, quantile, worsening, mustDetect]) => [
    metric,
    {
      metric,
      family,
      quantile,
      worsening,
      floor: 0,
      mustDetect,
      stated: true,
    },
  ]),
)

export function limitsOf(metrics: readonly string[]): readonly Limit[] {
  return metrics.flatMap((metric) => LIMITS[metric] ?? [])
}

export function scenarioOf(name: string): Scenario {
  const scenario = SCENARIOS.find((each) => each.name === name)
  if (scenario === undefined) throw new TypeError(`no scenario ${name}`)
  return scenario
}

/** Runs as far apart as said, refusals at a rate that does not vary. */
export function steadyScenario(by: { readonly tau: number; readonly errors: number }): Scenario {
  return {
    name: `steady, ${100 * by.tau} %`,
    rho: 0.2,
    sigma: 0.4,
    classes: 4,
    tail: 0,
    tailCv: 0,
    errorCv: 0,
    tauCost: 0.01,
    ...by,
  }
}

export const UNCHANGED: Effect = { name: 'unchanged' }

export function drawHistory(
  scenario: Scenario,
  size: { readonly runs: number; readonly requests: number },
  draws: Draws,
): readonly Summary[] {
  return Array.from({ length: size.runs }, () => {
    const state = drawState(scenario, draws)
    const requests = drawRequests(scenario, state, { count: size.requests }, draws)
    return whole(requests, UNCHANGED, draws)
  })
}

export function whole(requests: Requests, effect: Effect, draws: Draws): Summary {
  const part = { from: 0, to: requests.ttft.length, kind: 'answer' as const }
  return summaryOf(requests, effect, draws, part)
}

export function newTally(): Tally {
  return { fail: 0, open: 0, pass: 0 }
}

export function countGate(tally: Tally, { verdict }: Decision): void {
  if (verdict === 'failed') tally.fail += 1
  else if (verdict === 'passed') tally.pass += 1
  else tally.open += 1
}

export function countMetrics(tallies: Record<string, Tally>, { metrics }: Decision): void {
  for (const { id, verdict, limit } of metrics) {
    const tally = tallies[id]
    if (limit === undefined || tally === undefined) continue
    if (verdict === 'fail') tally.fail += 1
    else if (verdict === 'pass' || verdict === 'improved') tally.pass += 1
    else tally.open += 1
  }
}

export function newTallies(metrics: readonly string[]): Record<string, Tally> {
  return Object.fromEntries(metrics.map((metric) => [metric, newTally()]))
}
