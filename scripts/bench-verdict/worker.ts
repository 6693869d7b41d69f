// Runs the cells it is sent, one after the other, and sends each result back.

import { parentPort } from 'node:worker_threads'
import { type Cell, runCell } from './cells.ts'

parentPort?.on('message', async (cell: Cell) => {
  parentPort?.postMessage(await runCell(cell))
})
