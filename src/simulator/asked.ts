// Reads what a request asks for: which dialect, which version of the endpoint, which model and how
// many tokens. Lenient like a server that speaks all dialects at once.

import type { DialectName } from '../model/config.ts'
import type { JsonObject } from '../wire/json/json.ts'
import { countAt, isObject, listAt, objectAt, textAt } from '../wire/json/json.ts'
import type { Fault } from './faults.ts'
import { isFault } from './faults.ts'

export type Address = {
  readonly dialect: DialectName
  /** `main` for `/v1`, `slow` for `/slow/v1`. */
  readonly version: string
  /** From `/fault/NAME/v1`: every request there gets it. */
  readonly fault?: Fault
  /** Where the dialect puts the model into the path. */
  readonly modelInPath?: string
}

const PATHS: readonly (readonly [RegExp, DialectName])[] = [
  [/\/chat\/completions$/, 'openai-chat'],
  [/\/completions$/, 'openai-completions'],
  [/\/responses$/, 'openai-responses'],
  [/\/messages$/, 'anthropic-messages'],
  [/\/models\/([^/]+):streamGenerateContent$/, 'gemini'],
  [/\/api\/chat$/, 'ollama-chat'],
  [/\/model\/([^/]+)\/converse-stream$/, 'bedrock-converse'],
  [/\/embeddings$/, 'openai-embeddings'],
  [/\/rerank$/, 'rerank'],
]

/** What a path asks, or undefined when it is no dialect's. */
export function readAddress(path: string): Address | undefined {
  for (const [pattern, dialect] of PATHS) {
    const match = pattern.exec(path)
    if (match === null) continue
    const place = readPlace(path.slice(0, match.index))
    if (place === undefined) return undefined
    const model = match[1] === undefined ? {} : { modelInPath: decodeURIComponent(match[1]) }
    return { dialect, ...place, ...model }
  }
  return undefined
}

/** `""`, `/v1`, `/slow/v1`, `/fault/http-500/v1`. */
function readPlace(prefix: string): Pick<Address, 'version' | 'fault'> | undefined {
  const segments = prefix.split('/').filter((part) => part !== '' && !/^v\d+(beta)?$/.test(part))
  const [first, second] = segments
  if (first === undefined) return { version: 'main' }
  if (first === 'fault' && second !== undefined && segments.length === 2) {
    return isFault(second) ? { version: 'main', fault: second } : undefined
  }
  return segments.length === 1 ? { version: first } : undefined
}

export type AskedBody = {
  readonly model: string
  readonly prompt: string
  readonly inputTokens: number
  readonly maxOutputTokens: number
  readonly streams: boolean
  readonly usageAsked: boolean
  /** Of its conversation, from 1 on: one more than it holds answers. */
  readonly turn: number
  /** The first tool that is offered, unless what is asked ends with a tool's result. */
  readonly tool?: string
  /** Vectors or rankings; 0 where the answer is made of tokens. */
  readonly items: number
}

const DEFAULT_OUTPUT_TOKENS = 64

/** The others have to be asked for a stream. */
const STREAMS_BY_DEFAULT: ReadonlySet<DialectName> = new Set([
  'gemini',
  'ollama-chat',
  'bedrock-converse',
])

export function readBody(address: Address, body: JsonObject): AskedBody {
  const prompt = promptText(body)
  const tool = offeredTool(body)
  const items = itemsAsked(address.dialect, body)
  const byDefault = STREAMS_BY_DEFAULT.has(address.dialect)
  return {
    model: address.modelInPath ?? textAt(body, 'model') ?? '',
    prompt,
    // About four characters a token: a server's own count is as foreign to the client.
    inputTokens: Math.ceil(prompt.length / 4) + 3,
    maxOutputTokens: items > 0 ? 1 : (outputLimit(body) ?? DEFAULT_OUTPUT_TOKENS),
    streams: items > 0 || body.stream === true || (byDefault && body.stream !== false),
    usageAsked: usageAsked(address.dialect, body),
    turn: 1 + answersIn(body),
    ...(tool === undefined ? {} : { tool }),
    items,
  }
}

function itemsAsked(dialect: DialectName, body: JsonObject): number {
  if (dialect === 'openai-embeddings') return Math.max(1, listAt(body, 'input').length)
  if (dialect !== 'rerank') return 0
  const documents = listAt(body, 'documents').length
  return Math.min(documents, countAt(body, 'top_n') ?? documents)
}

function outputLimit(body: JsonObject): number | undefined {
  return (
    countAt(body, 'max_completion_tokens') ??
    countAt(body, 'max_tokens') ??
    countAt(body, 'max_output_tokens') ??
    countAt(objectAt(body, 'generationConfig'), 'maxOutputTokens') ??
    countAt(objectAt(body, 'inferenceConfig'), 'maxTokens') ??
    countAt(objectAt(body, 'options'), 'num_predict')
  )
}

function usageAsked(dialect: DialectName, body: JsonObject): boolean {
  if (dialect !== 'openai-chat' && dialect !== 'openai-completions') return true
  return objectAt(body, 'stream_options')?.include_usage === true
}

/** What was said before, whatever the dialect calls it. */
function messagesOf(body: JsonObject): readonly unknown[] {
  return ['messages', 'input', 'contents'].flatMap((member) => listAt(body, member))
}

/** A text and a call of one answer may be two items. */
function answersIn(body: JsonObject): number {
  const isAnswer = (message: unknown) =>
    ['assistant', 'model'].includes(textAt(message, 'role') ?? '') ||
    textAt(message, 'type') === 'function_call'
  const said = messagesOf(body)
  return said.filter((message, at) => isAnswer(message) && !isAnswer(said[at - 1])).length
}

function offeredTool(body: JsonObject): string | undefined {
  const last = messagesOf(body).at(-1)
  const isResult =
    textAt(last, 'role') === 'tool' ||
    textAt(last, 'type') === 'function_call_output' ||
    listAt(last, 'content').some(isResultBlock) ||
    listAt(last, 'parts').some((part) => objectAt(part, 'functionResponse') !== undefined)
  if (isResult) return undefined
  const [tool] = [...listAt(body, 'tools'), ...listAt(objectAt(body, 'toolConfig'), 'tools')]
  const [declared] = listAt(tool, 'functionDeclarations')
  const named = objectAt(tool, 'function') ?? objectAt(tool, 'toolSpec')
  return textAt(named ?? declared ?? tool, 'name')
}

function isResultBlock(block: unknown): boolean {
  return textAt(block, 'type') === 'tool_result' || objectAt(block, 'toolResult') !== undefined
}

/** All text of all messages, in order, whatever the dialect calls them. */
function promptText(body: JsonObject): string {
  const alone = [body.prompt, body.system, body.input, body.query].filter(
    (text) => typeof text === 'string',
  )
  const system = objectAt(body, 'systemInstruction')
  const parts = [
    system,
    ...listAt(body, 'system'),
    ...messagesOf(body),
    ...listAt(body, 'documents'),
  ]
  return [...alone, ...parts.flatMap(textsOf)].join('\n')
}

function textsOf(message: unknown): readonly string[] {
  if (typeof message === 'string') return [message]
  if (!isObject(message)) return []
  const own = [message.content, message.text, message.output].filter(
    (text) => typeof text === 'string',
  )
  const parts = [...listAt(message, 'content'), ...listAt(message, 'parts')]
  const calls = [message.tool_calls, message.arguments].filter((call) => call !== undefined)
  return [...own, ...parts.map(partText), ...calls.map((call) => JSON.stringify(call))]
}

/** A call or a result is read as it was written. */
function partText(part: unknown): string {
  return textAt(part, 'text') ?? textAt(part, 'content') ?? JSON.stringify(part)
}
