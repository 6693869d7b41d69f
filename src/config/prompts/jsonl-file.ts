// A JSONL file of the repository, line by line. A mistake is reported in the file itself, with its line
// and column.

import { shown } from '../../model/shown.ts'
import type { ConfigReading } from '../reading.ts'
import type { Path, PointAt } from '../yaml/yaml.ts'
import { readYaml } from '../yaml/yaml.ts'

export type FileLine = {
  /** 1-based. */
  readonly line: number
  readonly data: unknown
  /** Reports a problem of this line, at a member of it where one is named. */
  readonly report: (message: string, at?: Path, pointAt?: PointAt) => void
}

export type FileKind = {
  /** `prompt file`. */
  readonly name: string
  /** `prompts`. */
  readonly lines: string
  /** What a line looks like. */
  readonly sample: string
  readonly most: number
}

/** `path` is that of the member that names the file. Lines that are no JSON are reported and left out. */
export function readLines(
  file: string,
  kind: FileKind,
  { path, reading }: { readonly path: Path; readonly reading: ConfigReading },
): readonly FileLine[] {
  const text = isInnerPath(file) ? reading.files.get(file) : undefined
  if (text === undefined) {
    reading.report({ path, message: isInnerPath(file) ? notFound(file, kind) : leadsOut(file) })
    return []
  }
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((content, i) => ({ content, line: i + 1 }))
    .filter(({ content }) => content.trim() !== '')
  if (lines.length === 0 || lines.length > kind.most) {
    const message = `the ${kind.name} has ${lines.length} ${kind.lines}; expected 1 to ${kind.most}`
    reading.report({ path, message, elsewhere: { file } })
    return []
  }
  return lines.flatMap(({ content, line }) => {
    const report = (message: string, column: number): void =>
      reading.report({ path, message, elsewhere: { file, line, column } })
    const data = parseJson(content)
    if (data instanceof SyntaxError) {
      report(`this line is not valid JSON; expected ${kind.sample}`, columnOf(data, content))
      return []
    }
    return [
      {
        line,
        data,
        // JSON is YAML, and YAML's reader knows the column of every member.
        report: (message: string, at: Path = [], pointAt: PointAt = 'value') =>
          report(message, at.length === 0 ? 1 : readYaml(content).locate(at, pointAt).column),
      },
    ]
  })
}

/** A path that stays inside the repository; anything else could send the runner's files away. */
export function isInnerPath(path: string): boolean {
  return !/^[/~]|^[A-Za-z]:|[\\\n\r]/.test(path) && !path.split('/').includes('..')
}

function leadsOut(file: string): string {
  return `${shown(file)} is not a path inside the repository; expected one below its root, such as prompts/chat.jsonl`
}

function notFound(file: string, { name, sample }: FileKind): string {
  return `the ${name} ${shown(file)} was not found; expected a JSONL file, ${sample}`
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
