// What is kept of an answer: until the run is over where its prompt expects something of it, until its
// conversation is over where that goes on. Bounded for each answer and for all of them: what does not
// fit is not kept, is then not checked, and ends its conversation.

import type { ToolCall } from '../../model/conversation.ts'
import type { PlannedRequest } from '../../model/plan.ts'
import type { CallPiece } from '../../wire/dialects/dialects.ts'
import { ByteStore, textOf } from '../../wire/events/events.ts'

/** Bytes of one answer: that of 32,768 tokens fits twice. */
const LONGEST_ANSWER = 256 * 1024
/** Bytes of all answers together, which may take up twice as much while they grow. */
const ALL_ANSWERS = 16 * 1024 * 1024
const MOST_TOOLS = 64
const ENCODER = new TextEncoder()
const LONGEST_TOOL_NAME = 200

/** What all answers of a measurement share. */
export class AnswerRoom {
  #left: number

  constructor(left = ALL_ANSWERS) {
    this.#left = left
  }

  /** False: there is none left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  giveBack(bytes: number): void {
    this.#left += bytes
  }
}

type Called = { -readonly [Member in keyof ToolCall]?: ToolCall[Member] | undefined } & {
  readonly key: string | undefined
}

export class KeptAnswer {
  readonly #room: AnswerRoom
  /** A list of tokens would take up many times what they say. */
  readonly #bytes = new ByteStore()
  #taken = 0
  #fits = true
  readonly #calls: Called[] = []

  constructor(room: AnswerRoom) {
    this.#room = room
  }

  add(text: string | undefined, calls: readonly CallPiece[] | undefined): void {
    for (const piece of calls ?? []) this.#addCall(piece)
    if (text === undefined || text === '' || !this.#fits) return
    const bytes = ENCODER.encode(text)
    if (this.#take(bytes.length)) this.#bytes.append(bytes)
  }

  /** Names of the tools that it calls, in order. */
  get tools(): readonly string[] {
    return this.#calls.flatMap(({ name }) => (name === undefined ? [] : [name]))
  }

  /** Undefined where it did not fit; an id is empty where the API knows none. */
  get calls(): readonly ToolCall[] | undefined {
    if (!this.#fits) return undefined
    return this.#calls.flatMap(({ id = '', name, arguments: given = '', signature }) =>
      name === undefined ? [] : [{ id, name, arguments: given, signature }],
    )
  }

  /** Undefined where it did not fit. */
  get text(): string | undefined {
    return this.#fits ? textOf(this.#bytes.content) : undefined
  }

  /** Nobody asks for it again. */
  release(): void {
    this.#room.giveBack(this.#taken)
    this.#taken = 0
    this.#bytes.clear()
    this.#fits = false
  }

  #addCall({ key, id, name, arguments: more, signature }: CallPiece): void {
    const begun = key === undefined ? undefined : this.#calls.find((call) => call.key === key)
    if (begun === undefined && this.#calls.length >= MOST_TOOLS) return
    const call: Called = begun ?? { key }
    if (begun === undefined) this.#calls.push(call)
    // An empty name or id is one that was said before.
    if (name) call.name ??= name.slice(0, LONGEST_TOOL_NAME)
    if (id) call.id ??= id.slice(0, LONGEST_TOOL_NAME)
    const added = (more ?? '') + (signature ?? '')
    if (added === '' || !this.#fits || !this.#take(added.length)) return
    call.arguments = (call.arguments ?? '') + (more ?? '')
    if (signature !== undefined) call.signature = signature
  }

  #take(bytes: number): boolean {
    if (this.#taken + bytes <= LONGEST_ANSWER && this.#room.take(bytes)) {
      this.#taken += bytes
      return true
    }
    this.release()
    return false
  }
}

/** Where answers are kept: to be checked after the run, or to be put into their conversation. */
export type AnswerRooms = { readonly checked: AnswerRoom; readonly talked: AnswerRoom }

/** Undefined where nothing is expected of it, or it is in no number, and nothing follows it. */
export function keptAnswerOf(
  { expect, warmup, turn }: Pick<PlannedRequest, 'expect' | 'warmup' | 'turn'>,
  { checked, talked }: AnswerRooms,
): KeptAnswer | undefined {
  if (expect !== undefined && !warmup) return new KeptAnswer(checked)
  return turn?.goesOn === true ? new KeptAnswer(talked) : undefined
}
