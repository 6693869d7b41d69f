// Examples of invalid answers, as run files and reports keep them: one of each kind, foreign texts.

import { ANSWER_FAULTS, type InvalidAnswer } from '../../model/expectation.ts'
import { asArray, asObject, asOneOf, asText, ForeignData, optional, present } from '../json/json.ts'

const LONGEST_TEXT = 500

export function invalidAnswersOf(value: unknown, place: string): readonly InvalidAnswer[] {
  const all = asArray(value, place)
  if (all.length > ANSWER_FAULTS.length) {
    throw new ForeignData(`${place} are ${all.length}, over ${ANSWER_FAULTS.length}`)
  }
  return all.map((each, i) => invalidAnswerOf(each, `${place}[${i}]`))
}

function invalidAnswerOf(value: unknown, place: string): InvalidAnswer {
  const file = asObject(value, place)
  const text = (name: string) =>
    optional(file[name], `${place}.${name}`, asText)?.slice(0, LONGEST_TEXT)
  return {
    kind: asOneOf(file.kind, `${place}.kind`, ANSWER_FAULTS),
    prompt: asText(file.prompt, `${place}.prompt`),
    ...present({ problem: text('problem'), begins: text('begins') }),
  }
}
