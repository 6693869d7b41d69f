// Prompts from wherever a workload takes them: a list in the file, a JSONL file, synthetic ones, or
// the built-in set.

import type { Message, Prompt } from '../../model/config.ts'
import { builtInPrompts } from './built-in-prompts.ts'
import { checkPrompt } from './check-shape.ts'
import { shown } from './explain-violation.ts'
import type { RawPrompt, RawWorkload } from './raw-config.ts'
import { type Path, readYaml } from './read-yaml.ts'
import type { Problem, Reading } from './reading.ts'
import { syntheticPrompts } from './synthetic-prompts.ts'

const MAX_PROMPTS = 10_000

export function readPrompts(raw: RawWorkload, path: Path, reading: Reading): readonly Prompt[] {
  const { prompts, max_output_tokens: maxOutputTokens } = raw
  if (prompts === undefined) return builtInPrompts(maxOutputTokens)
  if (typeof prompts === 'string') {
    const entries = readPromptFile(prompts, path, reading)
    return finish(entries, maxOutputTokens, reading)
  }
  if (Array.isArray(prompts)) {
    const entries = prompts.map((entry, i) => ({
      raw: asMapping(entry),
      place: { path: [...path, String(i)] },
    }))
    return finish(entries, maxOutputTokens, reading)
  }
  const { input_tokens: inputTokens, count } = prompts.synthetic
  return syntheticPrompts({ inputTokens, count, maxOutputTokens })
}

/** A path that stays inside the repository; anything else could send the runner's files away. */
export function isInnerPath(path: string): boolean {
  const segments = path.split('/')
  return !/^[/\\~]|^[A-Za-z]:|\\/.test(path) && !segments.includes('..')
}

type Entry = { readonly raw: RawPrompt; readonly place: Pick<Problem, 'path' | 'elsewhere'> }

function asMapping(entry: string | RawPrompt): RawPrompt {
  return typeof entry === 'string' ? { prompt: entry } : entry
}

function readPromptFile(file: string, path: Path, reading: Reading): readonly Entry[] {
  if (!isInnerPath(file)) {
    const message = `${shown(file)} leads out of the repository; expected a path below its root, such as prompts/chat.jsonl`
    reading.report({ path, message })
    return []
  }
  const text = reading.files.get(file)
  if (text === undefined) {
    const message = `the prompt file ${shown(file)} was not found; expected a JSONL file at this path from the repository's root`
    reading.report({ path, message })
    return []
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const entries = lines.flatMap((line, i) =>
    line.trim() === '' ? [] : readLine(line, { file, line: i + 1, path, reading }),
  )
  if (entries.length === 0 && text.trim() === '') {
    reading.report({ path, message: 'the prompt file is empty', elsewhere: { file } })
  }
  if (entries.length > MAX_PROMPTS) {
    const message = `the prompt file has ${entries.length} prompts; the most is ${MAX_PROMPTS}`
    reading.report({ path, message, elsewhere: { file } })
  }
  return entries
}

type LineContext = {
  readonly file: string
  readonly line: number
  readonly path: Path
  readonly reading: Reading
}

/** None when the line was refused; the reason has been reported with its place. */
function readLine(text: string, context: LineContext): readonly Entry[] {
  const { file, line, path, reading } = context
  const at = (column: number) => ({ file, line, column })
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    const column = columnOfSyntaxError(error, text)
    const message =
      'this line is not valid JSON; expected one prompt a line, such as {"prompt": "…"}'
    reading.report({ path, message, elsewhere: at(column) })
    return []
  }
  // JSON is YAML, and YAML's reader knows the column of every member.
  const { locate, problems: doubled } = readYaml(text)
  for (const { message, place } of doubled) {
    reading.report({ path, message, elsewhere: at(place?.column ?? 1) })
  }
  const problems = checkPrompt(data)
  for (const problem of problems) {
    const { column } = locate(problem.path, problem.pointAt)
    reading.report({ path: problem.path, message: problem.message, elsewhere: at(column) })
  }
  if (problems.length > 0 || !isPrompt(data)) return []
  return [{ raw: asMapping(data), place: { path, elsewhere: { file, line } } }]
}

function isPrompt(data: unknown): data is string | RawPrompt {
  return checkPrompt(data).length === 0
}

/** V8 says "at position N" unless the line ends too early. */
function columnOfSyntaxError(error: unknown, text: string): number {
  const position = /position (\d+)/.exec(String(error))?.[1]
  return position === undefined ? text.length + 1 : Number(position) + 1
}

function finish(
  entries: readonly Entry[],
  maxOutputTokens: number,
  reading: Reading,
): readonly Prompt[] {
  const names = new Set<string>()
  return entries.map(({ raw, place }, i) => {
    const name = raw.name ?? `prompt-${i + 1}`
    const problem = problemOf(raw) ?? (names.has(name) ? repeated(name) : undefined)
    if (problem !== undefined) reading.report({ ...place, message: problem, pointAt: 'key' })
    names.add(name)
    return {
      name,
      promptClass: raw.class ?? 'default',
      weight: raw.weight ?? 1,
      messages: messagesOf(raw),
      maxOutputTokens: raw.max_output_tokens ?? maxOutputTokens,
    }
  })
}

function problemOf(raw: RawPrompt): string | undefined {
  if (raw.prompt === undefined && raw.messages === undefined) {
    return 'this prompt asks nothing; expected `prompt` or `messages`'
  }
  if (raw.prompt !== undefined && raw.messages !== undefined) {
    return '`prompt` and `messages` cannot stand together; keep one'
  }
  const speaks = raw.messages?.some(({ role }) => role !== 'system') ?? true
  return speaks ? undefined : 'this prompt has only system messages; expected a user message'
}

function repeated(name: string): string {
  return `the prompt name ${shown(name)} is used twice; names are given once`
}

function messagesOf(raw: RawPrompt): readonly Message[] {
  if (raw.messages !== undefined) {
    return raw.messages.map(({ role, content }) => ({ role, content }))
  }
  return [{ role: 'user', content: raw.prompt ?? '' }]
}
