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
}

const DEFAULT_OUTPUT_TOKENS = 64

export function readBody(address: Address, body: JsonObject): AskedBody {
  const prompt = promptText(body)
  const byDefault = address.dialect === 'gemini' || address.dialect === 'ollama-chat'
  return {
    model: address.modelInPath ?? textAt(body, 'model') ?? '',
    prompt,
    // About four characters a token: a server's own count is as foreign to the client.
    inputTokens: Math.ceil(prompt.length / 4) + 3,
    maxOutputTokens: outputLimit(body) ?? DEFAULT_OUTPUT_TOKENS,
    streams: body.stream === true || (byDefault && body.stream !== false),
    usageAsked: usageAsked(address.dialect, body),
  }
}

function outputLimit(body: JsonObject): number | undefined {
  return (
    countAt(body, 'max_completion_tokens') ??
    countAt(body, 'max_tokens') ??
    countAt(body, 'max_output_tokens') ??
    countAt(objectAt(body, 'generationConfig'), 'maxOutputTokens') ??
    countAt(objectAt(body, 'options'), 'num_predict')
  )
}

function usageAsked(dialect: DialectName, body: JsonObject): boolean {
  if (dialect !== 'openai-chat' && dialect !== 'openai-completions') return true
  return objectAt(body, 'stream_options')?.include_usage === true
}

/** All text of all messages, in order, whatever the dialect calls them. */
function promptText(body: JsonObject): string {
  const lists = ['messages', 'input', 'contents'].flatMap((member) => listAt(body, member))
  const alone = [body.prompt, body.system, body.input].filter((t) => typeof t === 'string')
  const system = objectAt(body, 'systemInstruction')
  return [...alone, ...[system, ...lists].flatMap(textsOf)].join('\n')
}

function textsOf(message: unknown): readonly string[] {
  if (!isObject(message)) return []
  const own = [message.content, message.text].filter((text) => typeof text === 'string')
  const parts = [...listAt(message, 'content'), ...listAt(message, 'parts')]
  return [...own, ...parts.map((part) => textAt(part, 'text') ?? '')]
}
