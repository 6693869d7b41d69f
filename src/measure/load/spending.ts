// The allowance while a measurement runs. No request is started past it, so what is overspent is at
// most what was in flight when it ran out.

import type { EarlyStop } from '../../model/measurement.ts'
import type { Allowance } from '../../model/plan.ts'
import type { RequestRecord } from '../../model/request-record.ts'

export type CostOf = (record: RequestRecord) => number | undefined

export class Spending {
  readonly #allowance: Allowance
  readonly #costOf: CostOf
  #started = 0
  #usd = 0

  constructor(allowance: Allowance, costOf: CostOf) {
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

  started(): void {
    this.#started += 1
  }

  settled(record: RequestRecord): void {
    this.#usd += this.#costOf(record) ?? 0
  }
}
