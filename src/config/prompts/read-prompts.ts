// Prompts from wherever a workload takes them: a list in the file, a JSONL file, synthetic ones, or
// the built-in set.

import { type DialectName, hasTokens, type Prompt } from '../../model/config.ts'
import { DEFAULT_CLASS } from '../../model/conversation.ts'
import { shown } from '../../model/shown.ts'
import { readBody } from '../endpoint/endpoint.ts'
import type { RawPrompt, RawSynthetic, RawWorkload } from '../raw-config.ts'
import type { ConfigReading } from '../reading.ts'
import type { Path } from '../yaml/yaml.ts'
import { builtInPrompts, builtInRankings } from './built-in-prompts.ts'
import { contentProblem, messagesOf } from './prompt-content.ts'
import { type PromptEntry, readPromptFile } from './prompt-file.ts'
import { readExpectation } from './read-expectation.ts'
import { readTurns } from './read-turns.ts'
import { syntheticItems, syntheticPrompts } from './synthetic-prompts.ts'

/** Where the prompts are read: the path of `prompts`, and where problems go. */
type PromptsPlace = { readonly path: Path; readonly reading: ConfigReading }

export function readPrompts(
  raw: RawWorkload,
  api: DialectName,
  { path, reading }: PromptsPlace,
): readonly Prompt[] {
  const { prompts } = raw
  const by = { api, maxOutputTokens: hasTokens(api) ? raw.max_output_tokens : 0, reading }
  if (prompts === undefined) {
    return api === 'rerank' ? builtInRankings() : builtInPrompts(by.maxOutputTokens)
  }
  if (typeof prompts === 'string') return finish(readPromptFile(prompts, path, reading), by)
  if (Array.isArray(prompts)) {
    return finish(
      prompts.map((entry, i) => inline(entry, [...path, String(i)], reading)),
      by,
    )
  }
  return readSynthetic(prompts.synthetic, { path: [...path, 'synthetic'], ...by })
}

type By = {
  readonly api: DialectName
  readonly maxOutputTokens: number
  readonly reading: ConfigReading
}

function readSynthetic(
  { input_tokens: inputTokens, count, items }: RawSynthetic,
  { api, maxOutputTokens, path, reading }: By & { readonly path: Path },
): readonly Prompt[] {
  if (!hasTokens(api)) return syntheticItems({ api, inputTokens, count, items })
  if (items !== undefined) {
    const message = `${api} is asked one prompt a request; take \`items\` out`
    reading.report({ path: [...path, 'items'], message, pointAt: 'key' })
  }
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
  { api, maxOutputTokens, reading }: By,
): readonly Prompt[] {
  const names = new Set<string>()
  return entries.map(({ raw, expect, place }, i) => {
    const name = raw.name ?? `prompt-${i + 1}`
    const message = contentProblem(raw, api) ?? (names.has(name) ? repeated(name) : undefined)
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
      // What the turns expect of the first answer stays where the prompt itself says nothing.
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
    reading.report({ ...place, path, message, pointAt })
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

function repeated(name: string): string {
  return `the prompt name ${shown(name)} is used twice; names are given once`
}
