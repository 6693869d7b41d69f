// What to call the ending of a stream, once nothing more of it will come. The only success is an
// answer with its finish reason or terminal mark, no error in it, and what was asked for: at least one
// token, or all the vectors.

import type { Outcome } from '../../model/request-record.ts'
import type { Answer } from './answer.ts'
import type { Failure } from './failure.ts'

/** `text` is foreign. */
export type Ending = { readonly outcome: Outcome; readonly text?: string; readonly endMs: number }

export function concludeAnswer(
  answer: Answer,
  last: {
    readonly endMs: number
    readonly bytes: number
    /** Why the body stopped coming, unless it ended as HTTP says. */
    readonly broke?: Failure
    /** Vectors or rankings of a complete answer. Absent: it has tokens. */
    readonly fewestItems?: number
  },
): Ending {
  const { endMs, broke } = last
  if (answer.problem !== undefined) return { ...answer.problem, endMs }
  if (answer.complete) return concludeComplete(answer, last)
  if (broke !== undefined) return { ...broke, endMs }
  if (last.bytes === 0) return { outcome: 'empty', text: 'the answer has no body', endMs }
  if (answer.events === 0) {
    return { outcome: 'malformed', text: 'nothing in the answer reads as an event', endMs }
  }
  return { outcome: 'truncated', text: 'the answer ended without its terminal mark', endMs }
}

/** A complete answer ended when its last event was read, whatever the connection did afterwards. */
function concludeComplete(
  answer: Answer,
  { endMs, fewestItems }: { readonly endMs: number; readonly fewestItems?: number },
): Ending {
  const lastMs = answer.lastEventMs ?? endMs
  if (fewestItems !== undefined) return concludeItems(answer.items, { lastMs, fewestItems })
  if (answer.finish === 'content-filter') {
    return { outcome: 'content-filter', text: 'a content filter ended the answer', endMs: lastMs }
  }
  if (answer.firstTokenMs === undefined) {
    return { outcome: 'empty', text: 'the answer is complete but has no token', endMs: lastMs }
  }
  return { outcome: 'completed', endMs: lastMs }
}

/** Whoever answers half of a batch quickly has not answered it. */
function concludeItems(
  items: number,
  { lastMs, fewestItems }: { readonly lastMs: number; readonly fewestItems: number },
): Ending {
  if (items >= fewestItems) return { outcome: 'completed', endMs: lastMs }
  const text =
    items === 0
      ? 'the answer is complete but has no vector and no ranking'
      : `the answer has ${items} of the ${fewestItems} vectors that were asked for`
  return { outcome: items === 0 ? 'empty' : 'malformed', text, endMs: lastMs }
}
