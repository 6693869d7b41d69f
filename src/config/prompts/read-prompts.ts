// Prompts from wherever a workload takes them: a list in the file, a JSONL file, synthetic ones, or
// the built-in set.

import type { Prompt } from '../../model/config.ts'
import { DEFAULT_CLASS, type Message } from '../../model/conversation.ts'
import { readBody } from '../endpoint/endpoint.ts'
import type { RawPrompt, RawWorkload } from '../raw-config.ts'
import type { ConfigReading } from '../reading.ts'
import { shown } from '../schema/schema.ts'
import type { Path } from '../yaml/yaml.ts'
import { builtInPrompts } from './built-in-prompts.ts'
import { type PromptEntry, readPromptFile } from './prompt-file.ts'
import { readExpectation } from './read-expectation.ts'
import { readTurns } from './read-turns.ts'
import { syntheticPrompts } from './synthetic-prompts.ts'

/** `path` is that of `prompts`. */
export function readPrompts(
  raw: RawWorkload,
  path: Path,
  reading: ConfigReading,
): readonly Prompt[] {
  const { prompts, max_output_tokens: maxOutputTokens } = raw
  if (prompts === undefined) return builtInPrompts(maxOutputTokens)
  if (typeof prompts === 'string') {
    return finish(readPromptFile(prompts, path, reading), maxOutputTokens, reading)
  }
  if (Array.isArray(prompts)) {
    const entries = prompts.map((entry, i) => inline(entry, [...path, String(i)], reading))
    return finish(entries, maxOutputTokens, reading)
  }
  const { input_tokens: inputTokens, count } = prompts.synthetic
  return syntheticPrompts({ inputTokens, count, maxOutputTokens })
}

function inline(entry: string | RawPrompt, path: Path, reading: ConfigReading): PromptEntry {
  const raw = typeof entry === 'string' ? { prompt: entry } : entry
  const { expect, problems } = readExpectation(raw.expect)
  for (const { at, message } of problems) reading.report({ path: [...path, ...at], message })
  return { raw, expect, place: { path } }
}

function finish(
  entries: readonly PromptEntry[],
  maxOutputTokens: number,
  reading: ConfigReading,
): readonly Prompt[] {
  const names = new Set<string>()
  return entries.map(({ raw, expect, place }, i) => {
    const name = raw.name ?? `prompt-${i + 1}`
    const message = problemOf(raw) ?? (names.has(name) ? repeated(name) : undefined)
    if (message !== undefined) reading.report({ ...place, message, pointAt: 'key' })
    names.add(name)
    const most = raw.max_output_tokens ?? maxOutputTokens
    return {
      name,
      promptClass: raw.class ?? DEFAULT_CLASS,
      weight: raw.weight ?? 1,
      ...(raw.turns === undefined
        ? { messages: messagesOf(raw), maxOutputTokens: most }
        : turnsOf(raw.turns, most, { place, reading })),
      ...(raw.body === undefined ? {} : { body: bodyOf(raw.body, place, reading) }),
      ...(expect === undefined ? {} : { expect }),
    }
  })
}

function turnsOf(
  raw: NonNullable<RawPrompt['turns']>,
  maxOutputTokens: number,
  { place, reading }: { readonly place: PromptEntry['place']; readonly reading: ConfigReading },
): Pick<Prompt, 'messages' | 'later' | 'maxOutputTokens' | 'expect'> {
  const { problems, ...turns } = readTurns(raw, maxOutputTokens)
  for (const { at, message, pointAt } of problems) {
    const path = [...place.path, 'turns', ...at]
    reading.report({ ...place, path, message, ...(pointAt === undefined ? {} : { pointAt }) })
  }
  return turns
}

/** What a file's line gets wrong is said at the line. */
function bodyOf(
  raw: Readonly<Record<string, unknown>>,
  { path, elsewhere }: PromptEntry['place'],
  reading: ConfigReading,
): Prompt['body'] {
  const report: ConfigReading['report'] = (problem) =>
    reading.report(elsewhere === undefined ? problem : { ...problem, elsewhere })
  return readBody(raw, [...path, 'body'], { ...reading, report })
}

function problemOf(raw: RawPrompt): string | undefined {
  const { prompt, messages } = raw
  if (raw.turns !== undefined) return besideTurns(raw)
  if (prompt === undefined && messages === undefined) {
    return 'this prompt asks nothing; expected `prompt`, `messages` or `turns`'
  }
  if (prompt !== undefined && messages !== undefined) {
    return '`prompt` and `messages` cannot stand together; keep one'
  }
  const isSilent = messages?.every(({ role }) => role === 'system') ?? false
  return isSilent ? 'this prompt has only system messages; expected a user message' : undefined
}

function besideTurns(raw: RawPrompt): string | undefined {
  const other = (['prompt', 'messages'] as const).find((member) => raw[member] !== undefined)
  if (other !== undefined) return `\`${other}\` and \`turns\` cannot stand together; keep one`
  return raw.expect === undefined
    ? undefined
    : '`expect` of a conversation stands in the turn whose answer it is about; move it there'
}

function repeated(name: string): string {
  return `the prompt name ${shown(name)} is used twice; names are given once`
}

function messagesOf({ prompt, messages }: RawPrompt): readonly Message[] {
  if (messages === undefined) return [{ role: 'user', content: prompt ?? '' }]
  return messages.map(({ role, content }) => ({ role, content }))
}
