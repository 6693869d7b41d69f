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
  const numbers = copied(values)
  if (numbers.length < MANY || !LITTLE_ENDIAN) return numbers.sort()
  return radixSorted(numbers)
}

/** A loop: the constructor asks an array's iterator for each value, which takes three times as long. */
function copied(values: readonly number[]): Float64Array<ArrayBuffer> {
  const numbers = new Float64Array(values.length)
  for (let i = 0; i < numbers.length; i += 1) numbers[i] = values[i] ?? Number.NaN
  return numbers
}

/** Bits of the upper word by pass: 9, then 11, then sign and exponent. */
const PASSES = [
  { shift: 0, size: 512 },
  { shift: 9, size: 2048 },
  { shift: 20, size: 4096 },
] as const

/** `numbers` is the room it works in. */
function radixSorted(numbers: Float64Array<ArrayBuffer>): Float64Array {
  const starts = startsOf(new Uint32Array(numbers.buffer))
  if (starts === undefined) return numbers.sort()
  let from = numbers
  let to = new Float64Array(numbers.length)
  for (const [pass, { shift, size }] of PASSES.entries()) {
    const places = starts[pass] ?? new Uint32Array(size)
    const words = new Uint32Array(from.buffer)
    for (let i = 0; i < from.length; i += 1) {
      const digit = ((words[2 * i + 1] ?? 0) >>> shift) & (size - 1)
      const place = places[digit] ?? 0
      places[digit] = place + 1
      to[place] = from[i] ?? 0
    }
    ;[from, to] = [to, from]
  }
  return isInserted(from) ? from : from.sort()
}

/**
 * Where each digit's values begin, by pass: how many have a digit does not depend on their order, so
 * all are counted at once. Undefined when a value is negative or no number.
 */
function startsOf(words: Uint32Array): readonly Uint32Array[] | undefined {
  const [low, middle, high] = PASSES
  const lows = new Uint32Array(low.size)
  const middles = new Uint32Array(middle.size)
  const highs = new Uint32Array(high.size)
  for (let i = 1; i < words.length; i += 2) {
    const word = words[i] ?? 0
    if (word > 0x7ff00000) return undefined
    const l = word & (low.size - 1)
    const m = (word >>> middle.shift) & (middle.size - 1)
    const h = word >>> high.shift
    lows[l] = (lows[l] ?? 0) + 1
    middles[m] = (middles[m] ?? 0) + 1
    highs[h] = (highs[h] ?? 0) + 1
  }
  return [lows, middles, highs].map(summedBefore)
}

/** Each count replaced by the sum of those before it. */
function summedBefore(counts: Uint32Array): Uint32Array {
  let start = 0
  for (let digit = 0; digit < counts.length; digit += 1) {
    const count = counts[digit] ?? 0
    counts[digit] = start
    start += count
  }
  return counts
}

/** Puts what is nearly sorted in order; false when it is not nearly sorted after all. */
function isInserted(numbers: Float64Array): boolean {
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
    if (moves > most) return false
  }
  return true
}
