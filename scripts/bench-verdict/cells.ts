// One cell of the benchmark: many replications of one situation, or one recorded series, judged by
// the real stages.

import { type GateCell, type GateCellResult, runGateCell } from './gate-cell.ts'
import { type HistoryCell, type HistoryResult, runHistory } from './history-cell.ts'
import { type ReplayCell, type ReplayResult, replaySeries } from './replay-cell.ts'
import { runWorld, type WorldCell, type WorldResult } from './world-cell.ts'

export type Cell = GateCell | HistoryCell | ReplayCell | WorldCell
export type Result = GateCellResult | HistoryResult | ReplayResult | WorldResult

export async function runCell(cell: Cell): Promise<Result> {
  switch (cell.kind) {
    case 'history':
      return runHistory(cell)
    case 'gate':
      return runGateCell(cell)
    case 'replay':
      return replaySeries(cell)
    case 'world':
      return runWorld(cell)
  }
}
