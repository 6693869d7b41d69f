// The one clock of a request's stamps, monotonic. The wall clock is read to notice that it was stepped, and
// to understand a date in a header.

export type Clock = {
  /** Milliseconds since `restart`, monotonic, with microseconds behind the point. */
  now(): number
  /** The same clock, which no restart moves: for how long something took across one. */
  steadyMs(): number
  /** Begins to count from 0. */
  restart(): void
  /** How much further the wall clock has moved than the monotonic one since `restart`. */
  driftMs(): number
}

export function createClock(): Clock {
  let origin = performance.now()
  let wallOrigin = Date.now()
  return {
    now: () => performance.now() - origin,
    steadyMs: () => performance.now(),
    restart() {
      origin = performance.now()
      wallOrigin = Date.now()
    },
    driftMs: () => Date.now() - wallOrigin - (performance.now() - origin),
  }
}

/** Retry-After, either form, in whole seconds from now; undefined when it is neither. */
export function readRetryAfterS(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value.trim())) return Number(value.trim())
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000))
}
