// Collects the garbage of the warm-up before the measured phase. A connection is some ten kilobytes of
// objects; while they are young, a collection copies those of all connections, and no read is stamped
// meanwhile. Two collections of the young generation make them old, and the pauses left are short.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Collects everything, or the young generation alone. */
export type Collect = (options?: { readonly type: 'minor' }) => void

let collect: Collect | undefined

/** A matter of milliseconds; does nothing where the engine does not offer it. */
export function settleHeap(): void {
  collect ??= collector()
  // What lived through one collection is moved to the old generation by the next.
  for (let times = 0; times < 2; times += 1) collect({ type: 'minor' })
}

/**
 * V8's own collector, which it shows only to contexts that are made while the flag is set. One that
 * does nothing where there is none.
 */
export function collector(): Collect {
  setFlagsFromString('--expose-gc')
  const found: unknown = runInNewContext('globalThis.gc')
  setFlagsFromString('--no-expose-gc')
  return typeof found === 'function' ? (found as Collect) : () => {}
}
