// The project's one hash: SHA-256, written out so that pure floors can use it. It names things
// (load shapes, prompts, folders of hostile names); nothing secret depends on it.

const ROUND_CONSTANTS = roundConstants()
const INITIAL_STATE = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
] as const

/**
 * SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hex digits.
 *
 * Source: FIPS 180-4, section 6.2. Time grows with the length of the text, memory too.
 */
export function sha256Hex(text: string): string {
  const words = paddedWords(new TextEncoder().encode(text))
  const state = Uint32Array.from(INITIAL_STATE)
  const schedule = new Uint32Array(64)
  for (let start = 0; start < words.length; start += 16) {
    fillSchedule(schedule, words.subarray(start, start + 16))
    compress(state, schedule)
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('')
}

/** The message as big-endian words: a one bit, zeros, and the length in bits as 64 bits. */
function paddedWords(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(Math.ceil((bytes.length + 9) / 64) * 16)
  const put = (index: number, byte: number) => {
    words[index >>> 2] = (words[index >>> 2] ?? 0) | (byte << (24 - (index & 3) * 8))
  }
  for (const [index, byte] of bytes.entries()) put(index, byte)
  put(bytes.length, 0x80)
  words[words.length - 2] = Math.floor((bytes.length * 8) / 2 ** 32)
  words[words.length - 1] = bytes.length * 8
  return words
}

function fillSchedule(schedule: Uint32Array, block: Uint32Array): void {
  schedule.set(block)
  for (let t = 16; t < 64; t += 1) {
    const early = at(schedule, t - 15)
    const late = at(schedule, t - 2)
    const small0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)
    const small1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
    schedule[t] = at(schedule, t - 16) + small0 + at(schedule, t - 7) + small1
  }
}

function compress(state: Uint32Array, schedule: Uint32Array): void {
  const v = Uint32Array.from(state)
  for (let t = 0; t < 64; t += 1) {
    const [a, b, c, d] = [at(v, 0), at(v, 1), at(v, 2), at(v, 3)]
    const [e, f, g, h] = [at(v, 4), at(v, 5), at(v, 6), at(v, 7)]
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const choice = (e & f) ^ (~e & g)
    const first = h + big1 + choice + at(ROUND_CONSTANTS, t) + at(schedule, t)
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    v.set([first + big0 + majority, a, b, c, d + first, e, f, g])
  }
  for (let i = 0; i < 8; i += 1) state[i] = at(state, i) + at(v, i)
}

/** The first 32 bits of the fractions of the cube roots of the first 64 primes. */
function roundConstants(): Uint32Array {
  const constants: number[] = []
  for (let candidate = 2; constants.length < 64; candidate += 1) {
    let prime = true
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) {
      if (candidate % divisor === 0) prime = false
    }
    if (prime) constants.push((Math.cbrt(candidate) % 1) * 2 ** 32)
  }
  return Uint32Array.from(constants)
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0
}
