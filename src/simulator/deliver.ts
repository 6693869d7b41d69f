// Plays a delivery to a response: one timer for each write, aimed at absolute times so that lateness
// does not add up, and every write entered into the log as it happens.

import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Delivery, TimedWrite } from './delivery.ts'
import type { Served } from './served-log.ts'
import { machineClockMs } from './served-log.ts'

/** A timer may fire this much early without being armed again. */
const EARLY_MS = 0.05

export type Recipient = {
  readonly response: ServerResponse
  readonly served: Served
  /** When service began: what the times of the writes are counted from. */
  readonly startMs: number
  /** Called once, when the response has ended, was cut, or the client went away. */
  readonly done: () => void
}

export function deliver(delivery: Delivery, to: Recipient): void {
  new Player(delivery, to).play(to.done)
}

class Player {
  readonly #delivery: Delivery
  readonly #writes: readonly TimedWrite[]
  readonly #encoding: BufferEncoding
  readonly #response: ServerResponse
  readonly #served: Served
  readonly #startMs: number
  #next = 0
  #repeated = 0
  #timer: NodeJS.Timeout | undefined

  constructor(delivery: Delivery, to: Recipient) {
    this.#delivery = delivery
    this.#encoding = delivery.isBinary === true ? 'latin1' : 'utf8'
    this.#writes = delivery.compressed ? this.#compressed() : delivery.writes
    this.#response = to.response
    this.#served = to.served
    this.#startMs = to.startMs
  }

  play(done: () => void): void {
    this.#served.serviceMs = this.#startMs
    this.#response.once('close', () => {
      clearTimeout(this.#timer)
      if (this.#served.endMs === undefined) this.#served.clientClosedMs = machineClockMs()
      done()
    })
    this.#step()
  }

  /** Sends what is due, then waits for what is next. */
  #step(): void {
    const sinceMs = machineClockMs() - this.#startMs + EARLY_MS
    const { headersAtMs } = this.#delivery
    if (headersAtMs !== undefined && headersAtMs > sinceMs) {
      this.#wait(headersAtMs - sinceMs)
      return
    }
    const opens = headersAtMs !== undefined && !this.#response.headersSent
    if (opens) this.#setHeaders()
    let write = this.#writes[this.#next]
    while (write !== undefined && write.atMs <= sinceMs) {
      this.#send(write)
      this.#next += 1
      write = this.#writes[this.#next]
    }
    // Headers go out with the first write that is due together with them, else alone.
    if (opens) this.#response.flushHeaders()
    if (write === undefined) this.#end()
    else this.#wait(write.atMs - sinceMs)
  }

  #wait(delayMs: number): void {
    this.#timer = setTimeout(() => this.#step(), Math.max(1, Math.ceil(delayMs)))
  }

  #setHeaders(): void {
    this.#served.status = this.#delivery.status
    this.#served.headersMs = machineClockMs()
    this.#response.writeHead(this.#delivery.status, this.#delivery.headers)
  }

  #send(write: TimedWrite): void {
    if (write.bytes.length === 0) return
    const now = machineClockMs()
    this.#write(write.bytes)
    if (this.#delivery.status !== 200) return
    if (write.tokens === 0 && this.#served.firstTokenMs === undefined) {
      this.#served.openingMs ??= now
    }
    if (write.tokens > 0) this.#served.firstTokenMs ??= now
    for (let i = 0; i < write.tokens; i += 1) this.#served.tokensMs.push(now)
  }

  #write(bytes: string | Uint8Array): boolean {
    return this.#response.write(bytes, this.#encoding)
  }

  #compressed(): readonly TimedWrite[] {
    const { writes } = this.#delivery
    const parts = writes.map(({ bytes }) =>
      typeof bytes === 'string' ? Buffer.from(bytes, this.#encoding) : bytes,
    )
    const tokens = writes.reduce((sum, write) => sum + write.tokens, 0)
    const bytes = gzipSync(Buffer.concat(parts))
    return [{ atMs: writes.at(-1)?.atMs ?? 0, bytes, tokens }]
  }

  #end(): void {
    const { ending } = this.#delivery
    if (ending.kind === 'repeat') this.#repeat(ending)
    if (ending.kind === 'silence' || ending.kind === 'repeat') return
    this.#served.endMs = machineClockMs()
    if (ending.kind === 'end') this.#response.end()
    // What was written is flushed at the end of this turn, and must reach the client first.
    else setImmediate(() => close(this.#response.socket, ending))
  }

  #repeat(ending: { bytes: string; gapMs: number; times: number }): void {
    if (this.#response.destroyed) return
    if (this.#repeated >= ending.times) {
      this.#served.endMs = machineClockMs()
      this.#response.end()
      return
    }
    this.#repeated += 1
    const takesMore = this.#write(ending.bytes)
    const again = () => this.#repeat(ending)
    if (ending.gapMs > 0) this.#timer = setTimeout(again, ending.gapMs)
    else if (takesMore) setImmediate(again)
    else this.#response.once('drain', again)
  }
}

function close(socket: Socket | null, how: Delivery['ending']): void {
  if (how.kind === 'reset') socket?.resetAndDestroy()
  if (how.kind === 'raw') socket?.write(how.bytes)
  socket?.destroySoon()
}
