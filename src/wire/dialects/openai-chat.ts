// OpenAI's chat completions, and every server that speaks it (vLLM, SGLang, llama.cpp, TGI and most
// gateways). Ends with a chunk that has a `finish_reason`, then perhaps usage, then `[DONE]`. Some
// servers leave `[DONE]` out, so the answer is complete from its finish reason on; one that was cut
// before both is truncated.

import type { Message } from '../../model/conversation.ts'
import type { JsonValue } from '../../model/json-value.ts'
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
import type { CallPiece, Dialect, Reading, RequestInput } from './dialect.ts'
import { malformed, NOTHING, reportedModel } from './dialect.ts'
import type { Finished } from './openai-ending.ts'
import { readFinish, readUsage } from './openai-ending.ts'
import { appendPath, bearer, requestBody, requestHeaders } from './request.ts'
import { readEventError } from './stream-error.ts'

export const openaiChat: Dialect = {
  name: 'openai-chat',
  framing: 'sse',
  smallestOutputLimit: 1,

  /** `https://h`, `https://h/v1` and the full address all ask `https://h/v1/chat/completions`. */
  request(input) {
    const { endpoint, apiKey, messages } = input
    const url = appendPath(endpoint.url, '/v1', '/chat/completions')
    return {
      url,
      headers: requestHeaders(endpoint, { accept: 'text/event-stream', own: bearer(apiKey) }),
      body: requestBody(
        {
          model: endpoint.model,
          messages: messages.map(chatMessage),
          stream: true,
          stream_options: { include_usage: true },
          ...outputLimit(url, input),
        },
        endpoint.body,
      ),
    }
  },

  read: readChat,
}

/**
 * `max_tokens` is what every compatible server knows and some refuse to miss; OpenAI and Azure refuse
 * it for their reasoning models and take `max_completion_tokens` for all. `max_tokens: null` in the
 * config's body asks for the newer name elsewhere, and the other way round.
 */
function outputLimit(url: string, input: RequestInput): { [member: string]: JsonValue } {
  const { body } = input.endpoint
  const host = /^[a-z]+:\/\/([^/:?]+)/i.exec(url)?.[1] ?? ''
  const newer = /(^|\.)(api\.openai\.com|openai\.azure\.com)$/i.test(host)
  const names = newer
    ? (['max_completion_tokens', 'max_tokens'] as const)
    : (['max_tokens', 'max_completion_tokens'] as const)
  // A limit that the body states itself is the only one: sending both names is refused by some.
  const stated = names.some((name) => typeof body[name] === 'number')
  const name = names.find((candidate) => body[candidate] !== null)
  return stated || name === undefined ? {} : { [name]: input.maxOutputTokens }
}

function chatMessage(message: Message): JsonValue {
  const { role, content } = message
  if (role === 'tool') return { role, tool_call_id: message.id, content }
  if (role !== 'assistant' || message.calls === undefined) return { role, content }
  const calls = message.calls.map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }))
  return { role, content: content === '' ? null : content, tool_calls: calls }
}

function readChat(event: FramedEvent): Reading {
  if (event.data.trim() === '[DONE]') return { ...NOTHING, terminal: true }
  const chunk = jsonOrNothing(event.data)
  const error = readEventError(event, chunk)
  if (error !== undefined) return { ...NOTHING, error }
  if (!isObject(chunk)) return malformed('an event is not a JSON object')

  let { textCharacters, reasoningCharacters, toolCharacters } = NOTHING
  let finished: Finished | undefined
  let text: string | undefined
  let calls: readonly CallPiece[] | undefined
  for (const choice of listAt(chunk, 'choices')) {
    const delta = objectAt(choice, 'delta')
    if ((countAt(choice, 'index') ?? 0) === 0) {
      text = contentText(delta)
      calls = callPieces(delta)
    }
    textCharacters += contentLength(delta, 'text') + lengthAt(delta, 'refusal')
    reasoningCharacters += reasoningLength(delta)
    toolCharacters += toolLength(delta)
    const ended = readFinish(textAt(choice, 'finish_reason'))
    if (ended !== undefined) finished = { ...finished, ...ended }
  }
  return {
    textCharacters,
    reasoningCharacters,
    toolCharacters,
    text,
    calls,
    finish: finished?.finish,
    error: finished?.error,
    usage: readUsage(chunk),
    model: reportedModel(chunk, 'model'),
  }
}

/** `content` is text, or (Mistral) a list of `{type: text | thinking}` parts. */
function contentLength(delta: JsonObject | undefined, type: 'text' | 'thinking'): number {
  if (type === 'text' && typeof delta?.content === 'string') return delta.content.length
  let length = 0
  for (const part of listAt(delta, 'content')) {
    if (textAt(part, 'type') !== type) continue
    length += lengthAt(part, 'text')
    for (const inner of listAt(part, 'thinking')) length += lengthAt(inner, 'text')
  }
  return length
}

function contentText(delta: JsonObject | undefined): string | undefined {
  if (typeof delta?.content === 'string') return delta.content
  const parts = listAt(delta, 'content').filter((part) => textAt(part, 'type') === 'text')
  return parts.length === 0 ? undefined : parts.map((part) => textAt(part, 'text')).join('')
}

/**
 * vLLM and DeepSeek say `reasoning_content`, newer vLLM and OpenRouter `reasoning`. OpenRouter repeats
 * it in `reasoning_details`, which is all there is when the reasoning is encrypted.
 */
function reasoningLength(delta: JsonObject | undefined): number {
  const shown = lengthAt(delta, 'reasoning_content') || lengthAt(delta, 'reasoning')
  if (shown > 0) return shown
  let length = contentLength(delta, 'thinking')
  for (const detail of listAt(delta, 'reasoning_details')) {
    length += lengthAt(detail, 'text') + lengthAt(detail, 'summary') + lengthAt(detail, 'data')
  }
  return length
}

/** A name comes once, in the first piece of a call. */
function callPieces(delta: JsonObject | undefined): readonly CallPiece[] | undefined {
  if (delta?.tool_calls === undefined && delta?.function_call === undefined) return undefined
  const legacy = objectAt(delta, 'function_call')
  const pieces = listAt(delta, 'tool_calls').map((call) => ({
    key: String(countAt(call, 'index') ?? 0),
    id: textAt(call, 'id'),
    ...namedPiece(objectAt(call, 'function')),
  }))
  return legacy === undefined ? pieces : [{ key: 'legacy', ...namedPiece(legacy) }, ...pieces]
}

function namedPiece(call: JsonObject | undefined): CallPiece {
  return { name: textAt(call, 'name'), arguments: textAt(call, 'arguments') }
}

function toolLength(delta: JsonObject | undefined): number {
  const legacy = objectAt(delta, 'function_call')
  let length = lengthAt(legacy, 'name') + lengthAt(legacy, 'arguments')
  for (const call of listAt(delta, 'tool_calls')) {
    const named = objectAt(call, 'function')
    length += lengthAt(named, 'name') + lengthAt(named, 'arguments')
  }
  return length
}
