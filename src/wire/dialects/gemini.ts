// Google's Gemini (AI Studio and Vertex), `streamGenerateContent` with server-sent events. Every event
// is a partial response; the terminal mark is a `finishReason`, or a prompt that was blocked. Thinking
// is outside `candidatesTokenCount` and added here; cached input is inside `promptTokenCount`.

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
import type { Dialect, Reading, UsageParts } from './dialect.ts'
import { malformed, NOTHING, reportedModel } from './dialect.ts'
import { appendPath, requestBody, requestHeaders, splitQuery } from './request.ts'
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
          contents: messages
            .filter((message) => message.role !== 'system')
            .map(({ role, content }) => ({
              role: role === 'assistant' ? 'model' : 'user',
              parts: [{ text: content }],
            })),
          generationConfig: { maxOutputTokens },
        },
        endpoint.body,
      ),
    }
  },

  read: readGemini,
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
  const tools: string[] = []
  for (const candidate of candidates) {
    const isFirst = candidate === candidates[0]
    for (const part of listAt(objectAt(candidate, 'content'), 'parts')) {
      const isThought = isObject(part) && part.thought === true
      if (isThought) reasoningCharacters += lengthAt(part, 'text')
      else textCharacters += lengthAt(part, 'text')
      toolCharacters += toolLength(part)
      if (!isFirst) continue
      if (!isThought) text = (text ?? '') + (textAt(part, 'text') ?? '')
      const tool = textAt(objectAt(part, 'functionCall'), 'name')
      if (tool !== undefined) tools.push(tool)
    }
    finish = finishOf(textAt(candidate, 'finishReason'), toolCharacters) ?? finish
  }
  return { textCharacters, reasoningCharacters, toolCharacters, text, tools, finish }
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
