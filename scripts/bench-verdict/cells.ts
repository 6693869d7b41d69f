// One cell of the benchmark: many replications of one situation, or one recorded series, judged by
// the real stages.

import { type ErrorsCell, type ErrorsResult, runErrors } from './errors-cell.ts'
import { type GateCell, type GateCellResult, runGateCell } from './gate-cell.ts'
import { type HeldCell, type HeldResult, runHeldCell } from './held-cell.ts'
import { type HistoryCell, type HistoryResult, runHistory } from './history-cell.ts'
import { type ReplayCell, type ReplayResult, replaySeries } from './replay-cell.ts'
import { type ResolutionCell, type ResolutionResult, runResolution } from './resolution-cell.ts'
import { runWorld, type WorldCell, type WorldResult } from './world-cell.ts'

export type Cell =
  | ErrorsCell
  | GateCell
  | HeldCell
  | HistoryCell
  | ReplayCell
  | ResolutionCell
  | WorldCell
export type Result =
  | ErrorsResult
  | GateCellResult
  | HeldResult
  | HistoryResult
  | ReplayResult
  | ResolutionResult
  | WorldResult

export async function runCell(cell: Cell): Promise<Result> {
  switch (cell.kind) {
    case 'history':
      return runHistory(cell)
    case 'errors':
      return runErrors(cell)
    case 'gate':
      return runGateCell(cell)
    case 'held':
      return runHeldCell(cell)
    case 'replay':
      return replaySeries(cell)
    case 'resolution':
      return runResolution(cell)
    case 'world':
      return runWorld(cell)
  }
}
