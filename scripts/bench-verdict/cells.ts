// One cell of the benchmark: many replications of one situation, judged by the real stages.

import { type HistoryCell, type HistoryResult, runHistory } from './history-cell.ts'
import { type PairsCell, type PairsResult, runPairs } from './pairs-cell.ts'

export type Cell = HistoryCell | PairsCell
export type Result = HistoryResult | PairsResult

export function runCell(cell: Cell): Result {
  return cell.kind === 'history' ? runHistory(cell) : runPairs(cell)
}
