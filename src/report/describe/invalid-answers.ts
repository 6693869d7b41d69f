// The answers that are not what their prompts expect: how many of each kind, and what one of them says.

import type { AnswerFault, ValiditySummary } from '../../model/expectation.ts'
import type { Detail, Sentence, Table } from '../../model/report-document.ts'
import type { GateResult } from '../../model/verdict.ts'
import * as format from '../format.ts'
import { code, say } from '../phrase.ts'

export function invalidAnswerDetail({ validity }: GateResult): readonly Detail[] {
  if (validity === undefined || validity.invalid.length === 0) return []
  const count = validity.invalid.reduce((sum, kind) => sum + kind.count, 0)
  const table: Table = {
    caption: 'Invalid answers by kind',
    columns: [
      { title: say`What is wrong`, align: 'left' },
      { title: say`Answers`, align: 'right' },
      { title: say`For example`, align: 'left' },
    ],
    rows: validity.invalid.map((kind) => ({
      keep: false,
      cells: [say`${WORDS[kind.kind]}`, say`${kind.count}`, exampleOf(kind)],
    })),
  }
  const title = say`Invalid answers by kind (${count} of ${format.count(validity.checked, 'answer')})`
  return [{ title, blocks: [{ kind: 'table', table }] }]
}

const WORDS: Readonly<Record<AnswerFault, string>> = {
  'no-json': 'no JSON document',
  'json-schema': 'does not fit the schema',
  regex: 'does not match the pattern',
  contains: 'lacks a text',
  'min-tokens': 'is too short',
  tool: 'does not call the tool',
}

/** Foreign text all of it: every part of it is shown as code. */
function exampleOf({ example }: ValiditySummary['invalid'][number]): Sentence {
  if (example === undefined) return say`–`
  const { prompt, problem, begins } = example
  const why = problem === undefined ? say`` : say`${code(problem)}: `
  const text = begins === undefined ? say`no visible text` : say`${code(begins)}`
  return [...why, ...text, ...say` (prompt ${code(prompt)})`]
}
