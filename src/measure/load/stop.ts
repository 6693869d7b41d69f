// The one place that knows whether a measurement goes on. The first reason to stop is kept; whoever
// waits for time to pass is woken by it.

import type { EarlyStop } from '../../model/measurement.ts'

export class Stop {
  #reason: EarlyStop | undefined
  readonly #wakers = new Set<() => void>()

  get reason(): EarlyStop | undefined {
    return this.#reason
  }

  /** Nothing further is started; what is in flight may end. */
  because(reason: EarlyStop): void {
    this.#reason ??= reason
    for (const wake of this.#wakers) wake()
  }

  /** Waits, or returns early when there is a reason to stop. */
  async sleep(durationMs: number): Promise<void> {
    if (this.#reason !== undefined || durationMs <= 0) return
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#wakers.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, durationMs)
      this.#wakers.add(wake)
    })
  }
}
