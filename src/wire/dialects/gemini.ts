// Google's Gemini (AI Studio and Vertex), `streamGenerateContent` with server-sent events. Every event
// is a partial response; the terminal mark is a `finishReason`, or a prompt that was blocked. Thinking
// is outside `candidatesTokenCount` and added here; cached input is inside `promptTokenCount`.

import type { Message, ToolCall } from '../../model/conversation.ts'
import type { JsonValue } from '../../model/json-value.ts'
import type { FinishReason } from '../../model/request-record.ts'
import type { FramedEvent } from '../events/events.ts'
import type { JsonObject } from '../json/json.ts'
import {
  countAt,
  isObject,
  jsonOrNothing,
  lengthAt,
  listAt,
  objectAt,
  textAt,
} from '../json/json.ts'
import type { CallPiece, Dialect, Reading, UsageParts } from './dialect.ts'
import { malformed, NOTHING, reportedModel } from './dialect.ts'
import { appendPath, membersOf, requestBody, requestHeaders, splitQuery } from './request.ts'
import { readEventError } from './stream-error.ts'

export const gemini: Dialect = {
  name: 'gemini',
  framing: 'sse',
  smallestOutputLimit: 1,

  /** `https://h` and `https://h/v1beta` ask `https://h/v1beta/models/MODEL:streamGenerateContent`;
   * any other base path gets `/models/…` (Vertex: `…/publishers/google`). The key is never the
   * `key` query parameter: addresses end up in logs. */
  request({ endpoint, apiKey, messages, maxOutputTokens }) {
    const own: Readonly<Record<string, string>> =
      apiKey === undefined || apiKey === '' ? {} : { 'x-goog-api-key': apiKey }
    const system = messages.filter((m) => m.role === 'system').map((m) => ({ text: m.content }))
    return {
      url: streamUrl(endpoint.url, endpoint.model),
      headers: requestHeaders(endpoint, { accept: 'text/event-stream', own }),
      body: requestBody(
        {
          ...(system.length === 0 ? {} : { systemInstruction: { parts: system } }),
          contents: contentsOf(messages),
          generationConfig: { maxOutputTokens },
        },
        endpoint.body,
      ),
    }
  },

  read: readGemini,
}

/** What comes one after the other of one side is one content; a text part is never empty. */
function contentsOf(messages: readonly Message[]): JsonValue {
  const contents: { role: 'user' | 'model'; parts: JsonValue[] }[] = []
  for (const [at, message] of messages.entries()) {
    const parts = partsOf(message)
    if (message.role === 'system' || parts.length === 0) continue
    const isTogether = message.role === 'tool' && messages[at - 1]?.role === 'tool'
    const role = message.role === 'assistant' ? 'model' : 'user'
    if (isTogether) contents.at(-1)?.parts.push(...parts)
    else contents.push({ role, parts })
  }
  return contents
}

function partsOf(message: Message): JsonValue[] {
  const { content } = message
  if (message.role === 'tool') {
    const { name } = message
    return [{ functionResponse: { name, response: responseOf(content) } }]
  }
  const calls = message.role === 'assistant' ? (message.calls ?? []) : []
  const text = content === '' ? [] : [{ text: content }]
  return [...text, ...calls.map(callPart)]
}

function callPart({ name, arguments: args, signature }: ToolCall): JsonValue {
  const call = { functionCall: { name, args: membersOf(args) } }
  return signature === undefined ? call : { ...call, thoughtSignature: signature }
}

/** A result is an object here: what is none is the object's one member. */
function responseOf(content: string): { readonly [member: string]: JsonValue } {
  return isObject(jsonOrNothing(content)) ? membersOf(content) : { result: content }
}

function streamUrl(base: string, model: string): string {
  const name = encodeURIComponent(model.replace(/^models\//, ''))
  const address = appendPath(base, '/v1beta', `/models/${name}:streamGenerateContent`)
  const { before, query } = splitQuery(address)
  return `${before}${query === '' ? '?' : `${query}&`}alt=sse`
}

function readGemini(event: FramedEvent): Reading {
  const data = jsonOrNothing(event.data)
  const error = readEventError(event, data)
  if (error !== undefined) return { ...NOTHING, error }
  if (!isObject(data)) return malformed('an event is not a JSON object')
  const told = readCandidates(listAt(data, 'candidates'))
  const finish = isBlocked(data) ? 'content-filter' : told.finish
  return {
    ...told,
    finish,
    terminal: finish === undefined ? undefined : true,
    usage: readUsage(objectAt(data, 'usageMetadata')),
    model: reportedModel(data, 'modelVersion'),
  }
}

function isBlocked(data: JsonObject): boolean {
  return textAt(objectAt(data, 'promptFeedback'), 'blockReason') !== undefined
}

function readCandidates(candidates: readonly unknown[]): Reading {
  let { textCharacters, reasoningCharacters, toolCharacters } = NOTHING
  let finish: FinishReason | undefined
  let text: string | undefined
  const calls: CallPiece[] = []
  for (const candidate of candidates) {
    const isFirst = candidate === candidates[0]
    for (const part of listAt(objectAt(candidate, 'content'), 'parts')) {
      const isThought = isObject(part) && part.thought === true
      if (isThought) reasoningCharacters += lengthAt(part, 'text')
      else textCharacters += lengthAt(part, 'text')
      toolCharacters += toolLength(part)
      if (!isFirst) continue
      if (!isThought) text = (text ?? '') + (textAt(part, 'text') ?? '')
      const call = objectAt(part, 'functionCall')
      if (call !== undefined) calls.push(callPiece(call, textAt(part, 'thoughtSignature')))
    }
    finish = finishOf(textAt(candidate, 'finishReason'), toolCharacters) ?? finish
  }
  return { textCharacters, reasoningCharacters, toolCharacters, text, calls, finish }
}

/** A call comes whole. */
function callPiece(call: JsonObject, signature: string | undefined): CallPiece {
  return { name: textAt(call, 'name'), arguments: JSON.stringify(call.args ?? {}), signature }
}

function toolLength(part: unknown): number {
  const call = objectAt(part, 'functionCall')
  const code = objectAt(part, 'executableCode')
  return (call === undefined ? 0 : JSON.stringify(call).length) + lengthAt(code, 'code')
}

function finishOf(reason: string | undefined, toolCharacters: number): FinishReason | undefined {
  switch (reason) {
    case undefined:
    case 'FINISH_REASON_UNSPECIFIED':
      return undefined
    case 'STOP':
      return toolCharacters > 0 ? 'tool-call' : 'stop'
    case 'MAX_TOKENS':
      return 'length'
    case 'SAFETY':
    case 'RECITATION':
    case 'BLOCKLIST':
    case 'PROHIBITED_CONTENT':
    case 'SPII':
    case 'IMAGE_SAFETY':
      return 'content-filter'
    default:
      return 'other'
  }
}

function readUsage(usage: JsonObject | undefined): UsageParts | undefined {
  const prompt = countAt(usage, 'promptTokenCount')
  if (prompt === undefined) return undefined
  const visible = countAt(usage, 'candidatesTokenCount')
  const thoughts = countAt(usage, 'thoughtsTokenCount')
  const output = visible === undefined && thoughts === undefined ? undefined : (visible ?? 0)
  return {
    inputTokens: prompt + (countAt(usage, 'toolUsePromptTokenCount') ?? 0),
    cachedInputTokens: countAt(usage, 'cachedContentTokenCount') ?? 0,
    ...(output === undefined ? {} : { outputTokens: output + (thoughts ?? 0) }),
    ...(thoughts === undefined ? {} : { reasoningTokens: thoughts }),
  }
}
