// What a prompt expects of its answers, held against what can be checked at all: the schema has to be
// one, and the pattern one that cannot hang.

import { compileExpectation, type ExpectationProblem } from '../../answer/answer.ts'
import type { AnswerExpectation } from '../../model/expectation.ts'
import type { RawExpectation } from '../raw-config.ts'

export type ExpectationReading = {
  readonly expect?: AnswerExpectation
  /** Places are counted from the prompt on. */
  readonly problems: readonly ExpectationProblem[]
}

export function readExpectation(raw: RawExpectation | undefined): ExpectationReading {
  if (raw === undefined) return { problems: [] }
  const { json_schema: jsonSchema, regex, contains, min_tokens: minTokens, tool } = raw
  const expect: AnswerExpectation = {
    jsonSchema,
    regex,
    ...(contains === undefined ? {} : { contains: [contains].flat() }),
    minTokens,
    tool,
  }
  const compiled = compileExpectation(expect)
  if (compiled.ok) return { expect, problems: [] }
  return {
    problems: compiled.problems.map(({ at, message }) => ({ at: ['expect', ...at], message })),
  }
}
