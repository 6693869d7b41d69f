// One measurement while it goes on: what is in flight, what has ended, and why it stops. All requests
// pass through `#send`, so that none is started past the allowance and none is lost.

import type { Measurement, Progress } from '../../model/measurement.ts'
import type { Plan, PlannedRequest } from '../../model/plan.ts'
import type { Arm, RequestRecord } from '../../model/request-record.ts'
import { AfterReads } from './after-reads.ts'
import { BudgetWatch } from './budget-watch.ts'
import { type AnswerToCheck, withCheckedAnswers } from './check-answers.ts'
import { createClock } from './clock.ts'
import { createRedact, type Redact } from './detail.ts'
import { Downtime } from './downtime.ts'
import { Exchange } from './exchange.ts'
import type { Exchanged } from './exchange-parts.ts'
import { HELD } from './held-bytes.ts'
import { AnswerRoom } from './kept-answer.ts'
import { Observer } from './observer.ts'
import { openConnections } from './open-connections.ts'
import type { MeasureOptions } from './options.ts'
import type { SendEnd, Sender } from './schedules.ts'
import { closedLoop, openLoop, STAGGER_MS } from './schedules.ts'
import { settleHeap } from './settled-heap.ts'
import { Stop } from './stop.ts'
import { Talks } from './talks.ts'
import type { Targets } from './targets.ts'
import { ArmLanes, originOf, wayTo } from './targets.ts'
import { warmUntilSettled } from './warm-up.ts'

const PROGRESS_INTERVAL_MS = 500
const DEADLINE_GRACE_MS = 30_000
/** After the warm-up: a server that closes connections behind its answers shows it by then. */
const SETTLE_MS = 50
const LONGEST_TIMER_MS = 2 ** 31 - 1
const MOST_MODEL_NAMES = 5

export class Session {
  readonly #plan: Plan
  readonly #options: MeasureOptions
  readonly #way: Pick<Measurement, 'proxies' | 'login'>
  readonly #warmup: readonly PlannedRequest[]
  readonly #measured: readonly PlannedRequest[]
  readonly #clock = createClock()
  readonly #observer = new Observer(this.#clock)
  readonly #downtime = new Downtime()
  readonly #stop = new Stop()
  readonly #budget: BudgetWatch
  readonly #arms: { readonly candidate: ArmLanes; readonly reference: ArmLanes | undefined }
  readonly #inFlight = new Set<Exchange>()
  readonly #redact: Redact
  readonly #talks = new Talks()
  readonly #ended: { readonly exchanged: Exchanged; readonly planned: PlannedRequest }[] = []
  readonly #models = { candidate: new Set<string>(), reference: new Set<string>() }
  #failed = 0
  #warmth: Measurement['warmth']
  /** How long the warm-up took: the clock starts anew with the measured phase. */
  #warmupMs = 0
  #measuring = false

  constructor(plan: Plan, targets: Targets, options: MeasureOptions) {
    this.#plan = plan
    this.#options = options
    this.#way = wayTo(targets)
    this.#warmup = plan.requests.filter((request) => request.warmup)
    this.#measured = plan.requests.filter((request) => !request.warmup)
    this.#budget = new BudgetWatch(options.allowance, options.costOf)
    this.#redact = createRedact(options.recordSecrets)
    const surroundings = {
      clock: this.#clock,
      afterReads: new AfterReads(),
      held: options.held ?? HELD,
      redact: this.#redact,
      timeouts: plan.timeouts,
      answerRooms: { checked: new AnswerRoom(), talked: new AnswerRoom() },
    }
    this.#arms = {
      candidate: new ArmLanes(targets.candidate, surroundings),
      reference: targets.reference && new ArmLanes(targets.reference, surroundings),
    }
  }

  async run(): Promise<Measurement> {
    const { signal, allowance, deadlineGraceMs = DEADLINE_GRACE_MS } = this.#options
    const onAbort = () => this.#end({ what: 'signal' })
    const onDeadline = () => this.#end({ what: 'duration', allowed: allowance.durationMs })
    const graceMs = Math.min(deadlineGraceMs, this.#plan.timeouts.totalMs)
    const deadline = setTimeout(
      onDeadline,
      Math.min(allowance.durationMs + graceMs, LONGEST_TIMER_MS),
    )
    const ticks = setInterval(() => this.#progress(), PROGRESS_INTERVAL_MS)
    signal.addEventListener('abort', onAbort)
    try {
      if (signal.aborted) onAbort()
      await this.#sendAll()
    } finally {
      clearTimeout(deadline)
      clearInterval(ticks)
      signal.removeEventListener('abort', onAbort)
    }
    this.#progress()
    return withCheckedAnswers(this.#result(), this.#answersToCheck(), this.#redact)
  }

  /** Also after an error: whatever still goes on is ended before the connections are. */
  async close(): Promise<void> {
    this.#stop.because({ what: 'signal' })
    this.#observer.end()
    const left = [...this.#inFlight]
    for (const exchange of left) exchange.abort()
    await Promise.allSettled(left.map((exchange) => exchange.done))
    await Promise.all([this.#arms.candidate.close(), this.#arms.reference?.close()])
  }

  async #sendAll(): Promise<void> {
    const { load } = this.#plan
    const wave = load.kind === 'closed' ? load.concurrency : load.maxInFlight
    const arms = this.#arms.reference === undefined ? 1 : 2
    await closedLoop(this.#warmup, wave * arms, this.#sender())
    this.#endIfDown(0)
    for (const settling of this.#plan.settling ?? []) await this.#warmUp(settling)
    if (this.#warmup.length > 0) {
      await this.#stop.sleep(SETTLE_MS)
      if (this.#stop.reason === undefined)
        await openConnections(this.#measured, {
          plan: this.#plan,
          arm: (name) => this.#arm(name),
          atOnce: (name) => this.#atOnce(name),
          stop: this.#stop,
          signal: this.#options.signal,
        })
      settleHeap()
    }
    await this.#options.beforeMeasured?.()
    this.#warmupMs = this.#clock.now()
    this.#clock.restart()
    this.#measuring = true
    this.#observer.begin(load.kind === 'closed' ? load.concurrency * STAGGER_MS : 0)
    if (load.kind === 'closed') await closedLoop(this.#measured, load.concurrency, this.#sender())
    else await openLoop(this.#measured, load, this.#sender())
  }

  async #warmUp(settling: NonNullable<Plan['settling']>[number]): Promise<void> {
    const { arm } = settling
    const warmth = await warmUntilSettled(settling, {
      ended: () =>
        this.#ended.flatMap(({ exchanged: { record } }) => (record.arm === arm ? record : [])),
      sender: this.#sender(),
      durationMs: this.#options.allowance.durationMs,
    })
    this.#warmth = { ...this.#warmth, [arm]: warmth }
  }

  /** Requests to an arm that the measured phase has in flight together, at most. */
  #atOnce(name: Arm): number {
    const { load } = this.#plan
    const most = load.kind === 'closed' ? load.concurrency : load.maxInFlight
    return Math.min(most, this.#measured.filter(({ arm }) => arm === name).length)
  }

  #sender(): Sender {
    return {
      stop: this.#stop,
      now: this.#clock.now,
      inFlight: () => this.#inFlight.size,
      send: (planned, dueMs) => this.#send(planned, dueMs),
      thinks: (change) => this.#observer.thinks(change),
    }
  }

  async #send(planned: PlannedRequest, dueMs: number): Promise<SendEnd> {
    while (!this.#mayStart()) {
      if (this.#stop.reason !== undefined) return { freeMs: this.#clock.now(), goesOn: false }
      await Promise.race([...this.#inFlight].map(({ done }) => done))
    }
    const arm = this.#arm(planned.arm)
    const whole = this.#talks.asked(planned)
    const sent = arm.asked(whole)
    // An early answer's connection is not for the next request of the warm-up: each warms one.
    const fewest = planned.warmup ? this.#atOnce(planned.arm) : 0
    const lane = arm.take(originOf(sent), fewest)
    if (!planned.warmup) this.#observer.started(dueMs, planned)
    const { intendedMs } = planned
    const asked = { ...sent, intendedMs }
    const exchange = new Exchange(lane, asked, arm.context)
    this.#inFlight.add(exchange)
    exchange.start()
    const exchanged = await exchange.done
    this.#inFlight.delete(exchange)
    arm.give(lane)
    this.#settled(planned, exchanged)
    return { freeMs: exchanged.freeMs, goesOn: this.#talks.answered(whole, exchanged) }
  }

  /** Counts the request that is about to be sent. False: not now, or, with a reason to stop, never. */
  #mayStart(): boolean {
    if (this.#stop.reason !== undefined) return false
    const exhausted = this.#budget.exhausted(this.#warmupMs + this.#clock.now())
    if (exhausted !== undefined) {
      this.#stop.because(exhausted)
      return false
    }
    if (this.#budget.start()) return true
    if (!this.#measuring || this.#plan.load.kind === 'closed') return false
    // The arrivals of an open loop are its load, so it cannot wait: there the money stops it.
    if (!this.#budget.knowsCost) return this.#budget.start('unasked')
    this.#stop.because({ what: 'cost', allowed: this.#options.allowance.costUsd })
    return false
  }

  #settled(planned: PlannedRequest, exchanged: Exchanged): void {
    const { record, model } = exchanged
    this.#ended.push({ exchanged, planned })
    this.#budget.ended(record)
    this.#downtime.add(record.arm, record.outcome)
    if (record.outcome !== 'completed') this.#failed += 1
    const models = this.#models[record.arm]
    if (model !== undefined && models.size < MOST_MODEL_NAMES) models.add(model)
    if (planned.warmup) return
    this.#observer.ended(exchanged)
    const { load } = this.#plan
    if (record.outcome !== 'completed') {
      this.#endIfDown(load.kind === 'closed' ? load.concurrency : 0)
    }
  }

  #endIfDown(atLeast: number): void {
    const { load } = this.#plan
    const wave = load.kind === 'closed' ? load.concurrency : Math.max(1, this.#warmup.length)
    const arm = this.#downtime.down({ atLeast, wave })
    if (arm !== undefined) this.#stop.because({ what: 'endpoint-down', arm })
  }

  /** Nothing more is started, and what is in flight is cut. */
  #end(reason: Parameters<Stop['because']>[0]): void {
    this.#stop.because(reason)
    for (const exchange of this.#inFlight) exchange.abort()
  }

  #arm(name: Arm): ArmLanes {
    const arm = this.#arms[name]
    if (arm === undefined) throw new TypeError(`the plan asks the ${name} arm, which has no target`)
    return arm
  }

  #progress(): void {
    const { onProgress } = this.#options
    if (onProgress === undefined) return
    // A warm-up goes on beyond its wave until the arms have settled.
    const warmedUp = this.#ended.filter(({ planned: { warmup } }) => warmup).length
    const progress: Progress = {
      phase: this.#measuring ? 'measured' : 'warmup',
      done: this.#ended.length,
      planned: this.#measured.length + Math.max(this.#warmup.length, warmedUp),
      failed: this.#failed,
      inFlight: this.#inFlight.size,
      elapsedMs: this.#warmupMs + this.#clock.now(),
    }
    onProgress(progress)
  }

  #result(): Measurement {
    const { reason } = this.#stop
    const records = this.#records(({ planned }) => !planned.warmup)
    const warmup = this.#records(({ planned }) => planned.warmup)
    return {
      records: records.filter((record) => record.outcome !== 'aborted'),
      warmup: warmup.filter((record) => record.outcome !== 'aborted'),
      aborted: [...warmup, ...records].filter((record) => record.outcome === 'aborted'),
      conditions: this.#observer.conditions({
        load: this.#plan.load,
        planned: this.#measured,
        records,
        warmupRequests: warmup.length,
      }),
      reportedModels: {
        candidate: [...this.#models.candidate],
        reference: [...this.#models.reference],
      },
      ...this.#way,
      warmth: this.#warmth,
      totalMs: this.#warmupMs + this.#clock.now(),
      stopped: reason,
    }
  }

  #answersToCheck(): readonly AnswerToCheck[] {
    return this.#ended.flatMap(({ exchanged: { record, kept }, planned: { expect } }) => {
      const isChecked = record.outcome === 'completed' && expect !== undefined
      return isChecked && kept !== undefined ? [{ record, expect, kept }] : []
    })
  }

  #records(which: (ended: { planned: PlannedRequest }) => boolean): readonly RequestRecord[] {
    return this.#ended
      .filter(which)
      .map(({ exchanged }) => exchanged.record)
      .toSorted((a, b) => a.index - b.index)
  }
}
