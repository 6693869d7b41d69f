// Runs the cells it is sent, one after the other, and sends each result back.

import { parentPort } from 'node:worker_threads'
import { type Cell, runCell } from './cells.ts'

parentPort?.on('message', (cell: Cell) => {
  parentPort?.postMessage(runCell(cell))
})
