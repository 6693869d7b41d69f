// The conversations that are going on: what was said and answered in each, so that a turn is sent with
// all that came before it. What the endpoint answered is known only here, so messages are put together
// between the turns, while nothing of the conversation is in flight.

import type { Message, Said, ToolCall } from '../../model/conversation.ts'
import type { PlannedRequest, PlannedTurn } from '../../model/plan.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import { isObject, jsonOrNothing } from '../../wire/json/json.ts'
import type { KeptAnswer } from './kept-answer.ts'

export type Answered = { readonly text: string; readonly calls: readonly ToolCall[] }

/** What came of a turn. */
type Came = { readonly record: RequestRecord; readonly kept: KeptAnswer | undefined }

type Talk = {
  readonly messages: readonly Message[]
  /** Released when it is over. Those that are checked after the run are not among them. */
  readonly kept: readonly KeptAnswer[]
  readonly answer?: Answered
}

export class Talks {
  readonly #open = new Map<string, Talk>()

  /** The request as it is sent, with the whole conversation before it. */
  asked(planned: PlannedRequest): PlannedRequest {
    const { turn } = planned
    if (turn?.said === undefined) return planned
    const { messages = [], answer } = this.#open.get(keyOf(planned, turn)) ?? {}
    if (answer === undefined) throw new TypeError('a turn follows an answer')
    return { ...planned, messages: continued(messages, answer, { ...turn, said: turn.said }) }
  }

  /** Whether the conversation goes on: a turn that failed, or whose answer is too long to keep, ends it. */
  answered(asked: PlannedRequest, { record, kept }: Came): boolean {
    const { turn, messages, expect } = asked
    if (turn === undefined) return false
    const key = keyOf(asked, turn)
    const before = this.#open.get(key)?.kept ?? []
    const all = kept === undefined || expect !== undefined ? before : [...before, kept]
    const [text, calls] = [kept?.text, kept?.calls]
    const isKept = turn.goesOn && text !== undefined && calls !== undefined
    if (isKept && record.outcome === 'completed') {
      this.#open.set(key, { messages, kept: all, answer: { text, calls } })
      return true
    }
    for (const each of all) each.release()
    this.#open.delete(key)
    return false
  }
}

function keyOf({ arm }: PlannedRequest, { conversation }: PlannedTurn): string {
  return `${arm} ${conversation}`
}

/**
 * The messages of the next turn. A tool's given result answers the model's own call of it; where the
 * model called it not, a call without arguments stands in, so that every run asks for the same. A call
 * that no result answers is left out: no API takes one back without.
 */
export function continued(
  before: readonly Message[],
  { text, calls }: Answered,
  { said, number }: { readonly said: Said; readonly number: number },
): readonly Message[] {
  if (said.by === 'user') {
    const { content } = said
    return [...before, { role: 'assistant', content: text }, { role: 'user', content }]
  }
  const given = new Map(said.results.map(({ name, content }) => [name, content]))
  const own = calls.filter(({ name }) => given.has(name)).map(complete)
  const called = new Set(own.map(({ name }) => name))
  const missing = [...given.keys()].filter((name) => !called.has(name))
  const standing = missing.map((name): ToolCall => ({ id: '', name, arguments: '{}' }))
  const answered = [...own, ...standing].map((call, at) => ({
    ...call,
    id: call.id || idOf(number, at),
  }))
  return [
    ...before,
    { role: 'assistant', content: text, calls: answered },
    ...answered.map(({ id, name }): Message => {
      return { role: 'tool', id, name, content: given.get(name) ?? '' }
    }),
  ]
}

/** An answer that ended at its limit may have ended within its arguments. */
function complete(call: ToolCall): ToolCall {
  return isObject(jsonOrNothing(call.arguments)) ? call : { ...call, arguments: '{}' }
}

/** Nine letters and digits: some servers take nothing else for an id. */
function idOf(turn: number, at: number): string {
  return `gate${String(turn).padStart(3, '0')}${String(at).padStart(2, '0')}`
}
