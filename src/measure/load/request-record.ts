// From an exchange's stamps to the record that is kept of it.

import { inputCharactersOf, type PlannedRequest } from '../../model/plan.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import type { Answer } from './answer.ts'
import type { Ending } from './conclusion.ts'
import type { Connecting } from './connecting.ts'
import type { Redact } from './detail.ts'
import { detailOf } from './detail.ts'
import { readGatewayHeaders } from './gateway-headers.ts'
import type { ResponseHeaders } from './response-head.ts'

export type Stamps = {
  readonly intendedMs: number | undefined
  readonly startedMs: number
  readonly sentMs: number | undefined
  readonly headersMs: number | undefined
  readonly status: number | undefined
  readonly retryAfterS: number | undefined
  /** As they came: read once the exchange is over. */
  readonly headers: ResponseHeaders | undefined
  readonly connecting: Connecting | undefined
}

export function recordOf(
  planned: PlannedRequest,
  seen: { readonly stamps: Stamps; readonly answer: Answer; readonly ending: Ending },
  redact: Redact,
): RequestRecord {
  const { stamps, answer, ending } = seen
  const { connecting } = stamps
  return {
    index: planned.index,
    arm: planned.arm,
    kind: planned.kind,
    prompt: planned.prompt,
    promptClass: planned.promptClass,
    startedMs: stamps.startedMs,
    endMs: ending.endMs,
    outcome: ending.outcome,
    ...answer.times,
    outputCharacters: answer.characters,
    inputCharacters: inputCharactersOf(planned),
    maxOutputTokens: planned.maxOutputTokens,
    freshConnection: connecting !== undefined,
    ...present({
      pair: planned.pair,
      conversation: planned.turn?.conversation,
      turn: planned.turn?.number,
      intendedMs: stamps.intendedMs,
      sentMs: stamps.sentMs,
      headersMs: stamps.headersMs,
      finish: answer.finish,
      status: stamps.status,
      detail: ending.text === undefined ? undefined : detailOf(ending.text, redact),
      retryAfterS: stamps.retryAfterS,
      gateway: stamps.headers && readGatewayHeaders(stamps.headers),
      usage: answer.usage,
      ...(connecting === undefined ? {} : phases(connecting)),
    }),
  }
}

/** Durations of the phases that were reached. An address needs no look-up: its time is TCP's. */
function phases(connecting: Connecting): {
  dnsMs: number | undefined
  tcpMs: number | undefined
  tlsMs: number | undefined
} {
  const { startMs, dnsMs, tcpMs, tlsMs } = connecting
  return {
    dnsMs: between(startMs, dnsMs),
    tcpMs: between(dnsMs ?? startMs, tcpMs),
    tlsMs: between(tcpMs, tlsMs),
  }
}

function between(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : to - from
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

/** The members that have a value: a record says nothing about what it does not know. */
function present<T extends object>(members: T): Present<T> {
  const kept: Partial<T> = {}
  for (const name in members) if (members[name] !== undefined) kept[name] = members[name]
  return kept as Present<T>
}
