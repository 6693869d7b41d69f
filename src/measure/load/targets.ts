// The endpoints under load: each arm with its dialect and its lanes. A lane that is given back is
// the first to be taken again, so that as few connections as possible are kept, and those warm.

import type { Endpoint, Timeouts } from '../../model/config.ts'
import type { PlannedRequest } from '../../model/plan.ts'
import type { HttpProxy } from '../../model/proxy.ts'
import type { WireRequest } from '../../wire/dialects/dialects.ts'
import { dialectOf } from '../../wire/dialects/dialects.ts'
import type { AfterReads } from './after-reads.ts'
import type { Clock } from './clock.ts'
import type { Redact } from './detail.ts'
import type { ExchangeContext } from './exchange.ts'
import type { ServerHabits } from './lane.ts'
import { Lane } from './lane.ts'

export type Target = {
  readonly endpoint: Endpoint
  readonly apiKey: string | undefined
  /** A name that leads to an address of a private network is not followed. */
  readonly publicOnly?: boolean
  /** Absent = straight. */
  readonly proxy?: HttpProxy
}

export type Targets = { readonly candidate: Target; readonly reference?: Target }

/** What the arms of one measurement share. */
export type Surroundings = {
  readonly clock: Clock
  readonly afterReads: AfterReads
  readonly redact: Redact
  readonly timeouts: Timeouts
}

export class ArmLanes {
  readonly context: ExchangeContext
  readonly #target: Target
  readonly #idle: Lane[] = []
  readonly #all: Lane[] = []
  readonly #habits: ServerHabits = { closesConnections: false }

  constructor(target: Target, surroundings: Surroundings) {
    this.#target = target
    this.context = { ...surroundings, dialect: dialectOf(target.endpoint.api) }
  }

  /** The request as it is really sent: no API is asked for fewer tokens than it accepts. */
  asked(planned: PlannedRequest): { readonly planned: PlannedRequest; readonly wire: WireRequest } {
    const { dialect } = this.context
    const maxOutputTokens = Math.max(planned.maxOutputTokens, dialect.smallestOutputLimit)
    const { messages } = planned
    const wire = dialect.request({ ...this.#target, messages, maxOutputTokens })
    const isAccepted = maxOutputTokens === planned.maxOutputTokens
    return { planned: isAccepted ? planned : { ...planned, maxOutputTokens }, wire }
  }

  take(origin: string): Lane {
    const idle = this.#idle.pop()
    if (idle !== undefined) return idle
    const { publicOnly = false, proxy } = this.#target
    const server = { habits: this.#habits, publicOnly, proxy }
    const lane = new Lane(origin, this.context.clock.now, server)
    this.#all.push(lane)
    return lane
  }

  give(lane: Lane): void {
    this.#idle.push(lane)
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((lane) => lane.close()))
  }
}
