// What the client sees of itself while it measures: how late its event loop runs, how late it sends,
// how many requests are in flight. Judged later, by documented limits; only observed here.

import type { ELDHistogram } from 'node:perf_hooks'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Load } from '../../model/config.ts'
import type { PlannedRequest } from '../../model/plan.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import type { Conditions } from '../../model/run.ts'
import type { Clock } from './clock.ts'
import { errandOf, isArrival } from './errand.ts'
import type { Exchanged } from './exchange-parts.ts'

/** The interval of the probe that measures the event loop's delay; part of every raw reading. */
const RESOLUTION_MS = 10

export class Observer {
  readonly #clock: Clock
  readonly #delay: ELDHistogram
  readonly #latenessMs: number[] = []
  /** Of what came by itself: later turns come when their conversation lets them. */
  readonly #startedMs: number[] = []
  #inFlight = 0
  /** Conversations in flight of which no request is. */
  #thinking = 0
  #peakInFlight = 0
  /** Integral of what is in flight over time, from the end of the ramp up to the last errand's start. */
  #area = 0
  #areaAtLastErrand = 0
  #lastErrandMs = 0
  readonly #begun = new Set<string>()
  #changedMs = 0
  #rampMs = 0
  #freshConnections = 0
  #unwarmed = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  }

  /** The measured phase begins; so long after it has begun, the load should be all there. */
  begin(rampMs: number): void {
    this.#delay.enable()
    this.#rampMs = rampMs
    this.#changedMs = this.#clock.now()
  }

  end(): void {
    this.#delay.disable()
  }

  started(dueMs: number, planned: PlannedRequest): void {
    const nowMs = this.#clock.now()
    this.#move(nowMs, 1)
    const errand = errandOf(planned)
    if (!this.#begun.has(errand)) {
      this.#areaAtLastErrand = this.#area
      this.#lastErrandMs = nowMs
    }
    this.#begun.add(errand)
    if (isArrival(planned)) this.#startedMs.push(nowMs)
    this.#latenessMs.push(Math.max(0, nowMs - dueMs))
  }

  ended(exchanged: Exchanged): void {
    this.#move(this.#clock.now(), -1)
    if (exchanged.record.freshConnection) this.#freshConnections += 1
    if (exchanged.unwarmed) this.#unwarmed += 1
  }

  /** By so many more conversations think: they are load, and nothing of them is late. */
  thinks(change: 1 | -1): void {
    this.#move(this.#clock.now(), 0)
    this.#thinking += change
  }

  conditions(measured: {
    readonly load: Load
    readonly planned: readonly PlannedRequest[]
    readonly records: readonly RequestRecord[]
    readonly warmupRequests: number
  }): Conditions {
    this.end()
    const delayMs = this.#delay.percentile(99) / 1e6 - RESOLUTION_MS
    const { records, load } = measured
    return {
      eventLoopDelayP99Ms: this.#delay.count === 0 ? 0 : Math.max(0, delayMs),
      sendLatenessP99Ms: nearestRank(this.#latenessMs, 0.99),
      clientQueueP99Ms: nearestRank(records.flatMap(clientQueueMs), 0.99),
      ...(load.kind === 'closed'
        ? this.#closedLoad(load.concurrency, measured.planned)
        : this.#openLoad(measured.planned)),
      freshConnections: this.#freshConnections,
      unwarmedConnections: this.#unwarmed,
      measuredRequests: records.length,
      warmupRequests: measured.warmupRequests,
      durationMs: this.#clock.now(),
      clockDriftMs: this.#clock.driftMs(),
      peakInFlight: this.#peakInFlight,
      ...fromIntended(records),
    }
  }

  #move(nowMs: number, change: 1 | 0 | -1): void {
    const busy = this.#inFlight + this.#thinking
    this.#area += busy * Math.max(0, nowMs - Math.max(this.#rampMs, this.#changedMs))
    this.#changedMs = nowMs
    this.#inFlight += change
    this.#peakInFlight = Math.max(this.#peakInFlight, this.#inFlight)
  }

  /** Mean in flight while there was still something to send: the tail that runs dry is no failing. */
  #closedLoad(concurrency: number, planned: readonly PlannedRequest[]): LoadReached {
    const errands = new Set(planned.map(errandOf)).size
    const intendedLoad = Math.min(concurrency, errands)
    const fromMs = Math.max(this.#rampMs, this.#startedMs[0] ?? 0)
    const spanMs = this.#lastErrandMs - fromMs
    const oneWave = errands <= concurrency || spanMs <= 0
    return {
      intendedLoad,
      achievedLoad: oneWave ? this.#peakInFlight : this.#areaAtLastErrand / spanMs,
    }
  }

  /** Both rates over as many arrivals as were started. */
  #openLoad(planned: readonly PlannedRequest[]): LoadReached {
    const started = this.#startedMs.length
    const arrivals = planned.filter(isArrival).slice(0, started)
    const intended = arrivals.map((request) => request.intendedMs ?? 0)
    const intendedLoad = ratePerSecond(started, spanOf(intended))
    const achievedLoad = ratePerSecond(started, spanOf(this.#startedMs))
    return { intendedLoad, achievedLoad }
  }
}

type LoadReached = { readonly intendedLoad: number; readonly achievedLoad: number }

function spanOf(ascending: readonly number[]): number {
  return (ascending.at(-1) ?? 0) - (ascending[0] ?? 0)
}

function ratePerSecond(count: number, spanMs: number): number {
  return count < 2 || spanMs <= 0 ? 0 : ((count - 1) * 1000) / spanMs
}

/** From handing over to the last byte written, less the opening of a connection. */
function clientQueueMs(record: RequestRecord): readonly number[] {
  const { startedMs, sentMs, dnsMs = 0, tcpMs = 0, tlsMs = 0 } = record
  return sentMs === undefined ? [] : [Math.max(0, sentMs - startedMs - dnsMs - tcpMs - tlsMs)]
}

function fromIntended(records: readonly RequestRecord[]): Partial<Conditions> {
  const values = records.flatMap(({ firstTokenMs, intendedMs }) =>
    firstTokenMs === undefined || intendedMs === undefined ? [] : [firstTokenMs - intendedMs],
  )
  if (values.length === 0) return {}
  return {
    ttftFromIntendedP50Ms: nearestRank(values, 0.5),
    ttftFromIntendedP99Ms: nearestRank(values, 0.99),
  }
}

/** 0 of nothing. */
function nearestRank(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * p) - 1] ?? 0
}
