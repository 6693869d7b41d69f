// What an answer must be to count, and what is known of an answer that is not. An endpoint that became
// faster because it answers rubbish must not pass.

import type { JsonValue } from './json-value.ts'

/** Every member that is there has to hold. */
export type AnswerExpectation = {
  /** The visible text is one JSON document that fits. */
  readonly jsonSchema?: JsonValue
  /** Found anywhere in the visible text; RE2's syntax, so that none can hang. */
  readonly regex?: string
  /** All of them are in the visible text, letter by letter. */
  readonly contains?: readonly string[]
  readonly minTokens?: number
  /** The name of a tool that is called. */
  readonly tool?: string
}

/** The closed set of what can be wrong with an answer, by the member that it fails. */
export const ANSWER_FAULTS = [
  'no-json',
  'json-schema',
  'regex',
  'contains',
  'min-tokens',
  'tool',
] as const
export type AnswerFault = (typeof ANSWER_FAULTS)[number]

/** Of a completed answer that was checked. */
export const VALIDITIES = ['valid', ...ANSWER_FAULTS] as const
export type Validity = (typeof VALIDITIES)[number]

/** The first invalid answer of its kind. Texts are foreign, shortened and redacted. */
export type InvalidAnswer = {
  readonly kind: AnswerFault
  readonly prompt: string
  /** What is wrong with it, as `/price must be number`. Absent where the kind says it all. */
  readonly problem?: string
  /** How it begins. Absent where it has no visible text. */
  readonly begins?: string
}

/** Checked answers; and of each kind of invalid ones how many, with one example. */
export type ValiditySummary = {
  readonly checked: number
  readonly invalid: readonly {
    readonly kind: AnswerFault
    readonly count: number
    readonly example?: Omit<InvalidAnswer, 'kind'>
  }[]
}
