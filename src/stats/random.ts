// Seeded randomness: the same seed gives the same numbers on every machine and in every version.
// By hand: neither Math.random nor node:crypto takes a seed.

/** Uniform on [0, 1), 32 bits of resolution. */
export type Random = () => number

/**
 * Small fast counting generator (sfc32), its state filled from the seed by splitmix32 and warmed.
 *
 *   t = a + b + d;  a = b ^ (b >>> 9);  b = c + (c << 3);  c = rotl(c, 21) + t;  d = d + 1
 *
 * Passes PractRand to many terabytes; period at least 2^32. Not for secrets. Any finite number is a
 * seed; its lower 32 bits count. Source: Doty-Humphrey, PractRand (2013). O(1) a number.
 */
export function seededRandom(seed: number): Random {
  const next = splitmix32(seed)
  let a = next()
  let b = next()
  let c = next()
  let d = 1
  const random = () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return (t >>> 0) / 4294967296
  }
  for (let round = 0; round < 12; round += 1) random()
  return random
}

function splitmix32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return z ^ (z >>> 16)
  }
}

/**
 * 32 bits of a text: FNV-1a, then mixed so that near texts differ in every bit.
 * Source: Fowler, Noll and Vo; the mixer is the last step of MurmurHash3.
 */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A new array in random order. */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
