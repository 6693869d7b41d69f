// Whether an endpoint has warmed up, from the first tokens of its warm-up, batch by batch.

/** Half of a batch has to be this much faster than half of one before it to count as getting faster. */
const FASTER = 0.75
/** Slower than this many times what earlier runs had is not warm yet, or has become slower for good. */
const EXPECTED = 1.5
/** So many requests without getting faster, and it is for good. */
const PATIENCE = 32

export type Settling = {
  /** Median first token of earlier runs, in ms. Absent = not known: one batch alone proves nothing. */
  readonly expectedMs?: number
}

/**
 * True when first tokens have stopped getting faster. Medians of batches are compared: the last against
 * the two before it, and against what earlier runs had. A request without a token is Infinity.
 *
 *   falling = m_k < 0.75 max(m_k-1, m_k-2);   slow = m_k > 1.5 expected
 *   settled = no token is not settled; not falling, and (not slow, or 32 requests without falling);
 *             with one batch: expected is known, and not slow
 *
 * Assumes batches of one load. With the spread of hosted models (log sigma 0.3) a settled endpoint's
 * batch of four looks as if it fell about once in seven. Our own rule. O(n log n).
 */
export function isSettled(
  batches: readonly (readonly number[])[],
  { expectedMs }: Settling,
): boolean {
  const medians = batches.map(medianOf)
  const last = medians.at(-1) ?? Number.POSITIVE_INFINITY
  if (!Number.isFinite(last)) return false
  const isSlow = expectedMs !== undefined && last > EXPECTED * expectedMs
  if (medians.length === 1) return expectedMs !== undefined && !isSlow
  if (isFallingAt(medians, medians.length - 1)) return false
  return !isSlow || sinceFalling(batches, medians) >= PATIENCE
}

function isFallingAt(medians: readonly number[], at: number): boolean {
  const before = medians.slice(Math.max(0, at - 2), at)
  return (medians[at] ?? 0) < FASTER * Math.max(0, ...before)
}

/** Requests since the last batch that was faster than those before it. */
function sinceFalling(batches: readonly (readonly number[])[], medians: readonly number[]): number {
  const last = medians.findLastIndex((_, at) => at > 0 && isFallingAt(medians, at))
  return batches.slice(last + 1).reduce((sum, batch) => sum + batch.length, 0)
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.POSITIVE_INFINITY
}
