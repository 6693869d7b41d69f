// Work that must not delay a time stamp. One turn of the event loop may read many sockets one after
// the other; decoding the first before stamping the second would charge our own work to the second
// endpoint's answer. So a read is only stamped, and everything else waits for the turn's end.
//
// What waits is copied into one piece of memory: a server that sends a byte at a time makes an object
// of a hundred bytes for each, and thousands of connections can be read in one turn. Where that piece
// is full the turn ends early.

export type Reader = {
  /** Once every socket that is readable now has been read. `chunk` is gone when this returns. */
  take(chunk: Uint8Array): void
}

/** Many times what a turn of an honest endpoint brings, at any concurrency. */
const ROOM_BYTES = 1 << 18
const MOST_WAITING = 8192
const NO_BYTES = new Uint8Array()

export class AfterReads {
  readonly #room: Uint8Array
  // Who and what, side by side, in lists that are used again turn after turn: a closure for every
  // read would be garbage, and while it is collected no read is stamped.
  readonly #readers: (Reader | undefined)[] = []
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  #used = 0
  #waiting = 0
  #turn = 0
  #isHandingOver = false
  readonly #drain = () => this.#handOver()

  constructor(roomBytes = ROOM_BYTES) {
    this.#room = new Uint8Array(roomBytes)
  }

  /**
   * Numbers the turns, to be asked before a read is stamped. A socket is read once a turn, so what it
   * brings in one turn is one read; one that there is no room for begins the next.
   */
  turnOf(chunk: Uint8Array): number {
    const isFull = this.#used + chunk.length > this.#room.length || this.#waiting >= MOST_WAITING
    if (isFull && !this.#isHandingOver) this.#handOver()
    return this.#turn
  }

  /** Hands the chunk over, in order with whatever else waits. */
  read(reader: Reader, chunk: Uint8Array): void {
    const end = this.#used + chunk.length
    if (end > this.#room.length) {
      const copy = chunk.slice()
      this.run(() => reader.take(copy))
      return
    }
    this.#room.set(chunk, this.#used)
    const last = this.#waiting - 1
    // Not while it is being handed over: the last may have been taken already.
    const isMore = !this.#isHandingOver && chunk.length > 0 && this.#readers[last] === reader
    if (isMore) this.#ends[last] = end
    else this.#wait(reader, this.#used, end)
    this.#used = end
  }

  run(work: () => void): void {
    this.#wait({ take: work }, this.#used, this.#used)
  }

  #wait(reader: Reader, start: number, end: number): void {
    if (this.#waiting === 0) setImmediate(this.#drain)
    this.#readers[this.#waiting] = reader
    this.#starts[this.#waiting] = start
    this.#ends[this.#waiting] = end
    this.#waiting += 1
  }

  #handOver(): void {
    if (this.#waiting === 0) return
    this.#turn += 1
    this.#isHandingOver = true
    // Also what is added meanwhile: it has been read as well.
    for (let at = 0; at < this.#waiting; at += 1) {
      const reader = this.#readers[at]
      const [start, end] = [this.#starts[at] ?? 0, this.#ends[at] ?? 0]
      this.#readers[at] = undefined
      reader?.take(start === end ? NO_BYTES : this.#room.subarray(start, end))
    }
    this.#waiting = 0
    this.#used = 0
    this.#isHandingOver = false
  }
}
