// One request's whole story: what was asked, when each thing happened, how it ended. Every other
// number in the project is derived from these records. All times are milliseconds of one monotonic
// clock, counted from the start of the run; wall time appears only as a label on the run.

import type { Validity } from './expectation.ts'

/** The closed set of ways a request can end. Only `completed` is a success. */
export const OUTCOMES = [
  'completed',
  'rate-limited',
  'http-4xx',
  'http-5xx',
  'dns',
  'connect',
  'proxy',
  'tls',
  'timeout-connect',
  'timeout-first-token',
  'timeout-idle',
  'timeout-total',
  'stream-error',
  'truncated',
  'empty',
  'malformed',
  'content-filter',
  'aborted',
] as const
export type Outcome = (typeof OUTCOMES)[number]
/** What a report calls an error: every outcome but the one success. */
export type ErrorKind = Exclude<Outcome, 'completed'>

export type Arm = 'candidate' | 'reference'
/** `answer` = a full answer; `probe` = one output token asked for, ended at the first token. */
export type RequestKind = 'answer' | 'probe'
export const FINISHES = ['stop', 'length', 'tool-call', 'content-filter', 'other'] as const
export type FinishReason = (typeof FINISHES)[number]

/** Token counts of one request. Only `server` counts are facts; `estimated` ones are marked so. */
export type Usage = {
  readonly source: 'server' | 'estimated'
  /** All input tokens, the cached ones included. */
  readonly inputTokens: number
  readonly cachedInputTokens: number
  /** All billed output tokens, the reasoning ones included. */
  readonly outputTokens: number
  readonly reasoningTokens: number
}

/** How the `detail` of a request begins that was answered with something else than a stream. */
export const ANSWERED_INSTEAD = {
  html: 'answered with an HTML page',
  json: 'answered with one JSON document instead of a stream',
  compressed: 'answered with content-encoding',
} as const

/** What a server or a gateway said beside its answer, in headers. Absent members were not said. */
export type GatewaySaid = {
  /** What the server behind a gateway took up to its response's headers. */
  readonly upstreamMs?: number | undefined
  /** Time in a queue, and of the prompt, where the server tells them for each request. */
  readonly queueMs?: number | undefined
  readonly prefillMs?: number | undefined
  /** Requests left in the present window of a rate limit. */
  readonly requestsLeft?: number | undefined
  /** The answer came out of a cache before the model. */
  readonly fromCache?: true
}

export type RequestRecord = {
  /** Position in the plan, 0-based; records of a run are kept in this order. */
  readonly index: number
  readonly arm: Arm
  readonly kind: RequestKind
  /** The prompt's name and its class (the stratum of the design). */
  readonly prompt: string
  readonly promptClass: string
  /** Requests of both arms that share a prompt and a moment. Absent outside alternation. */
  readonly pair?: number
  /** Which conversation of the plan it is of, counted from 0 on, and which of its turns, from 1 on. Absent
   * of a prompt that is none. */
  readonly conversation?: number
  readonly turn?: number
  /** When an open loop wanted to send it. Absent in a closed loop. */
  readonly intendedMs?: number
  /** When it was handed to the HTTP client. */
  readonly startedMs: number
  /** When its last byte had been written to the socket. Absent when it never got that far. */
  readonly sentMs?: number
  /** When the response status line was read. */
  readonly headersMs?: number
  /** First token of any kind (text, reasoning, tool call). */
  readonly firstTokenMs?: number
  /** First token that is not reasoning. */
  readonly firstOutputTokenMs?: number
  readonly lastTokenMs?: number
  readonly endMs: number
  /** Gaps between socket reads that carried tokens, after the first. */
  readonly gapsMs: readonly number[]
  /** Token-bearing events, and the reads they arrived in: fewer reads means coalescing. */
  readonly tokenEvents: number
  readonly tokenReads: number
  /** Vectors or rankings in the answer. Absent where the API answers with tokens. */
  readonly items?: number
  readonly outcome: Outcome
  readonly finish?: FinishReason
  readonly status?: number
  /** A short, redacted sentence of what went wrong. Never a body, a key or a query string. */
  readonly detail?: string
  /** Whether the answer is what its prompt expects. Absent where nothing is expected, where it did not
   * complete, and where it could not be checked. */
  readonly validity?: Validity
  /** Seconds the server asked to wait (Retry-After). */
  readonly retryAfterS?: number
  /** Absent where no header said anything. */
  readonly gateway?: GatewaySaid
  /** Absent when the server said nothing and nothing could be estimated. */
  readonly usage?: Usage
  /** Length of the answer's visible text in characters: the basis of token estimates. */
  readonly outputCharacters: number
  /** Length of what was asked in characters: the basis of input estimates. */
  readonly inputCharacters?: number
  /** True when the request had to open its own connection. */
  readonly freshConnection: boolean
  /** Connection phases, present only with a fresh connection. */
  readonly dnsMs?: number
  readonly tcpMs?: number
  readonly tlsMs?: number
  /** What the answer was asked to be at most. */
  readonly maxOutputTokens: number
}

/** Whether it is a full answer that came to its end: what has a length, a price and a pace. */
export function isCompletedAnswer({
  kind,
  outcome,
}: Pick<RequestRecord, 'kind' | 'outcome'>): boolean {
  return kind === 'answer' && outcome === 'completed'
}

/** When an open loop's last request came by itself: a conversation's later turns follow its answers. */
export function lastArrivalMs(records: readonly RequestRecord[]): number {
  return records.reduce((last, { intendedMs, startedMs, turn = 1 }) => {
    return turn > 1 ? last : Math.max(last, intendedMs ?? startedMs)
  }, 0)
}
