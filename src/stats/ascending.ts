// Sorting the many gaps of a run: the largest part of the time a verdict takes.

/** Below this the engine's own sort is as fast. */
const MANY = 1024
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

/**
 * The values in ascending order, +Infinity last, as a new array.
 *
 * From a thousand values on: least-significant-digit radix sort over the upper 32 bits of each
 * number (non-negative doubles order like their bits), then insertion for what those bits leave
 * equal. Negative values and NaN, or too many insertions, fall back to the engine's sort.
 * Source: Knuth, The Art of Computer Programming 3, 5.2.5. O(n) for times of a run.
 */
export function ascending(values: readonly number[]): Float64Array {
  const numbers = new Float64Array(values)
  if (numbers.length < MANY || !LITTLE_ENDIAN) return numbers.sort()
  return radixSorted(numbers) ?? numbers.sort()
}

/** Bits of the upper word by pass: 9, then 11, then sign and exponent. */
const PASSES = [
  { shift: 0, size: 512 },
  { shift: 9, size: 2048 },
  { shift: 20, size: 4096 },
] as const

function radixSorted(numbers: Float64Array): Float64Array | undefined {
  let from = new Float64Array(numbers)
  let to = new Float64Array(numbers.length)
  for (const { shift, size } of PASSES) {
    const words = new Uint32Array(from.buffer)
    const starts = startsOf(words, shift, size)
    if (starts === undefined) return undefined
    for (let i = 0; i < from.length; i += 1) {
      const digit = ((words[2 * i + 1] ?? 0) >>> shift) & (size - 1)
      const place = starts[digit] ?? 0
      starts[digit] = place + 1
      to[place] = from[i] ?? 0
    }
    ;[from, to] = [to, from]
  }
  return inserted(from)
}

/** Where each digit's values begin. Undefined when a value is negative or no number. */
function startsOf(words: Uint32Array, shift: number, size: number): Uint32Array | undefined {
  const counts = new Uint32Array(size)
  for (let i = 1; i < words.length; i += 2) {
    const word = words[i] ?? 0
    if (word > 0x7ff00000) return undefined
    const digit = (word >>> shift) & (size - 1)
    counts[digit] = (counts[digit] ?? 0) + 1
  }
  let start = 0
  for (let digit = 0; digit < size; digit += 1) {
    const count = counts[digit] ?? 0
    counts[digit] = start
    start += count
  }
  return counts
}

function inserted(numbers: Float64Array): Float64Array | undefined {
  let moves = 0
  const most = 20 * numbers.length
  for (let i = 1; i < numbers.length; i += 1) {
    const value = numbers[i] ?? 0
    let j = i - 1
    while (j >= 0 && (numbers[j] ?? 0) > value) {
      numbers[j + 1] = numbers[j] ?? 0
      j -= 1
    }
    numbers[j + 1] = value
    moves += i - 1 - j
    if (moves > most) return undefined
  }
  return numbers
}
