// A planned answer as timed writes: what is sent when, and how it ends. Pure. Every fault is a change
// to this list, so what a client will see is decided before the first byte.

import type { Usage } from '../model/request-record.ts'
import type { AnswerPlan, Behaviour } from './behaviour.ts'
import type { Fault } from './faults.ts'
import type { AnswerFacts, Ending, Piece, Speech } from './speech.ts'

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
    | { readonly kind: 'cut' }
    | { readonly kind: 'silence' }
    /** The same bytes over and over, every `gapMs` (0: as fast as they are read), `times` times. */
    | {
        readonly kind: 'repeat'
        readonly bytes: string
        readonly gapMs: number
        readonly times: number
      }
  readonly compressed: boolean
}

export type Answer = {
  readonly plan: AnswerPlan
  readonly speech: Speech
  readonly facts: AnswerFacts
  readonly behaviour: Behaviour
  /** Where a redirect goes when the script does not say. */
  readonly elsewhere: string
}

/** The undisturbed answer in its parts, for a fault to take from. */
type Parts = Answer & {
  readonly opening: TimedWrite
  readonly tokens: readonly TimedWrite[]
  readonly pieces: readonly Piece[]
  readonly whole: Delivery
}

export function composeDelivery(answer: Answer): Delivery {
  const parts = takeApart(answer)
  const { fault } = answer.plan
  return styled(fault === undefined ? parts.whole : DISTURBED[fault](parts), answer.behaviour)
}

/** A refusal: status and error body at once. */
export function refusal(
  speech: Speech,
  why: { readonly status: number; readonly message: string; readonly retryAfterS?: number },
): Delivery {
  const { status, message, retryAfterS } = why
  const headers = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }
  return plainBody(status, 'application/json', { body: speech.errorBody(status, message), headers })
}

function plainBody(
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

// Words of one to four bytes a character, so that split UTF-8 has something to split.
const WORDS = ['The', ' answer', ' is', ' naïve', ' but', ' 完成', ' and', ' ok', ' 🙂', ' so', '.']

function piecesOf(plan: AnswerPlan): readonly Piece[] {
  const pieces: Piece[] = []
  for (let i = 0; i < plan.tokensAtMs.length; i += 1) {
    const kind = i < plan.reasoningTokens ? 'reasoning' : plan.tool ? 'tool' : 'text'
    const before = pieces[i - 1]
    const opens = before?.kind !== kind
    const block = before === undefined ? 0 : before.block + (opens ? 1 : 0)
    pieces.push({ kind, text: WORDS[i % WORDS.length] ?? '', block, opens })
  }
  return pieces
}

function takeApart(answer: Answer): Parts {
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
  }
  return { ...answer, opening, tokens, pieces, whole }
}

/** Finish reason, usage and terminal mark, in one write right after the last of these pieces. */
function endingWrite(
  answer: Answer,
  pieces: readonly Piece[],
  finish: Ending['finish'] = answer.plan.finish,
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

const MEBIBYTE = 1 << 20
const FILLER = 'x'.repeat(64 * 1024)
const HTML =
  '<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body>Sign in.</body></html>\n'

const DISTURBED: Readonly<Record<Fault, (parts: Parts) => Delivery>> = {
  'http-400': (parts) => refused(parts, 400),
  'http-401': (parts) => refused(parts, 401),
  'http-404': (parts) => refused(parts, 404),
  'http-429': (parts) => refused(parts, 429),
  'http-500': (parts) => refused(parts, 500),
  'http-503': (parts) => refused(parts, 503),
  'huge-error-body': (parts) => ({
    ...refused(parts, 500),
    ending: { kind: 'repeat', bytes: FILLER, gapMs: 0, times: (64 * MEBIBYTE) / FILLER.length },
  }),
  'html-page': () => plainBody(200, 'text/html; charset=utf-8', { body: HTML }),
  'json-error': ({ speech }) =>
    plainBody(200, 'application/json', { body: speech.errorBody(500, 'the backend failed') }),
  gzip: ({ whole }) => ({
    ...whole,
    headers: { ...whole.headers, 'content-encoding': 'gzip' },
    compressed: true,
  }),
  redirect: ({ plan, elsewhere }) =>
    plainBody(307, 'text/plain', {
      body: 'moved\n',
      headers: { location: plan.redirectTo ?? elsewhere },
    }),
  'no-answer': ({ whole }) => ({
    status: 200,
    headers: whole.headers,
    writes: [],
    ending: { kind: 'silence' },
    compressed: false,
  }),
  'silence-after-headers': ({ whole }) => ({ ...whole, writes: [], ending: { kind: 'silence' } }),
  'silence-after-role': ({ whole, opening }) => ({
    ...whole,
    writes: [opening],
    ending: { kind: 'silence' },
  }),
  'silence-after-tokens': (parts) => ({
    ...parts.whole,
    writes: begun(parts),
    ending: { kind: 'silence' },
  }),
  'cut-before-headers': ({ whole, plan }) => ({
    status: 200,
    headers: whole.headers,
    writes: [{ atMs: plan.roleAtMs, bytes: '', tokens: 0 }],
    ending: { kind: 'cut' },
    compressed: false,
  }),
  'cut-after-role': ({ whole, opening }) => ({
    ...whole,
    writes: [opening],
    ending: { kind: 'cut' },
  }),
  'cut-mid-event': (parts) => ({
    ...parts.whole,
    writes: [...begun(parts), halfAToken(parts)],
    ending: { kind: 'cut' },
  }),
  'end-without-mark': (parts) => ({ ...parts.whole, writes: begun(parts) }),
  'error-event': (parts) => ({
    ...parts.whole,
    writes: [...begun(parts), next(parts, parts.speech.error(500, 'the model crashed'))],
  }),
  'malformed-event': (parts) => ({
    ...parts.whole,
    writes: [...begun(parts), next(parts, halfAnEvent(parts)), ...parts.whole.writes.slice(-1)],
  }),
  'no-token': (parts) => ({
    ...parts.whole,
    writes: [parts.opening, endingWrite(parts, [], 'stop')],
  }),
  'content-filter': (parts) => {
    const sent = parts.pieces.slice(0, parts.plan.afterTokens)
    return {
      ...parts.whole,
      writes: [...begun(parts), endingWrite(parts, sent, 'content-filter')],
    }
  },
  'length-stop': (parts) => ({
    ...parts.whole,
    writes: [...parts.whole.writes.slice(0, -1), endingWrite(parts, parts.pieces, 'length')],
  }),
  'endless-stream': (parts) => ({
    ...parts.whole,
    writes: [parts.opening, ...parts.tokens],
    ending: {
      kind: 'repeat',
      bytes: parts.speech.piece(parts.facts, {
        kind: 'text',
        text: ' more',
        block: 0,
        opens: false,
      }),
      gapMs: Math.max(1, parts.behaviour.tokenGapMs),
      times: 1_000_000,
    },
  }),
  'endless-event': (parts) => ({
    ...parts.whole,
    writes: [...begun(parts), halfAToken(parts)],
    ending: { kind: 'repeat', bytes: FILLER, gapMs: 0, times: (512 * MEBIBYTE) / FILLER.length },
  }),
}

function refused({ speech, plan }: Parts, status: number): Delivery {
  const message = `refused with ${status} as scripted`
  const retry = status === 429 ? { retryAfterS: plan.retryAfterS } : {}
  return refusal(speech, { status, message, ...retry })
}

/** Opening and the tokens that come before a fault. */
function begun({ opening, tokens, plan }: Parts): readonly TimedWrite[] {
  return [opening, ...tokens.slice(0, plan.afterTokens)]
}

/** In the place of the token that the fault replaces. */
function next({ plan }: Parts, bytes: string): TimedWrite {
  const last = plan.tokensAtMs.at(-1) ?? plan.roleAtMs
  return { atMs: plan.tokensAtMs[plan.afterTokens] ?? last, bytes, tokens: 0 }
}

/** A token's event up to the middle of its text. */
function halfAToken(parts: Parts): TimedWrite {
  const { speech, facts } = parts
  const text = speech.piece(facts, { kind: 'text', text: 'unfinished', block: 0, opens: false })
  return next(parts, text.slice(0, text.indexOf('unfinished') + 5))
}

/** The same, ended as an event: framed well, but no JSON. */
function halfAnEvent(parts: Parts): string {
  return `${halfAToken(parts).bytes}\n\n`
}

/** Line ends, pings, coalescing and splits, as the behaviour wants them. */
function styled(delivery: Delivery, behaviour: Behaviour): Delivery {
  const { lineEnd, coalesce, splitUtf8 } = behaviour
  let writes = delivery.writes
  if (coalesce > 1) writes = coalesced(writes, coalesce)
  if (lineEnd !== '\n') writes = writes.map((write) => withLineEnd(write, lineEnd))
  if (splitUtf8) writes = writes.flatMap(splitInsideCharacter)
  return writes === delivery.writes ? delivery : { ...delivery, writes }
}

/** Up to `most` token events in one write, at the time of the last of them. */
function coalesced(writes: readonly TimedWrite[], most: number): readonly TimedWrite[] {
  const result: TimedWrite[] = []
  for (const write of writes) {
    const last = result.at(-1)
    if (last !== undefined && last.tokens > 0 && write.tokens > 0 && last.tokens < most) {
      const bytes = `${last.bytes}${write.bytes}`
      result[result.length - 1] = { ...write, bytes, tokens: last.tokens + write.tokens }
    } else {
      result.push(write)
    }
  }
  return result
}

function withLineEnd(write: TimedWrite, lineEnd: string): TimedWrite {
  return typeof write.bytes === 'string'
    ? { ...write, bytes: write.bytes.replaceAll('\n', lineEnd) }
    : write
}

/** Two writes, 1 ms apart, that part the last multi-byte character between them. */
function splitInsideCharacter(write: TimedWrite): readonly TimedWrite[] {
  const bytes =
    typeof write.bytes === 'string' ? new TextEncoder().encode(write.bytes) : write.bytes
  const inside = bytes.findLastIndex((byte) => (byte & 0xc0) === 0x80)
  if (inside === -1) return [write]
  const before = { ...write, bytes: bytes.subarray(0, inside), tokens: 0 }
  return [before, { ...write, atMs: write.atMs + 1, bytes: bytes.subarray(inside) }]
}
