// What each fault makes of an answer: another list of writes, another ending. Pure, so what a client
// will see is decided before the first byte.

import type { Delivery, Parts, PlannedAnswer, TimedWrite } from './delivery.ts'
import { endingWrite, plainBody, refusal, takeApart } from './delivery.ts'
import type { Fault } from './faults.ts'
import { styled } from './write-style.ts'

export function composeDelivery(answer: PlannedAnswer): Delivery {
  const parts = takeApart(answer)
  const { fault } = answer.plan
  return styled(fault === undefined ? parts.whole : DISTURBED[fault](parts), answer)
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
  'empty-body': ({ whole }) => ({ ...whole, writes: [] }),
  'huge-headers': ({ whole }) => ({
    ...whole,
    headers: { ...whole.headers, 'x-filler': 'x'.repeat(MEBIBYTE) },
  }),
  'not-http': ({ whole }) => ({
    ...withoutHeaders(whole),
    ending: { kind: 'raw', bytes: 'SSH-2.0-OpenSSH_9.6\r\n' },
  }),
  'no-answer': ({ whole }) => ({ ...withoutHeaders(whole), ending: { kind: 'silence' } }),
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
  'cut-before-headers': ({ whole }) => ({ ...withoutHeaders(whole), ending: { kind: 'cut' } }),
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
  'reset-mid-event': (parts) => ({
    ...parts.whole,
    writes: [...begun(parts), halfAToken(parts)],
    ending: { kind: 'reset' },
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

/** Nothing of the answer, only what it would have taken to begin it. */
function withoutHeaders({ headersAtMs = 0, ...whole }: Delivery): Delivery {
  return { ...whole, writes: [{ atMs: headersAtMs, bytes: '', tokens: 0 }] }
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
