// What the simulator really did, request by request: the truth that measurements are compared with.
// Times are milliseconds of `process.hrtime`, the machine's monotonic clock, which every process of
// the machine shares; the same clock read elsewhere can be compared with them directly.

import type { DialectName } from '../model/config.ts'
import type { Fault } from './faults.ts'

export type Served = {
  /** Order of arrival, from 0, over all versions. */
  readonly index: number
  readonly version: string
  readonly dialect: DialectName
  readonly model: string
  /** First 80 characters. */
  readonly prompt: string
  readonly maxOutputTokens: number
  /** Whether any header could have carried a key; the key itself is not kept. */
  readonly keyPresent: boolean
  readonly newSocket: boolean
  /** When the request had been read to its last byte. */
  readonly readMs: number
  /** When service began: later than `readMs` only where a capacity made it wait. */
  serviceMs?: number
  status?: number
  fault?: Fault
  /** It says something else than it should. */
  wrong?: boolean
  scripted: boolean
  inputTokens: number
  /** Of its conversation, from 1 on. */
  turn: number
  cachedTokens: number
  headersMs?: number
  /** The opening (role chunk, message start) is in the write of this moment. */
  openingMs?: number
  firstTokenMs?: number
  /** One entry for each token, the moment its write was handed to the socket. */
  readonly tokensMs: number[]
  endMs?: number
  /** The client went away before the end. */
  clientClosedMs?: number
}

const OFFSET_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** `process.hrtime` in milliseconds, without the cost of a bigint. */
export function machineClockMs(): number {
  return OFFSET_MS + performance.now()
}

const MOST_SERVED = 200_000

/** Bounded: the oldest entries go first. */
export class ServedLog {
  #served: Served[] = []
  #next = 0

  add(entry: Omit<Served, 'index'>): Served {
    const served = { ...entry, index: this.#next }
    this.#next += 1
    this.#served.push(served)
    if (this.#served.length > MOST_SERVED) this.#served = this.#served.slice(MOST_SERVED / 2)
    return served
  }

  clear(): void {
    this.#served = []
  }

  all(): readonly Served[] {
    return this.#served
  }
}
