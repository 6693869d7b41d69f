// One cell of the benchmark: many replications of one situation, or one recorded series, judged by
// the real stages.

import { type HistoryCell, type HistoryResult, runHistory } from './history-cell.ts'
import { type PairsCell, type PairsResult, runPairs } from './pairs-cell.ts'
import { type ReplayCell, type ReplayResult, replaySeries } from './replay-cell.ts'
import { runWorld, type WorldCell, type WorldResult } from './world-cell.ts'

export type Cell = HistoryCell | PairsCell | ReplayCell | WorldCell
export type Result = HistoryResult | PairsResult | ReplayResult | WorldResult

export function runCell(cell: Cell): Result {
  switch (cell.kind) {
    case 'history':
      return runHistory(cell)
    case 'pairs':
      return runPairs(cell)
    case 'replay':
      return replaySeries(cell)
    case 'world':
      return runWorld(cell)
  }
}
