// How many requests warm an endpoint up, where nobody says.

import type { Load } from './config.ts'

const FEWEST = 4
const MOST = 64
const SECONDS = 2

/** As many warm connections as the load will want: with arrivals, those of two seconds. */
export function oneWave(load: Load): number {
  if (load.kind === 'closed') return load.concurrency
  const wanted = Math.max(FEWEST, Math.ceil(load.ratePerSecond * SECONDS))
  return Math.min(MOST, load.maxInFlight, wanted)
}
