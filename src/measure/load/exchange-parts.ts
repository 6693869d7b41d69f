// What an exchange is given, and what comes of it.

import type { Timeouts } from '../../model/config.ts'
import type { PlannedRequest } from '../../model/plan.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import type { Dialect, WireRequest } from '../../wire/dialects/dialects.ts'
import type { AfterReads } from './after-reads.ts'
import type { Clock } from './clock.ts'
import type { Redact } from './detail.ts'
import type { HeldBytes } from './held-bytes.ts'
import type { AnswerRooms, KeptAnswer } from './kept-answer.ts'

/** What the arms of one measurement share. */
export type Surroundings = {
  readonly clock: Clock
  readonly afterReads: AfterReads
  readonly held: HeldBytes
  readonly redact: Redact
  readonly timeouts: Timeouts
  readonly answerRooms: AnswerRooms
}

/** What all exchanges of one target share. */
export type ExchangeContext = Surroundings & { readonly dialect: Dialect }

export type OutgoingRequest = {
  readonly planned: PlannedRequest
  readonly wire: WireRequest
  /** On the run's clock; open loop only. */
  readonly intendedMs?: number
}

export type Exchanged = {
  readonly record: RequestRecord
  /** It opened a connection where none had stood before. */
  readonly unwarmed: boolean
  readonly model: string | undefined
  /** Present where the prompt expects something of it. */
  readonly kept: KeptAnswer | undefined
  /** When its lane was free again: the end of the response, not of the answer. */
  readonly freeMs: number
}
