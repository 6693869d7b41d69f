// A JSONL file of prompts, one a line. A mistake is reported in the file itself, with its line and
// column.

import type { AnswerExpectation } from '../../model/expectation.ts'
import type { RawPrompt } from '../raw-config.ts'
import type { ConfigReading, Problem } from '../reading.ts'
import { checkPrompt, shown } from '../schema/schema.ts'
import type { Path } from '../yaml/yaml.ts'
import { readYaml } from '../yaml/yaml.ts'
import { readExpectation } from './read-expectation.ts'

/** A prompt and where it stands, for problems that show later. */
export type PromptEntry = {
  readonly raw: RawPrompt
  readonly expect: AnswerExpectation | undefined
  readonly place: Pick<Problem, 'path' | 'elsewhere'>
}

const MAX_PROMPTS = 10_000

/** `path` is that of the member that names the file. */
export function readPromptFile(
  file: string,
  path: Path,
  reading: ConfigReading,
): readonly PromptEntry[] {
  const text = isInnerPath(file) ? reading.files.get(file) : undefined
  if (text === undefined) {
    reading.report({ path, message: isInnerPath(file) ? notFound(file) : leadsOut(file) })
    return []
  }
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((content, i) => ({ content, number: i + 1 }))
    .filter(({ content }) => content.trim() !== '')
  if (lines.length === 0 || lines.length > MAX_PROMPTS) {
    const message = `the prompt file has ${lines.length} prompts; expected 1 to ${MAX_PROMPTS}`
    reading.report({ path, message, elsewhere: { file } })
    return []
  }
  return lines.flatMap(({ content, number }) =>
    readLine(content, { file, line: number, path, reading }),
  )
}

/** A path that stays inside the repository; anything else could send the runner's files away. */
export function isInnerPath(path: string): boolean {
  return !/^[/~]|^[A-Za-z]:|[\\\n\r]/.test(path) && !path.split('/').includes('..')
}

function leadsOut(file: string): string {
  return `${shown(file)} is not a path inside the repository; expected one below its root, such as prompts/chat.jsonl`
}

function notFound(file: string): string {
  return `the prompt file ${shown(file)} was not found; expected a JSONL file, one prompt a line`
}

type Line = {
  readonly file: string
  readonly line: number
  readonly path: Path
  readonly reading: ConfigReading
}

/** None when the line was refused. */
function readLine(text: string, { file, line, path, reading }: Line): readonly PromptEntry[] {
  const report = (message: string, column: number): void =>
    reading.report({ path, message, elsewhere: { file, line, column } })
  const data = parseJson(text)
  if (data instanceof SyntaxError) {
    const message = 'this line is not valid JSON; expected one prompt a line: {"prompt": "…"}'
    report(message, columnOf(data, text))
    return []
  }
  const { problems, prompt } = checkPrompt(data)
  if (prompt === undefined) {
    // JSON is YAML, and YAML's reader knows the column of every member.
    const { locate } = readYaml(text)
    for (const { message, path: at, pointAt } of problems) {
      report(message, locate(at, pointAt).column)
    }
    return []
  }
  const raw = typeof prompt === 'string' ? { prompt } : prompt
  const { expect, problems: unusable } = readExpectation(raw.expect)
  const { locate } = readYaml(unusable.length === 0 ? '' : text)
  for (const { at, message } of unusable) report(message, locate(at, 'value').column)
  return [{ raw, expect, place: { path, elsewhere: { file, line, column: 1 } } }]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return error
    throw error
  }
}

/** The engine says "at position N", unless the line ends too early. */
function columnOf(error: SyntaxError, text: string): number {
  const position = /position (\d+)/.exec(error.message)?.[1]
  return position === undefined ? text.length + 1 : Number(position) + 1
}
