// What is said in a prompt, and how a conversation goes on from there: what the user says next, or what
// a tool gave, each asked once the model has answered what came before.

import type { AnswerExpectation } from './expectation.ts'

export type Message =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant'
      readonly content: string
      /** Tools that the model called. Absent = none. */
      readonly calls?: readonly ToolCall[]
    }
  /** What a tool gave, in answer to the call of that id. */
  | { readonly role: 'tool'; readonly content: string; readonly name: string; readonly id: string }

export type ToolCall = {
  readonly id: string
  readonly name: string
  /** A JSON object, as text. */
  readonly arguments: string
  /** Gemini's own mark of a call, without which it takes none back. Absent elsewhere. */
  readonly signature?: string
}

/** A result that is given whatever the tool is called with. */
export type GivenResult = { readonly name: string; readonly content: string }

export type Said =
  | { readonly by: 'user'; readonly content: string }
  | { readonly by: 'tools'; readonly results: readonly GivenResult[] }

/** A turn after the first: the first is a prompt's messages. */
export type LaterTurn = {
  /** From the end of the answer before it to its request. */
  readonly thinkMs: number
  readonly said: Said
  readonly maxOutputTokens: number
  /** What its answer must be to count as valid. Absent = any answer is. */
  readonly expect?: AnswerExpectation
}

/** What a prompt's requests are told apart by where one was given; a conversation of none is of `default`. */
export const DEFAULT_CLASS = 'default'

/**
 * The class of a turn, counted from 1. First turns bring a prompt that no cache has seen, later ones one
 * whose beginning it should have: they differ by nature, so each is a stratum of its own.
 */
export function classOfTurn(promptClass: string, turn: number): string {
  const name = turn === 1 ? 'first-turn' : 'later-turn'
  return promptClass === DEFAULT_CLASS ? name : `${promptClass} ${name}`
}

/** Requests of one prompt: of a conversation, its turns. */
export function turnsOf({ later = [] }: { readonly later?: readonly LaterTurn[] }): number {
  return 1 + later.length
}

/** Requests of a prompt, on average of what a workload begins. */
export function turnsEach({
  prompts,
}: {
  readonly prompts: readonly { readonly weight: number; readonly later?: readonly LaterTurn[] }[]
}): number {
  const weights = prompts.reduce((sum, { weight }) => sum + weight, 0)
  const turns = prompts.reduce((sum, prompt) => sum + prompt.weight * turnsOf(prompt), 0)
  return weights > 0 ? turns / weights : 1
}

export function isOfConversations({
  prompts,
}: {
  readonly prompts: readonly { readonly later?: readonly LaterTurn[] }[]
}): boolean {
  return prompts.some((prompt) => turnsOf(prompt) > 1)
}

/** Some answer to it has to be something. */
export function isExpecting({
  expect,
  later = [],
}: {
  readonly expect?: AnswerExpectation
  readonly later?: readonly LaterTurn[]
}): boolean {
  return expect !== undefined || later.some((turn) => turn.expect !== undefined)
}

/** Which part of a workload's requests are first turns of conversations, and which later ones. */
export function shareOfTurns({
  prompts,
}: {
  readonly prompts: readonly { readonly weight: number; readonly later?: readonly LaterTurn[] }[]
}): { readonly first: number; readonly later: number } {
  const talks = prompts.filter((prompt) => turnsOf(prompt) > 1)
  const all = prompts.reduce((sum, prompt) => sum + prompt.weight * turnsOf(prompt), 0)
  const begun = talks.reduce((sum, { weight }) => sum + weight, 0)
  const asked = talks.reduce((sum, prompt) => sum + prompt.weight * turnsOf(prompt), 0)
  return all > 0 ? { first: begun / all, later: (asked - begun) / all } : { first: 0, later: 0 }
}
