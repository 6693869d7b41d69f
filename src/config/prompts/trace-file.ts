// A trace: who asked how much and when, one request a line, as Mooncake publishes them or as an access log
// gives them. The prompts are made up by their length; requests that shared a beginning share one here.

import type { Prompt } from '../../model/config.ts'
import type { RawTrace, RawTraceLine } from '../raw-config.ts'
import type { ConfigReading } from '../reading.ts'
import { checkTraceLine } from '../schema/schema.ts'
import type { Path } from '../yaml/yaml.ts'
import { type FileKind, type FileLine, readLines } from './jsonl-file.ts'
import { commonWords, listContent, wordsOf } from './synthetic-prompts.ts'

export type Trace = {
  /** One a request, in order. */
  readonly prompts: readonly Prompt[]
  /** From the first request, in ms, ascending. */
  readonly timesMs: readonly number[]
  /** Some of them begin alike, as their hashes or prefixes say. */
  readonly hasShared: boolean
}

const TRACE_FILE: FileKind = {
  name: 'trace',
  lines: 'requests',
  sample: 'one request a line: {"timestamp": 27482, "input_length": 700, "output_length": 50}',
  most: 1_000_000,
}

/** Of all prompts together: about 30 MB of text. */
const MOST_TOKENS = 5_000_000

/** Tokens for which one entry of `hash_ids` stands. Source: the Mooncake trace's description (2024). */
const BLOCK_TOKENS = 512

type Request = {
  readonly line: FileLine
  readonly raw: RawTraceLine
  readonly atMs: number
  readonly inputTokens: number
  readonly outputTokens: number
}

/**
 * At most `requests` of them, at their times over `speed`. Undefined after a problem, which has been
 * reported with the file's own line.
 */
export function readTrace(
  { file, speed }: RawTrace,
  requests: number,
  { path, reading }: { readonly path: Path; readonly reading: ConfigReading },
): Trace | undefined {
  const at = [...path, 'file']
  const lines = readLines(file, TRACE_FILE, { path: at, reading }).slice(0, requests)
  const asked = lines.flatMap((line) => requestOf(line) ?? [])
  if (asked.length < lines.length || asked.length === 0 || !isInOrder(asked)) return undefined
  const tokens = asked.reduce((sum, { inputTokens }) => sum + inputTokens, 0)
  if (tokens > MOST_TOKENS) {
    const message = `the first ${asked.length} requests of the trace have ${tokens} tokens of input; expected at most ${MOST_TOKENS} in all: lower \`requests\``
    reading.report({ path: at, message, elsewhere: { file } })
    return undefined
  }
  const startMs = asked[0]?.atMs ?? 0
  return {
    prompts: asked.map(promptOf),
    timesMs: asked.map(({ atMs }) => (atMs - startMs) / speed),
    hasShared: asked.some(({ raw }) => (raw.hash_ids ?? raw.prefix) !== undefined),
  }
}

function requestOf(line: FileLine): Request | undefined {
  const { problems, value: raw } = checkTraceLine(line.data)
  for (const { message, path, pointAt } of problems) line.report(message, path, pointAt)
  if (raw === undefined) return undefined
  const atMs = raw.timestamp ?? Date.parse(raw.time ?? '')
  const inputTokens = raw.input_length ?? raw.input_tokens
  const outputTokens = raw.output_length ?? raw.output_tokens
  const missing = [
    ...(Number.isNaN(atMs) ? ['`timestamp` (milliseconds) or `time` (ISO 8601)'] : []),
    ...(inputTokens === undefined ? ['`input_length` or `input_tokens`'] : []),
    ...(outputTokens === undefined ? ['`output_length` or `output_tokens`'] : []),
  ]
  if (missing.length > 0 || inputTokens === undefined || outputTokens === undefined) {
    line.report(`this request lacks ${missing.join(', ')}; expected ${TRACE_FILE.sample}`)
    return undefined
  }
  return { line, raw, atMs, inputTokens, outputTokens: Math.max(1, outputTokens) }
}

/** A trace that goes back in time is of another order, or two files in one. */
function isInOrder(asked: readonly Request[]): boolean {
  const late = asked.find(({ atMs }, index) => atMs < (asked[index - 1]?.atMs ?? -Infinity))
  late?.line.report(
    'this request came before the one above it; expected times in order: sort the trace',
  )
  return late === undefined
}

function promptOf(request: Request, index: number): Prompt {
  const { raw, inputTokens, outputTokens } = request
  return {
    name: `trace-${index + 1}`,
    promptClass: raw.class ?? classOf(inputTokens),
    weight: 1,
    messages: [{ role: 'user', content: listContent(wordsFor(request, index)) }],
    maxOutputTokens: outputTokens,
  }
}

function wordsFor({ raw, inputTokens }: Request, index: number): readonly string[] {
  const count = wordsOf(inputTokens)
  const shared = (raw.hash_ids ?? []).flatMap((id) => commonWords(id, BLOCK_TOKENS))
  const prefix =
    raw.prefix === undefined ? [] : commonWords(seedOf(raw.prefix), raw.prefix_tokens ?? 0)
  const begun = [...shared, ...prefix].slice(0, count)
  return [...begun, ...commonWords(OWN_SEED + index, count - begun.length)]
}

/** Far from the ids of blocks, which count from 0. */
const OWN_SEED = 2 ** 31

function seedOf(name: string): number {
  return [...name].reduce((seed, letter) => (seed * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7)
}

/** Prompts that cost about the same, four times the length apart. */
const CLASSES = [500, 2000, 8000, 32_000] as const

function classOf(inputTokens: number): string {
  const upTo = CLASSES.find((tokens) => inputTokens <= tokens)
  return upTo === undefined ? `over ${CLASSES.at(-1)} tokens` : `up to ${upTo} tokens`
}
