// Work that must not delay a time stamp. One turn of the event loop may read many sockets one after
// the other; decoding the first before stamping the second would charge our own work to the second
// endpoint's answer. So a read is only stamped, and everything else waits for the turn's end.

export class AfterReads {
  #queue: (() => void)[] = []
  #turn = 0

  /** Numbers the turns. A socket is read once a turn, so what it brings in one turn is one read. */
  get turn(): number {
    return this.#turn
  }

  /** Runs the work, in order, once every socket that is readable now has been read. */
  run(work: () => void): void {
    if (this.#queue.push(work) === 1) setImmediate(() => this.#drain())
  }

  #drain(): void {
    const batch = this.#queue
    this.#queue = []
    this.#turn += 1
    for (const work of batch) work()
  }
}
