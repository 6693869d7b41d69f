// Reproducible randomness: a name gives a stream of numbers, the same on every machine and in every
// run. Only for designs and arrivals, never for anything secret.

/** Uniform on [0, 1). */
export type Random = () => number

/**
 * A stream for a name, by splitmix32 over a 32-bit hash of the name.
 *
 *   s += 0x9e3779b9;  z = s;  z = (z ^ z>>>16) * 0x21f0aaad;  z = (z ^ z>>>15) * 0x735a2d97;  z ^ z>>>15
 *
 * Period 2^32. Constants: https://github.com/skeeto/hash-prospector (public domain).
 */
export function seededRandom(name: string): Random {
  let state = hash32(name)
  return () => {
    state = (state + 0x9e3779b9) | 0
    return mix32(state) / 4294967296
  }
}

/** 32 bits of a text (FNV-1a, then mixed so that near names differ in their first bits as well). */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return mix32(hash)
}

function mix32(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

/** A new array in random order. */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
