// What to ask, in which order and when: made from the config and a seed alone, so the same seed
// gives the same plan to the byte.

import type { Endpoint, Load, Timeouts } from './config.ts'
import type { Message, Said } from './conversation.ts'
import type { AnswerExpectation } from './expectation.ts'
import type { Arm, RequestKind } from './request-record.ts'

export type PlannedRequest = {
  readonly index: number
  readonly arm: Arm
  readonly kind: RequestKind
  /** Warm-up requests are sent first, all at once, and are not counted. */
  readonly warmup: boolean
  readonly prompt: string
  readonly promptClass: string
  /** As sent: with `prompt_cache: bypass` the first message already begins with a unique prefix. None
   * after the first turn of a conversation: what was answered before is only then known. */
  readonly messages: readonly Message[]
  /** Absent where the prompt is no conversation, and in the warm-up. */
  readonly turn?: PlannedTurn
  readonly maxOutputTokens: number
  /** Of the prompt; laid over the endpoint's. Absent = none. */
  readonly body?: Endpoint['body']
  /** What a full answer must be, held against it after the run. Absent = anything, and on probes. */
  readonly expect?: AnswerExpectation
  /** Open loop only: when to send it, from the start of the measured phase. */
  readonly intendedMs?: number
  /** Requests of one pair run one after the other on the same worker, in plan order. */
  readonly pair?: number
}

export type PlannedTurn = {
  /** Numbered from 0 on over the plan; both arms of a pair have the same. */
  readonly conversation: number
  /** From 1 on. */
  readonly number: number
  /** Asked so long after the answer before it. */
  readonly thinkMs: number
  /** What is said after that answer. Absent of the first turn. */
  readonly said?: Said
  /** Its answer is part of a further turn. */
  readonly goesOn: boolean
}

/** Of what is sent as input, tools and schemas included: what the prompt's tokens are estimated from. */
export function inputCharactersOf({
  messages,
  body,
}: Pick<PlannedRequest, 'messages' | 'body'>): number {
  const own = body === undefined ? 0 : JSON.stringify(body).length
  return messages.reduce((sum, message) => sum + lengthOf(message), own)
}

function lengthOf(message: Message): number {
  const { calls = [] } = message.role === 'assistant' ? message : {}
  return calls.reduce(
    (sum, call) => sum + call.name.length + call.arguments.length,
    message.content.length,
  )
}

/** How the warm-up goes on: in batches, until first tokens stop getting faster. */
export type SettlingRule = {
  readonly arm: Arm
  readonly batch: number
  /** Median first token of earlier runs. Absent = not known, so that one batch alone proves nothing. */
  readonly expectedMs?: number
}

export type Plan = {
  /** One short answer, asked alone before all else: that the endpoint is ready, or its cold start. */
  readonly opening?: PlannedRequest
  readonly requests: readonly PlannedRequest[]
  /** What the warm-up of an arm may take further, batch by batch. Absent = nothing. */
  readonly settling?: readonly (SettlingRule & { readonly spare: readonly PlannedRequest[] })[]
  readonly load: Load
  readonly timeouts: Timeouts
  /** As the workload has it. */
  readonly maxClientDelayMs: number
  readonly seed: number
}

/** What a plan is expected to take, shown before the run and held against the budget. */
export type Estimate = {
  readonly requests: number
  /** Absent when no prices are known. */
  readonly costUsd?: number
  /** Absent when nothing is known yet of how long an answer takes. */
  readonly durationMs?: number
}

/** What the budget still allows. Shared by the gates of a config and by the looks of a gate. */
export type Allowance = {
  readonly requests: number
  readonly costUsd: number
  readonly durationMs: number
}

/** What one request of a kind has taken so far: what the rest of a budget buys follows from it. */
export type UnitCost = {
  /** USD. Absent when not known: then money does not bound it. */
  readonly usd?: number
  /** How long it kept its worker. */
  readonly ms: number
}

export type UnitCosts = {
  readonly answer: UnitCost
  readonly probe: UnitCost
  readonly load: Load
  /** Requests that each arrival brings: the turns of a conversation. Absent = 1. */
  readonly requestsEach?: number
}
