// The endpoints under load: each arm with its dialect and its lanes. A lane that is given back is
// the first to be taken again, so that as few connections as possible are kept, and those warm.

import type { Authorize } from '../../model/cloud.ts'
import type { Endpoint } from '../../model/config.ts'
import type { Measurement } from '../../model/measurement.ts'
import type { PlannedRequest } from '../../model/plan.ts'
import type { HttpProxy } from '../../model/proxy.ts'
import type { WireRequest } from '../../wire/dialects/dialects.ts'
import { dialectOf } from '../../wire/dialects/dialects.ts'
import type { ExchangeContext, Surroundings } from './exchange-parts.ts'
import type { ServerHabits } from './lane.ts'
import { Lane } from './lane.ts'

export type Target = {
  readonly endpoint: Endpoint
  readonly apiKey: string | undefined
  /** Says who asks in place of a key, for each request as it is sent. Absent = the key does. */
  readonly authorize?: Authorize
  /** A name that leads to an address of a private network is not followed. */
  readonly publicOnly?: boolean
  /** Absent = straight. */
  readonly proxy?: HttpProxy
}

export type Targets = { readonly candidate: Target; readonly reference?: Target }

export type OpeningTurns = {
  /** Waits until it is this connection's turn. */
  turn(at: number): Promise<void>
  readonly signal: AbortSignal
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
    const { messages, body = {} } = planned
    const endpoint = { ...this.#target.endpoint, body: { ...this.#target.endpoint.body, ...body } }
    const request = dialect.request({ ...this.#target, endpoint, messages, maxOutputTokens })
    const { authorize } = this.#target
    const headers = authorize?.({ method: 'POST', ...request }) ?? request.headers
    const wire = { ...request, headers }
    const isAccepted = maxOutputTokens === planned.maxOutputTokens
    return { planned: isAccepted ? planned : { ...planned, maxOutputTokens }, wire }
  }

  /** A new lane while there are fewer than `fewest`, though others may be idle. */
  take(origin: string, fewest = 0): Lane {
    const idle = this.#all.length < fewest ? undefined : this.#idle.pop()
    return idle ?? this.#add(origin)
  }

  /** Opens what is not open of the idle lanes, of which there are `fewest` then, one after the other. */
  async open(origin: string, fewest: number, opening: OpeningTurns): Promise<void> {
    while (this.#all.length < fewest) this.give(this.#add(origin))
    await Promise.all(
      this.#idle.map(async (lane, at) => {
        await opening.turn(at)
        await lane.open(opening.signal)
      }),
    )
  }

  #add(origin: string): Lane {
    const { publicOnly = false, proxy } = this.#target
    const server = { habits: this.#habits, publicOnly, proxy }
    const lane = new Lane(origin, this.context.clock, server)
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

/** What stands between, and who vouches for the requests. */
export function wayTo({ candidate, reference }: Targets): Pick<Measurement, 'proxies' | 'login'> {
  return {
    proxies: { candidate: candidate.proxy?.origin, reference: reference?.proxy?.origin },
    login: candidate.endpoint.auth?.cloud,
  }
}

export function originOf({ wire }: { readonly wire: { readonly url: string } }): string {
  return new URL(wire.url).origin
}
