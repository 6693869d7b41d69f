// What all connections of this process together hold of answers that are not complete. Each answer has
// bounds of its own; hundreds of them at once need one more, or a server fills the runner's memory
// with as many halves of an answer as it is asked for.

/** A hundred times what an honest endpoint makes anybody hold at 512 in flight. */
export const MOST_HELD_BYTES = 32 << 20

export class HeldBytes {
  readonly most: number
  #held = 0
  #peak = 0

  constructor(most = MOST_HELD_BYTES) {
    this.most = most
  }

  /** By which somebody holds more than before, or less. */
  change(bytes: number): void {
    this.#held += bytes
    this.#peak = Math.max(this.#peak, this.#held)
  }

  /** Whoever made it so has to let go. */
  get isFull(): boolean {
    return this.#held > this.most
  }

  get now(): number {
    return this.#held
  }

  get peak(): number {
    return this.#peak
  }
}

/** Of this process. */
export const HELD = new HeldBytes()
