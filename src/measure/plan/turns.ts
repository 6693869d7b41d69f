// From prompts that are begun to requests that are asked: a conversation is as many requests as it has
// turns. As many are begun as the requests call for; the last one is cut short where they end before it.

import type { Prompt } from '../../model/config.ts'
import { turnsOf } from '../../model/conversation.ts'

export type TurnAt = {
  readonly conversation: number
  /** From 1 on. */
  readonly number: number
  readonly goesOn: boolean
}

/** One entry a request, in order, `requests` of them at most; the turn is absent of prompts asked alone. */
export function turnByTurn<Begun extends { readonly prompt: Prompt }>(
  begun: readonly Begun[],
  { requests, from }: { readonly requests: number; readonly from: number },
): readonly (Begun & { readonly turn?: TurnAt })[] {
  const asked: (Begun & { readonly turn?: TurnAt })[] = []
  let conversation = from
  for (const one of begun) {
    const turns = Math.min(turnsOf(one.prompt), requests - asked.length)
    if (turnsOf(one.prompt) === 1 || turns === 0) {
      asked.push(...[one].slice(0, turns))
      continue
    }
    for (let number = 1; number <= turns; number += 1) {
      asked.push({ ...one, turn: { conversation, number, goesOn: number < turns } })
    }
    conversation += 1
  }
  return asked
}
