// A JSONL file of prompts, one a line.

import type { AnswerExpectation } from '../../model/expectation.ts'
import type { RawPrompt } from '../raw-config.ts'
import type { ConfigReading, Problem } from '../reading.ts'
import { checkPrompt } from '../schema/schema.ts'
import type { Path } from '../yaml/yaml.ts'
import { type FileKind, readLines } from './jsonl-file.ts'
import { readExpectation } from './read-expectation.ts'

/** A prompt and where it stands, for problems that show later. */
export type PromptEntry = {
  readonly raw: RawPrompt
  readonly expect: AnswerExpectation | undefined
  readonly place: Pick<Problem, 'path' | 'elsewhere'>
}

const PROMPT_FILE: FileKind = {
  name: 'prompt file',
  lines: 'prompts',
  sample: 'one prompt a line: {"prompt": "…"}',
  most: 10_000,
}

/** `path` is that of the member that names the file. A line of the wrong shape is left out. */
export function readPromptFile(
  file: string,
  path: Path,
  reading: ConfigReading,
): readonly PromptEntry[] {
  return readLines(file, PROMPT_FILE, { path, reading }).flatMap(({ line, data, report }) => {
    const { problems, prompt } = checkPrompt(data)
    for (const { message, path: at, pointAt } of problems) report(message, at, pointAt)
    if (prompt === undefined) return []
    const raw = typeof prompt === 'string' ? { prompt } : prompt
    const { expect, problems: unusable } = readExpectation(raw.expect)
    for (const { at, message } of unusable) report(message, at)
    return [{ raw, expect, place: { path, elsewhere: { file, line, column: 1 } } }]
  })
}
