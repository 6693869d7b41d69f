// The allowance while a measurement runs. No request is started past it, and none while what is in
// flight could use up the money: until a cost is known requests go one by one.

import type { EarlyStop } from '../../model/measurement.ts'
import type { Allowance } from '../../model/plan.ts'
import type { RequestRecord } from '../../model/request-record.ts'

/** An endpoint that says nothing of its costs is not asked one by one for ever. */
const ENOUGH_WITHOUT_COST = 3

export type CostOf = (record: RequestRecord) => number | undefined

export class BudgetWatch {
  readonly #allowance: Allowance
  readonly #costOf: CostOf | undefined
  #started = 0
  #ended = 0
  #usd = 0
  #largestUsd: number | undefined

  constructor(allowance: Allowance, costOf: CostOf | undefined) {
    this.#allowance = allowance
    this.#costOf = costOf
  }

  /** What forbids another request, if anything does. `elapsedMs` counts from the first one. */
  exhausted(elapsedMs: number): EarlyStop | undefined {
    const { requests, costUsd, durationMs } = this.#allowance
    if (this.#started >= requests) return { what: 'requests', allowed: requests }
    if (this.#usd > 0 && this.#usd >= costUsd) return { what: 'cost', allowed: costUsd }
    if (elapsedMs >= durationMs) return { what: 'duration', allowed: durationMs }
    return undefined
  }

  get knowsCost(): boolean {
    return this.#largestUsd !== undefined
  }

  /** Counts one more request; false where it has to wait until one of those in flight has ended. */
  start(how: 'asked' | 'unasked' = 'asked'): boolean {
    const isFree = how === 'unasked' || this.#hasRoom()
    if (isFree) this.#started += 1
    return isFree
  }

  #hasRoom(): boolean {
    const inFlight = this.#started - this.#ended
    if (this.#costOf === undefined || inFlight === 0) return true
    if (this.#largestUsd === undefined) return this.#ended >= ENOUGH_WITHOUT_COST
    return this.#usd + inFlight * this.#largestUsd < this.#allowance.costUsd
  }

  ended(record: RequestRecord): void {
    const usd = this.#costOf?.(record)
    this.#ended += 1
    this.#usd += usd ?? 0
    if (usd !== undefined) this.#largestUsd = Math.max(this.#largestUsd ?? 0, usd)
  }
}
