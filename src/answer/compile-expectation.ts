// An expectation of the config as a check of answers, or what is wrong with the expectation itself.
// The first member that fails names the kind.

import type { AnswerExpectation, AnswerFault } from '../model/expectation.ts'
import { type CompiledSchema, compileSchema } from './json-schema.ts'
import { PatternProblem, type SafeRegex, safeRegex } from './safe-regex.ts'

export type GivenAnswer = {
  /** Visible text: no reasoning, no tool calls. */
  readonly text: string
  /** Names of the tools that were called. */
  readonly tools: readonly string[]
  readonly outputTokens: number
}

export type Invalid = { readonly kind: AnswerFault; readonly problem?: string }

export type ExpectationProblem = {
  /** From the expectation on, as a config writes it. */
  readonly at: readonly string[]
  readonly message: string
}

export type Compiled =
  | { readonly ok: true; readonly check: (answer: GivenAnswer) => Invalid | undefined }
  | { readonly ok: false; readonly problems: readonly ExpectationProblem[] }

export function compileExpectation(expectation: AnswerExpectation): Compiled {
  const { regex, jsonSchema } = expectation
  const schema = jsonSchema === undefined ? undefined : compileSchema(jsonSchema)
  const pattern = regex === undefined ? undefined : patternOf(regex)
  const problems = [
    ...(schema?.ok === false
      ? schema.problems.map(({ at, message }) => ({ at: ['json_schema', ...at], message }))
      : []),
    ...(pattern instanceof PatternProblem
      ? [{ at: ['regex'], message: `the pattern ${pattern.message}` }]
      : []),
  ]
  if (problems.length > 0 || pattern instanceof PatternProblem) return { ok: false, problems }
  return { ok: true, check: (answer) => checked(expectation, { schema, pattern }, answer) }
}

function patternOf(regex: string): SafeRegex | PatternProblem {
  try {
    return safeRegex(regex)
  } catch (error) {
    if (error instanceof PatternProblem) return error
    throw error
  }
}

type CompiledParts = {
  readonly schema: CompiledSchema | undefined
  readonly pattern: SafeRegex | undefined
}

function checked(
  { contains = [], minTokens = 0, tool }: AnswerExpectation,
  { schema, pattern }: CompiledParts,
  { text, tools, outputTokens }: GivenAnswer,
): Invalid | undefined {
  if (tool !== undefined && !tools.includes(tool)) {
    return {
      kind: 'tool',
      ...(tools.length === 0 ? {} : { problem: `called ${tools.join(', ')}` }),
    }
  }
  if (outputTokens < minTokens) return { kind: 'min-tokens', problem: `has ${outputTokens} tokens` }
  const missing = contains.find((part) => !text.includes(part))
  if (missing !== undefined)
    return { kind: 'contains', problem: `lacks ${JSON.stringify(missing)}` }
  if (pattern !== undefined && !pattern.test(text)) return { kind: 'regex' }
  return schema?.ok === true ? checkedJson(schema, text) : undefined
}

function checkedJson(
  schema: Extract<CompiledSchema, { ok: true }>,
  text: string,
): Invalid | undefined {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return { kind: 'no-json' }
  }
  const problem = schema.problemOf(document)
  return problem === undefined ? undefined : { kind: 'json-schema', problem }
}
