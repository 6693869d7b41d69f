// What is kept of an answer until the run is over, where its prompt expects something of it. Bounded for
// each answer and for all of them: what does not fit is not kept, and is then not checked.

import type { PlannedRequest } from '../../model/plan.ts'

/** Characters of one answer: that of 32,768 tokens fits twice. */
const LONGEST_ANSWER = 256 * 1024
/** Characters of all answers together. */
const ALL_ANSWERS = 64 * 1024 * 1024
const MOST_TOOLS = 64
const LONGEST_TOOL_NAME = 200

/** What all answers of a measurement share. */
export class AnswerRoom {
  #left: number

  constructor(left = ALL_ANSWERS) {
    this.#left = left
  }

  /** False: there is none left. */
  take(characters: number): boolean {
    if (characters > this.#left) return false
    this.#left -= characters
    return true
  }

  giveBack(characters: number): void {
    this.#left += characters
  }
}

export class KeptAnswer {
  readonly #room: AnswerRoom
  #pieces: string[] = []
  #characters = 0
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
    if (this.#characters + text.length <= LONGEST_ANSWER && this.#room.take(text.length)) {
      this.#pieces.push(text)
      this.#characters += text.length
    } else {
      this.#room.giveBack(this.#characters)
      this.#pieces = []
      this.#fits = false
    }
  }

  get tools(): readonly string[] {
    return this.#tools
  }

  /** Undefined where it did not fit. */
  get text(): string | undefined {
    return this.#fits ? this.#pieces.join('') : undefined
  }
}

/** Undefined where nothing is expected of it, or it is in no number. */
export function keptAnswerOf(
  { expect, warmup }: Pick<PlannedRequest, 'expect' | 'warmup'>,
  room: AnswerRoom,
): KeptAnswer | undefined {
  return expect === undefined || warmup ? undefined : new KeptAnswer(room)
}
