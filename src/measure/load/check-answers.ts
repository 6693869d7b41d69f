// Holds the answers of a run against what their prompts expect, once nothing is timed any more. It ends
// whatever schemas and answers are: a check that does not come to its end is broken off, and its
// prompt's answers are left unchecked.

import { createContext, Script } from 'node:vm'
import { type Compiled, compileExpectation } from '../../answer/answer.ts'
import type { AnswerExpectation, InvalidAnswer, Validity } from '../../model/expectation.ts'
import type { Measurement } from '../../model/measurement.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import { CHARACTERS_PER_TOKEN } from '../../model/token-length.ts'
import type { Redact } from './detail.ts'
import { detailOf } from './detail.ts'
import type { KeptAnswer } from './kept-answer.ts'

/** So many answers may take so long; an honest check of one takes far less than a millisecond. */
const AT_ONCE = 500
const PATIENCE_MS = 2000
const MOST_BREAKS = 5
/** How much of an invalid answer is shown. */
const LONGEST_BEGINNING = 160

export type AnswerToCheck = {
  readonly record: RequestRecord
  readonly expect: AnswerExpectation
  readonly kept: KeptAnswer
}

/** The same measurement, with what its answers are worth. Its times have all been taken. */
export function withCheckedAnswers(
  measurement: Measurement,
  answers: readonly AnswerToCheck[],
  redact: Redact,
): Measurement {
  if (answers.length === 0) return measurement
  const { validity, invalid } = checkAnswers(answers, redact)
  const records = measurement.records.map((record) => {
    const found = validity.get(record)
    return found === undefined ? record : { ...record, validity: found }
  })
  return { ...measurement, records, invalidAnswers: invalid }
}

function checkAnswers(answers: readonly AnswerToCheck[], redact: Redact): Checking {
  const checking = new Checking(answers, redact)
  const watched = createContext({ checking })
  const script = new Script('checking.goOn()')
  let breaks = 0
  while (breaks < MOST_BREAKS && !checking.isOver) {
    try {
      script.runInContext(watched, { timeout: PATIENCE_MS })
    } catch (error) {
      if (Object(error).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      checking.giveUpThisPrompt()
      breaks += 1
    }
  }
  return checking
}

type Check = Extract<Compiled, { ok: true }>['check']

/** One go through the answers, which can be broken off and gone on with. */
class Checking {
  /** Of the records that could be checked. */
  readonly validity = new Map<RequestRecord, Validity>()
  /** The first of each kind, by arm. */
  readonly invalid = { candidate: [] as InvalidAnswer[], reference: [] as InvalidAnswer[] }
  readonly #answers: readonly AnswerToCheck[]
  readonly #redact: Redact
  readonly #checks = new Map<AnswerExpectation, Check>()
  readonly #givenUp = new Set<AnswerExpectation>()
  #next = 0

  constructor(answers: readonly AnswerToCheck[], redact: Redact) {
    this.#answers = answers
    this.#redact = redact
  }

  get isOver(): boolean {
    return this.#next >= this.#answers.length
  }

  goOn(): void {
    const until = this.#next + AT_ONCE
    for (; !this.isOver && this.#next < until; this.#next += 1) {
      const answer = this.#answers[this.#next]
      if (answer !== undefined && !this.#givenUp.has(answer.expect)) this.#check(answer)
    }
  }

  giveUpThisPrompt(): void {
    const answer = this.#answers[this.#next]
    if (answer !== undefined) this.#givenUp.add(answer.expect)
    this.#next += 1
  }

  #check({ record, expect, kept }: AnswerToCheck): void {
    const { text, tools } = kept
    if (text === undefined) return
    const check = this.#checks.get(expect) ?? checkOf(expect)
    this.#checks.set(expect, check)
    const found = check({ text, tools, outputTokens: tokensOf(record) })
    this.validity.set(record, found?.kind ?? 'valid')
    const shown = this.invalid[record.arm]
    if (found === undefined || shown.some(({ kind }) => kind === found.kind)) return
    const { kind, problem } = found
    shown.push({
      kind,
      prompt: record.prompt,
      ...(problem === undefined ? {} : { problem: detailOf(problem, this.#redact) }),
      ...(text.trim() === '' ? {} : { begins: beginning(text, this.#redact) }),
    })
  }
}

/** The config has refused what does not compile. */
function checkOf(expect: AnswerExpectation): Check {
  const compiled = compileExpectation(expect)
  if (!compiled.ok) throw new TypeError('an expectation that was accepted does not compile')
  return compiled.check
}

function tokensOf({ usage, tokenEvents, outputCharacters }: RequestRecord): number {
  return usage?.outputTokens ?? Math.max(tokenEvents, outputCharacters / CHARACTERS_PER_TOKEN)
}

/** Redacted before it is cut: half a secret would pass. */
function beginning(text: string, redact: Redact): string {
  const plain = detailOf(text, redact)
  return plain.length <= LONGEST_BEGINNING ? plain : `${plain.slice(0, LONGEST_BEGINNING - 1)}…`
}
