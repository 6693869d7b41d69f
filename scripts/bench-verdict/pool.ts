// Spreads cells over the machine's cores; results come back in the order of the cells.

import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Cell, Result } from './cells.ts'

export async function runCells(cells: readonly Cell[]): Promise<readonly Result[]> {
  const results = new Map<number, Result>()
  let next = 0
  const workers = Math.min(availableParallelism(), cells.length)
  await Promise.all(
    Array.from({ length: workers }, async () => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url))
      try {
        while (next < cells.length) {
          const index = next
          next += 1
          const cell = cells[index]
          if (cell !== undefined) results.set(index, await runOn(worker, cell))
        }
      } finally {
        await worker.terminate()
      }
    }),
  )
  return cells.flatMap((_, index) => results.get(index) ?? [])
}

async function runOn(worker: Worker, cell: Cell): Promise<Result> {
  const stop = new AbortController()
  const { signal } = stop
  try {
    worker.postMessage(cell)
    const [result] = await Promise.race([
      once(worker, 'message', { signal }),
      once(worker, 'error', { signal }).then(([error]) => Promise.reject(error)),
    ])
    return result
  } finally {
    stop.abort()
  }
}
