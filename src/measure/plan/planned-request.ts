// A planned request: what is sent, and the text in front of it that keeps it out of a cache. Prefix caches
// compare from the first token, so the part that differs must come first; a suffix or a counter after
// common words would leave everything before it cached.

import type { Prompt } from '../../model/config.ts'
import { classOfTurn, type Message, turnsOf } from '../../model/conversation.ts'
import type { PlannedRequest, PlannedTurn } from '../../model/plan.ts'
import { seedOf } from '../../stats/random.ts'
import type { Ask } from './design.ts'
import type { TurnAt } from './turns.ts'

type PlaceInPlan = {
  readonly index: number
  /** Unlike any other run's. Undefined where a cached prompt is wanted. */
  readonly nonce: string | undefined
  /** Absent = as soon as a place is free. */
  readonly intendedMs?: number
}

export function plannedRequest(ask: Ask, at: PlaceInPlan): PlannedRequest {
  const { prompt, turn } = ask
  const number = turn?.number ?? 1
  const later = prompt.later?.[number - 2]
  const { maxOutputTokens, expect } = later ?? prompt
  return {
    index: at.index,
    arm: ask.arm,
    kind: ask.kind,
    warmup: ask.warmup,
    prompt: prompt.name,
    promptClass: isOfTurns(prompt) ? classOfTurn(prompt.promptClass, number) : prompt.promptClass,
    messages: later === undefined ? begun(prompt, at) : [],
    ...(turn === undefined ? {} : { turn: plannedTurn(ask.prompt, turn) }),
    body: prompt.body,
    maxOutputTokens: ask.kind === 'probe' ? 1 : maxOutputTokens,
    ...(ask.kind === 'answer' && expect !== undefined ? { expect } : {}),
    intendedMs: at.intendedMs,
    pair: ask.pair,
  }
}

/** The prefix is that of the whole conversation: its turns share it, and no other one does. */
function begun(
  { messages }: Prompt,
  { nonce, index }: { readonly nonce: string | undefined; readonly index: number },
): PlannedRequest['messages'] {
  return nonce === undefined ? messages : prefixed(messages, uniquePrefix(nonce, index))
}

function isOfTurns(prompt: Prompt): boolean {
  return turnsOf(prompt) > 1
}

function plannedTurn(prompt: Prompt, { conversation, number, goesOn }: TurnAt): PlannedTurn {
  const later = prompt.later?.[number - 2]
  return {
    conversation,
    number,
    thinkMs: later?.thinkMs ?? 0,
    ...(later === undefined ? {} : { said: later.said }),
    goesOn: goesOn && number < turnsOf(prompt),
  }
}

/** Long enough to have a token that can be seen, too short to cost anything. */
const OPENING_TOKENS = 16

/** The first prompt of the file, to whichever arm is opened. */
export function openingRequest(
  [prompt]: readonly Prompt[],
  at: PlaceInPlan,
): PlannedRequest | undefined {
  if (prompt === undefined) return undefined
  const ask = { kind: 'answer', prompt, position: 0, arm: 'candidate', warmup: true } as const
  const asked = plannedRequest(ask, at)
  return { ...asked, maxOutputTokens: Math.min(asked.maxOutputTokens, OPENING_TOKENS) }
}

/**
 * `[k3x9q2h0-00a1] `, always the same length. The eight characters differ between runs (nonce) and
 * requests from the first one on; the number behind them makes the prefix unique within a run.
 */
function uniquePrefix(nonce: string, index: number): string {
  const mixed = seedOf(`${nonce}/${index}`).toString(36).padStart(7, '0')
  const more = seedOf(`${index}/${nonce}`).toString(36).slice(-1)
  // The low digits of the hash vary most: they go first.
  const scrambled = [...mixed].reverse().join('') + more
  return `[${scrambled}-${index.toString(36).padStart(4, '0')}] `
}

/** The messages with the prefix before the first one's content. */
function prefixed(messages: readonly Message[], prefix: string): readonly Message[] {
  return messages.map((message, at) =>
    at === 0 ? { ...message, content: prefix + message.content } : message,
  )
}
