// A planned answer as timed writes: what is sent when, and how it ends. Pure. This is the undisturbed
// answer; faults take from its parts in `disturbance.ts`.

import type { FinishReason, Usage } from '../model/request-record.ts'
import { piecesOf } from './answer-text.ts'
import type { AnswerPlan, Behaviour } from './behaviour.ts'
import type { AnswerFacts, Piece, Speech } from './speech/speech.ts'

export type TimedWrite = {
  /** From the start of service. */
  readonly atMs: number
  readonly bytes: string | Uint8Array
  /** Tokens that are complete with this write. */
  readonly tokens: number
}

export type Delivery = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** When status and headers are sent. Absent: never. */
  readonly headersAtMs?: number
  readonly writes: readonly TimedWrite[]
  readonly ending:
    | { readonly kind: 'end' }
    /** The socket is closed (or reset) in the middle of the body. */
    | { readonly kind: 'cut' | 'reset' }
    | { readonly kind: 'silence' }
    /** These bytes go to the socket past HTTP, then it is closed. */
    | { readonly kind: 'raw'; readonly bytes: string }
    /** The same bytes over and over, every `gapMs` (0: as fast as they are read), `times` times. */
    | {
        readonly kind: 'repeat'
        readonly bytes: string
        readonly gapMs: number
        readonly times: number
      }
  readonly compressed: boolean
  /** Each character of its texts is one byte. Absent = they are UTF-8. */
  readonly isBinary?: true
}

export type PlannedAnswer = {
  readonly plan: AnswerPlan
  readonly speech: Speech
  readonly facts: AnswerFacts
  readonly behaviour: Behaviour
  /** Where a redirect goes when the script does not say. */
  readonly elsewhere: string
}

/** The undisturbed answer in its parts, for a fault to take from. */
export type Parts = PlannedAnswer & {
  readonly opening: TimedWrite
  readonly tokens: readonly TimedWrite[]
  readonly pieces: readonly Piece[]
  readonly whole: Delivery
}

/** A refusal: status and error body at once. */
export function refusal(
  speech: Speech,
  why: {
    readonly status: number
    readonly message: string
    readonly retryAfterS?: number
    /** AWS's word for it, which it puts into a header. */
    readonly code?: string
  },
): Delivery {
  const { status, message, retryAfterS, code } = why
  const headers: Readonly<Record<string, string>> = {
    ...(retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
    ...(code === undefined ? {} : { 'x-amzn-errortype': code }),
  }
  return plainBody(status, 'application/json', { body: speech.errorBody(status, message), headers })
}

/** A whole body at once. */
export function plainBody(
  status: number,
  contentType: string,
  content: { readonly body: string; readonly headers?: Readonly<Record<string, string>> },
): Delivery {
  return {
    status,
    headers: { 'content-type': contentType, ...content.headers },
    headersAtMs: 0,
    writes: [{ atMs: 0, bytes: content.body, tokens: 0 }],
    ending: { kind: 'end' },
    compressed: false,
  }
}

export function takeApart(answer: PlannedAnswer): Parts {
  const { plan, speech, facts } = answer
  const pieces = piecesOf(plan)
  const opening = { atMs: plan.roleAtMs, bytes: speech.opening(facts), tokens: 0 }
  const tokens = pieces.map((piece, i) => ({
    atMs: plan.tokensAtMs[i] ?? 0,
    bytes: speech.piece(facts, piece),
    tokens: 1,
  }))
  const whole: Delivery = {
    status: 200,
    headers: { 'content-type': speech.contentType, 'cache-control': 'no-cache' },
    headersAtMs: plan.roleAtMs,
    writes: [opening, ...tokens, endingWrite(answer, pieces)],
    ending: { kind: 'end' },
    compressed: false,
    ...(speech.isBinary === undefined ? {} : { isBinary: speech.isBinary }),
  }
  return { ...answer, opening, tokens, pieces, whole }
}

/** Finish reason, usage and terminal mark, in one write right after the last of these pieces. */
export function endingWrite(
  answer: PlannedAnswer,
  pieces: readonly Piece[],
  finish: FinishReason = answer.plan.finish,
): TimedWrite {
  const { plan, speech, facts, behaviour } = answer
  const usage = usageOf(plan, behaviour.usage, pieces.length)
  const open = pieces.at(-1)
  const ending = {
    finish: plan.tool && finish === 'stop' ? ('tool-call' as const) : finish,
    ...(usage === undefined ? {} : { usage }),
    ...(open === undefined ? {} : { open }),
  }
  const atMs = plan.tokensAtMs[pieces.length - 1] ?? plan.roleAtMs
  return { atMs, bytes: speech.ending(facts, ending), tokens: 0 }
}

function usageOf(plan: AnswerPlan, how: Behaviour['usage'], tokens: number): Usage | undefined {
  if (how === 'off') return undefined
  return {
    source: 'server',
    inputTokens: plan.inputTokens,
    cachedInputTokens: plan.cachedTokens,
    // Wrong enough for a client that counts to notice.
    outputTokens: how === 'wrong' ? tokens * 2 + 7 : tokens,
    reasoningTokens: Math.min(plan.reasoningTokens, tokens),
  }
}
