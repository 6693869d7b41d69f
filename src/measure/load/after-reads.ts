// Work that must not delay a time stamp. One turn of the event loop may read many sockets one after
// the other; decoding the first before stamping the second would charge our own work to the second
// endpoint's answer. So a read is only stamped, and everything else waits for the turn's end.

export type Reader = {
  /** Once every socket that is readable now has been read. */
  take(chunk: Uint8Array): void
}

const NO_BYTES = new Uint8Array()

export class AfterReads {
  // Who and what, side by side, in lists that are used again turn after turn: a closure for every
  // read would be garbage, and while it is collected no read is stamped.
  #readers: (Reader | undefined)[] = []
  #chunks: Uint8Array[] = []
  #waiting = 0
  #turn = 0
  readonly #drain = () => this.#handOver()

  /** Numbers the turns. A socket is read once a turn, so what it brings in one turn is one read. */
  get turn(): number {
    return this.#turn
  }

  /** Hands the chunk over, in order with whatever else waits. */
  read(reader: Reader, chunk: Uint8Array): void {
    if (this.#waiting === 0) setImmediate(this.#drain)
    this.#readers[this.#waiting] = reader
    this.#chunks[this.#waiting] = chunk
    this.#waiting += 1
  }

  run(work: () => void): void {
    this.read({ take: work }, NO_BYTES)
  }

  #handOver(): void {
    this.#turn += 1
    // Also what is added meanwhile: it has been read as well.
    for (let at = 0; at < this.#waiting; at += 1) {
      const reader = this.#readers[at]
      const chunk = this.#chunks[at] ?? NO_BYTES
      this.#readers[at] = undefined
      this.#chunks[at] = NO_BYTES
      reader?.take(chunk)
    }
    this.#waiting = 0
  }
}
