// What is kept of an answer until the run is over, where its prompt expects something of it. Bounded for
// each answer and for all of them: what does not fit is not kept, and is then not checked.

import type { PlannedRequest } from '../../model/plan.ts'
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

export class KeptAnswer {
  readonly #room: AnswerRoom
  /** A list of tokens would take up many times what they say. */
  readonly #bytes = new ByteStore()
  #fits = true
  readonly #tools: string[] = []

  constructor(room: AnswerRoom) {
    this.#room = room
  }

  add(text: string | undefined, tools: readonly string[] | undefined): void {
    for (const tool of tools ?? []) {
      if (this.#tools.length < MOST_TOOLS) this.#tools.push(tool.slice(0, LONGEST_TOOL_NAME))
    }
    if (text === undefined || text === '' || !this.#fits) return
    const bytes = ENCODER.encode(text)
    if (this.#bytes.length + bytes.length <= LONGEST_ANSWER && this.#room.take(bytes.length)) {
      this.#bytes.append(bytes)
    } else {
      this.#room.giveBack(this.#bytes.length)
      this.#bytes.clear()
      this.#fits = false
    }
  }

  get tools(): readonly string[] {
    return this.#tools
  }

  /** Undefined where it did not fit. */
  get text(): string | undefined {
    return this.#fits ? textOf(this.#bytes.content) : undefined
  }
}

/** Undefined where nothing is expected of it, or it is in no number. */
export function keptAnswerOf(
  { expect, warmup }: Pick<PlannedRequest, 'expect' | 'warmup'>,
  room: AnswerRoom,
): KeptAnswer | undefined {
  return expect === undefined || warmup ? undefined : new KeptAnswer(room)
}
