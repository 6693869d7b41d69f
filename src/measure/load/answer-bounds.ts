// How long an answer may be: far above any real one, so that only an endless stream meets it.

import type { PlannedRequest } from '../../model/plan.ts'
import type { Answer } from './answer.ts'
import type { HeldBytes } from './held-bytes.ts'

/** Header blocks beyond this are no answer of an inference server. */
export const MOST_HEADER_BYTES = 64 * 1024

/** Of the body of a refusal. */
export const REFUSAL_BODY_BYTES = 16 * 1024

const BYTES = 1 << 20
const BYTES_PER_TOKEN = 4096
/** Each read that brings a token is kept with its time. */
const READS = 1 << 14
const READS_PER_TOKEN = 8

/** A vector of 10 000 numbers as text. */
const BYTES_PER_ITEM = 1 << 18

/** Why it is not read any further; undefined while it may go on. */
export function tooLong(
  answer: Answer,
  bytes: number,
  asked: Pick<PlannedRequest, 'maxOutputTokens' | 'messages'>,
): string | undefined {
  if (answer.terminal) return undefined
  const { maxOutputTokens, messages } = asked
  const mostBytes =
    BYTES +
    (answer.hasTokens ? BYTES_PER_TOKEN * maxOutputTokens : BYTES_PER_ITEM * messages.length)
  if (bytes > mostBytes) return `the answer is longer than ${mostBytes} bytes`
  const mostReads = READS + READS_PER_TOKEN * maxOutputTokens
  return answer.tokenReads > mostReads
    ? `the answer has tokens in more than ${mostReads} reads`
    : undefined
}

/** Said of the answer that made it too much: which one that is, is chance. */
export function heldTooMuch({ most }: HeldBytes): string {
  return `the answers that are being read hold more than ${most} bytes together`
}
