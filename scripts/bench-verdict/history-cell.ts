// A gate judged against its history alone, with the rival rules beside it on the same draws.

import { compare } from '../../src/judge/compare/compare.ts'
import { decide } from '../../src/judge/decide/decide.ts'
import { judgeByRivals, RIVALS, type Rival } from './rivals.ts'
import { drawRequests, drawState, drawsOf, type Effect } from './scenarios.ts'
import {
  countGate,
  countMetrics,
  drawHistory,
  limitsOf,
  newTallies,
  newTally,
  scenarioOf,
  type Tally,
  whole,
} from './setting.ts'

export type HistoryCell = {
  readonly kind: 'history'
  readonly scenario: string
  readonly requests: number
  readonly runs: number
  readonly metrics: readonly string[]
  readonly effects: readonly Effect[]
  readonly rivals: boolean
  readonly replications: number
  readonly seed: number
}

export type HistoryResult = {
  readonly cell: HistoryCell
  readonly gates: readonly Tally[]
  readonly metrics: readonly Readonly<Record<string, Tally>>[]
  readonly rivals: readonly Readonly<Record<Rival, number>>[]
}

export function runHistory(cell: HistoryCell): HistoryResult {
  const scenario = scenarioOf(cell.scenario)
  const draws = drawsOf(cell.seed)
  const limits = limitsOf(cell.metrics)
  const gates = cell.effects.map(newTally)
  const metrics = cell.effects.map(() => newTallies(cell.metrics))
  const rivals = cell.effects.map(
    () => Object.fromEntries(RIVALS.map((rival) => [rival, 0])) as Record<Rival, number>,
  )
  for (let repeat = 0; repeat < cell.replications; repeat += 1) {
    const history = drawHistory(scenario, cell, draws)
    const state = drawState(scenario, draws)
    const requests = drawRequests(scenario, state, { count: cell.requests }, draws)
    cell.effects.forEach((effect, index) => {
      const candidate = whole(requests, effect, draws)
      const decision = decide(compare({ candidate, history, anchor: [], limits, shown: [] }))
      countGate(gates[index] ?? newTally(), decision)
      countMetrics(metrics[index] ?? {}, decision)
      const counts = rivals[index]
      if (!cell.rivals || counts === undefined) return
      const failed = judgeByRivals(candidate, history, draws.uniform)
      for (const rival of RIVALS) if (failed[rival]) counts[rival] += 1
    })
  }
  return { cell, gates, metrics, rivals }
}
