// Seeded draws: the same key gives the same sequence on every machine. Good enough to imitate a
// server; no statistic is computed from it. It is not the generator of `stats/random.ts`: what is judged
// and what judges it (plans, intervals) must not draw the same numbers where they are given one seed.
// By hand: neither Math.random nor node:crypto takes a seed.

export type Draw = {
  /** Uniform in [0, 1). */
  uniform(): number
  /** exp(sigma * standard normal): median 1. */
  logNormal(sigma: number): number
  /** Pareto with minimum 1: P(X > x) = x^-shape. */
  pareto(shape: number): number
}

// Bound once: where the global object is a guarded one, as in a test, each look at it costs more than
// the draw.
const { cos, exp, imul, log, PI, sqrt } = Math

/** mulberry32 over a hash of the key's parts (FNV-1a). */
export function drawFrom(...key: readonly (string | number)[]): Draw {
  let state = hashText(key.join('/'))
  function uniform(): number {
    state = (state + 0x6d2b79f5) | 0
    let t = imul(state ^ (state >>> 15), state | 1)
    t ^= t + imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    uniform,
    logNormal(sigma) {
      if (sigma === 0) return 1
      // Box-Muller; 1 - u keeps the logarithm away from 0.
      const radius = sqrt(-2 * log(1 - uniform()))
      return exp(sigma * radius * cos(2 * PI * uniform()))
    },
    pareto: (shape) => (1 - uniform()) ** (-1 / shape),
  }
}

function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}
