// What an API dialect is: how one request is written and what each framed event of the answer
// means. Both are pure. A dialect holds no state between events: what has to be summed over a
// stream (usage, characters) is merged by the reader with the functions below.

import type { DialectName, Endpoint } from '../../model/config.ts'
import type { Message } from '../../model/conversation.ts'
import type { FinishReason, Usage } from '../../model/request-record.ts'
import type { FramedEvent, Framer, TakeFramed } from '../events/events.ts'
import { EventStreamFramer, JsonBodyFramer, NdjsonFramer, SseFramer } from '../events/events.ts'
import { isObject, type JsonObject, jsonOrNothing, textAt } from '../json/json.ts'

export type RequestInput = {
  readonly endpoint: Endpoint
  readonly apiKey: string | undefined
  readonly messages: readonly Message[]
  readonly maxOutputTokens: number
}

/** Always a POST. Header names are in lower case. The key is only ever in a header. */
export type WireRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What an event says of usage. A later event's members replace an earlier one's. */
export type UsageParts = {
  /** All input tokens, the cached ones included. */
  readonly inputTokens?: number
  readonly cachedInputTokens?: number
  /** All billed output tokens, the reasoning ones included. */
  readonly outputTokens?: number
  readonly reasoningTokens?: number
}

export type StreamError = {
  readonly message: string
  /** The HTTP status the server would have sent, where it says so. */
  readonly status?: number
  /** The server's own word for it, as `overloaded_error`. */
  readonly code?: string
}

/** A piece of a tool call. Pieces of one key belong together; one without a key is a whole call. */
export type CallPiece = {
  readonly key?: string | undefined
  readonly id?: string | undefined
  /** Once, in the first piece. */
  readonly name?: string | undefined
  /** JSON, continued by the next piece. */
  readonly arguments?: string | undefined
  readonly signature?: string | undefined
}

/**
 * The meaning of one event. It carries a token exactly when one of the three counts is above 0: an
 * event with a role, an empty string, usage or nothing at all is not a token. A member that is
 * undefined says as little as one that is missing: a reading is made of every event, in one piece.
 */
export type Reading = {
  /** Characters of visible text. */
  readonly textCharacters: number
  /** Characters of reasoning the server shows. */
  readonly reasoningCharacters: number
  /** Characters of tool calls: names and arguments. */
  readonly toolCharacters: number
  /** The visible text itself, of the first choice. */
  readonly text?: string | undefined
  /** Tools that are called here, of the first choice. */
  readonly calls?: readonly CallPiece[] | undefined
  /** Vectors or rankings in it, where the API answers with those. */
  readonly items?: number | undefined
  readonly usage?: UsageParts | undefined
  /** Why generation ended. The answer is complete once this or `terminal` has been seen. */
  readonly finish?: FinishReason | undefined
  /** The dialect's terminal mark: nothing that matters follows. */
  readonly terminal?: boolean | undefined
  /** The server says in the stream that the answer failed. */
  readonly error?: StreamError | undefined
  /** Not what the dialect can send; a sentence without the data itself. */
  readonly malformed?: string | undefined
  /** The model's name as the server reports it. */
  readonly model?: string | undefined
}

export type Dialect = {
  readonly name: DialectName
  readonly framing: 'sse' | 'ndjson' | 'event-stream' | 'json'
  /** Smallest output limit the API accepts: what a first-token probe has to ask for. */
  readonly smallestOutputLimit: number
  /**
   * Where answers are vectors or rankings instead of tokens: how many a complete one has at least, by
   * the body that was sent.
   */
  readonly fewestItems?: (asked: JsonObject) => number
  request(input: RequestInput): WireRequest
  read(event: FramedEvent): Reading
}

export const NOTHING: Reading = { textCharacters: 0, reasoningCharacters: 0, toolCharacters: 0 }

const LONGEST_MODEL_NAME = 200

/** The model's name there; undefined where it is missing or empty. */
export function reportedModel(holder: unknown, member: string): string | undefined {
  return textAt(holder, member)?.slice(0, LONGEST_MODEL_NAME) || undefined
}

export function malformed(problem: string): Reading {
  return { ...NOTHING, malformed: problem }
}

export function carriesToken(reading: Reading): boolean {
  return reading.textCharacters + reading.reasoningCharacters + reading.toolCharacters > 0
}

/** Text or a tool call: a token that is not reasoning. */
export function carriesOutputToken(reading: Reading): boolean {
  return reading.textCharacters + reading.toolCharacters > 0
}

const FRAMERS = {
  sse: SseFramer,
  ndjson: NdjsonFramer,
  'event-stream': EventStreamFramer,
  json: JsonBodyFramer,
} as const

export function createFramer(framing: Dialect['framing'], take: TakeFramed): Framer {
  return new FRAMERS[framing](take)
}

export function mergeUsage(before: UsageParts | undefined, after: UsageParts): UsageParts {
  return before === undefined ? after : { ...before, ...after }
}

/** The server's usage, or undefined unless it counted both input and output. */
export function usageOf(parts: UsageParts | undefined): Usage | undefined {
  if (parts?.inputTokens === undefined || parts.outputTokens === undefined) return undefined
  return {
    source: 'server',
    inputTokens: parts.inputTokens,
    cachedInputTokens: parts.cachedInputTokens ?? 0,
    outputTokens: parts.outputTokens,
    reasoningTokens: parts.reasoningTokens ?? 0,
  }
}

/** Of a complete answer to this request; undefined where answers have tokens. */
export function fewestItemsOf({ fewestItems }: Dialect, { body }: WireRequest): number | undefined {
  if (fewestItems === undefined) return undefined
  const asked = jsonOrNothing(body)
  return isObject(asked) ? fewestItems(asked) : 1
}
