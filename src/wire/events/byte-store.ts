// Bytes that wait for what follows them, in one piece of memory. A string that is put together from a
// thousand pieces keeps a thousand pieces: a server that sends one byte at a time would fill the
// memory of whoever reads it with sixty times what it sent.
// By hand: Buffer.concat copies all that is held for every piece that comes.

const SMALLEST = 1024
/** What is larger is given back once it is empty: most connections never need it again. */
const LARGEST_KEPT = 4 * 1024
const NOTHING = new Uint8Array()

export class ByteStore {
  #bytes: Uint8Array = NOTHING
  #length = 0

  get length(): number {
    return this.#length
  }

  /** What it takes up, filled or not. */
  get capacity(): number {
    return this.#bytes.length
  }

  append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length
    if (needed > this.#bytes.length) this.#grow(needed)
    this.#bytes.set(bytes, this.#length)
    this.#length = needed
  }

  /** All of it, until the next change. */
  get content(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  clear(): void {
    this.#length = 0
    if (this.#bytes.length > LARGEST_KEPT) this.#bytes = NOTHING
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(SMALLEST, needed, 2 * this.#bytes.length))
    larger.set(this.content)
    this.#bytes = larger
  }
}
