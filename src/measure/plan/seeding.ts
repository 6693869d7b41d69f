// From texts to seeds, and orders drawn from them. Only for designs, never for anything secret.

import type { Random } from '../../stats/random.ts'

/**
 * 32 bits of a text: FNV-1a, then mixed so that near texts differ in every bit.
 * Source: Fowler, Noll and Vo; the mixer is the last step of MurmurHash3.
 */
export function hash32(text: string): number {
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
