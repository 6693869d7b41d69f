// By when an exchange must have got further, and what it is called if it has not.

import type { Timeouts } from '../../model/config.ts'
import type { Answer } from './answer.ts'
import type { Failure } from './failure.ts'

/** Asked for with almost every read: the words are found only once they are needed. */
export type Due = {
  readonly atMs: number
  readonly missed: 'timeout-connect' | 'timeout-first-token' | 'timeout-idle' | 'timeout-total'
}

/** After the terminal mark the body must end, or the connection is given up. */
const DRAIN_MS = 1000
/** What the body of a refusal may take. */
const REFUSAL_BODY_MS = 2000

/** Where there is no first token, an answer has all of its time. */
const WHOLE_TIME: Due = { atMs: Number.POSITIVE_INFINITY, missed: 'timeout-total' }

export type Reached = {
  readonly startedMs: number
  readonly sentMs: number | undefined
  /** When the headers of a refusal came; undefined while no refusal has come. */
  readonly refusedMs: number | undefined
  readonly answer: Answer
}

export function dueOf(reached: Reached, timeouts: Timeouts): Due {
  const stage = stageDue(reached, timeouts)
  const atMs = reached.startedMs + timeouts.totalMs
  return atMs < stage.atMs ? { atMs, missed: 'timeout-total' } : stage
}

export function missedFailure(missed: Due['missed'], timeouts: Timeouts): Failure {
  const { connectMs, firstTokenMs, idleMs, totalMs } = timeouts
  const text = {
    'timeout-connect': `no connection within ${connectMs} ms`,
    'timeout-first-token': `no token within ${firstTokenMs} ms`,
    'timeout-idle': `no further token within ${idleMs} ms`,
    'timeout-total': `not done within ${totalMs} ms`,
  }[missed]
  return { outcome: missed, text }
}

function stageDue(reached: Reached, timeouts: Timeouts): Due {
  const { connectMs, firstTokenMs, idleMs } = timeouts
  const { answer, refusedMs, sentMs, startedMs } = reached
  if (refusedMs !== undefined) return { atMs: refusedMs + REFUSAL_BODY_MS, missed: 'timeout-idle' }
  if (answer.firstTokenMs !== undefined || answer.complete) {
    const waitMs = answer.terminal ? DRAIN_MS : idleMs
    return { atMs: (answer.lastEventMs ?? startedMs) + waitMs, missed: 'timeout-idle' }
  }
  if (sentMs !== undefined && !answer.hasTokens) return WHOLE_TIME
  if (sentMs !== undefined) return { atMs: sentMs + firstTokenMs, missed: 'timeout-first-token' }
  return { atMs: startedMs + connectMs, missed: 'timeout-connect' }
}
