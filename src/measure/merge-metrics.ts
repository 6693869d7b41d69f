// What a server said of itself in parts of one run. Rounds follow each other, so their looks are put
// in a row; shards go side by side, and each of them sees the requests of all.

import type { Run } from '../model/run.ts'
import type { ServerMetrics, ServerReading } from '../model/server-metrics.ts'

/** The looks of a round begin where the round before it ended on the clock of the whole. */
export function metricsOfRounds(rounds: readonly Run[]): ServerMetrics | undefined {
  const engine = onlyEngine(rounds)
  if (engine === undefined) return undefined
  let beganMs = 0
  const readings: ServerReading[] = []
  for (const { serverMetrics, conditions } of rounds) {
    for (const [at, reading] of (serverMetrics?.readings ?? []).entries()) {
      const opens = at === 0 && readings.length > 0 ? { opens: true as const } : {}
      readings.push({ ...reading, ...opens, atMs: reading.atMs + beganMs })
    }
    beganMs += conditions.durationMs
  }
  return { engine, readings }
}

/** Of the shard that looked for longest. Two servers of different makes have no common course. */
export function metricsOfShards(shards: readonly Run[]): ServerMetrics | undefined {
  if (onlyEngine(shards) === undefined) return undefined
  const all = shards.flatMap(({ serverMetrics }) => serverMetrics ?? [])
  return all.toSorted((a, b) => spanMs(b) - spanMs(a))[0]
}

function onlyEngine(runs: readonly Run[]): ServerMetrics['engine'] | undefined {
  const engines = new Set(runs.flatMap(({ serverMetrics }) => serverMetrics?.engine ?? []))
  return engines.size === 1 ? [...engines][0] : undefined
}

function spanMs({ readings }: ServerMetrics): number {
  return (readings.at(-1)?.atMs ?? 0) - (readings[0]?.atMs ?? 0)
}
