// By when an exchange must have got further, and what it is called if it has not.

import type { Timeouts } from '../../model/config.ts'
import type { Answer } from './answer.ts'
import type { Failure } from './failure.ts'

export type Due = { readonly atMs: number; readonly failure: Failure }

/** After the terminal mark the body must end, or the connection is given up. */
const DRAIN_MS = 1000
/** What the body of a refusal may take. */
const REFUSAL_BODY_MS = 2000

export type Reached = {
  readonly startedMs: number
  readonly sentMs: number | undefined
  /** When the headers of a refusal came; undefined while no refusal has come. */
  readonly refusedMs: number | undefined
  readonly answer: Answer
}

export function dueOf(reached: Reached, timeouts: Timeouts): Due {
  const stage = stageDue(reached, timeouts)
  const { totalMs } = timeouts
  const atMs = reached.startedMs + totalMs
  return atMs < stage.atMs
    ? { atMs, failure: { outcome: 'timeout-total', text: `not done within ${totalMs} ms` } }
    : stage
}

function stageDue(reached: Reached, timeouts: Timeouts): Due {
  const { connectMs, firstTokenMs, idleMs } = timeouts
  const { answer, refusedMs, sentMs, startedMs } = reached
  const idle: Failure = { outcome: 'timeout-idle', text: `no further token within ${idleMs} ms` }
  if (refusedMs !== undefined) return { atMs: refusedMs + REFUSAL_BODY_MS, failure: idle }
  if (answer.firstTokenMs !== undefined || answer.complete) {
    const waitMs = answer.terminal ? DRAIN_MS : idleMs
    return { atMs: (answer.lastEventMs ?? startedMs) + waitMs, failure: idle }
  }
  if (sentMs !== undefined) {
    const text = `no token within ${firstTokenMs} ms`
    return { atMs: sentMs + firstTokenMs, failure: { outcome: 'timeout-first-token', text } }
  }
  const text = `no connection within ${connectMs} ms`
  return { atMs: startedMs + connectMs, failure: { outcome: 'timeout-connect', text } }
}
