// The next moment at which something must have happened. One timer a request: it is armed again
// only when the moment comes nearer, and looks anew when it fires, so a stream of tokens that keeps
// moving its idle limit costs nothing.

export class Deadline {
  readonly #now: () => number
  readonly #dueMs: () => number
  readonly #missed: () => void
  #timer: NodeJS.Timeout | undefined
  #armedForMs = Number.POSITIVE_INFINITY

  constructor(watch: { now: () => number; dueMs: () => number; missed: () => void }) {
    this.#now = watch.now
    this.#dueMs = watch.dueMs
    this.#missed = watch.missed
  }

  /** Call whenever the due moment may have come nearer. */
  update(): void {
    const dueMs = this.#dueMs()
    if (dueMs >= this.#armedForMs) return
    this.#arm(dueMs)
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#armedForMs = Number.NEGATIVE_INFINITY
  }

  #arm(dueMs: number): void {
    clearTimeout(this.#timer)
    this.#armedForMs = dueMs
    this.#timer = setTimeout(() => this.#fired(), Math.max(1, Math.ceil(dueMs - this.#now())))
  }

  #fired(): void {
    const dueMs = this.#dueMs()
    if (dueMs > this.#now()) this.#arm(dueMs)
    else this.#missed()
  }
}
