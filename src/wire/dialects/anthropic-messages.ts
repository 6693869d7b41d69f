// Anthropic's messages. Typed events; input usage comes first (`message_start`), output usage last
// (`message_delta`), the terminal mark is `message_stop`. Input tokens are reported in three exclusive
// parts (read afresh, read from the cache, written to the cache), added here to all input.

import type { Message } from '../../model/conversation.ts'
import type { JsonValue } from '../../model/json-value.ts'
import type { FinishReason } from '../../model/request-record.ts'
import type { FramedEvent } from '../events/events.ts'
import type { JsonObject } from '../json/json.ts'
import { countAt, isObject, jsonOrNothing, lengthAt, objectAt, textAt } from '../json/json.ts'
import type { Dialect, Reading, UsageParts } from './dialect.ts'
import { malformed, NOTHING, reportedModel } from './dialect.ts'
import { appendPath, membersOf, requestBody, requestHeaders, splitQuery } from './request.ts'
import { readEventError } from './stream-error.ts'

const API_VERSION = '2023-06-01'

export const anthropicMessages: Dialect = {
  name: 'anthropic-messages',
  framing: 'sse',
  smallestOutputLimit: 1,

  /** `https://h`, `https://h/v1` and the full address all ask `https://h/v1/messages`; so does any
   * other base path, as Anthropic's own clients do (`https://h/anthropic/v1/messages`). */
  request({ endpoint, apiKey, messages, maxOutputTokens }) {
    const system = messages.filter((m) => m.role === 'system').map((m) => m.content)
    const own: Readonly<Record<string, string>> =
      apiKey === undefined || apiKey === '' ? {} : { 'x-api-key': apiKey }
    return {
      url: messagesUrl(endpoint.url),
      headers: requestHeaders(endpoint, {
        accept: 'text/event-stream',
        own: { 'anthropic-version': API_VERSION, ...own },
      }),
      body: requestBody(
        {
          model: endpoint.model,
          ...(system.length === 0 ? {} : { system: system.join('\n\n') }),
          messages: spoken(messages),
          stream: true,
          max_tokens: maxOutputTokens,
        },
        endpoint.body,
      ),
    }
  },

  read: readMessages,
}

/** All results of one turn are blocks of one user message; a text block is never empty. */
function spoken(messages: readonly Message[]): JsonValue {
  const said: { role: string; content: JsonValue[] | string }[] = []
  for (const [at, message] of messages.entries()) {
    if (message.role === 'system') continue
    if (message.role !== 'tool') {
      const content = contentOf(message)
      if (content !== '') said.push({ role: message.role, content })
      continue
    }
    const result = { type: 'tool_result', tool_use_id: message.id, content: message.content }
    const last = said.at(-1)
    const isTogether = messages[at - 1]?.role === 'tool' && Array.isArray(last?.content)
    if (isTogether && Array.isArray(last?.content)) last.content.push(result)
    else said.push({ role: 'user', content: [result] })
  }
  return said
}

function contentOf(message: Exclude<Message, { role: 'tool' }>): JsonValue[] | string {
  const { content } = message
  const calls = message.role === 'assistant' ? (message.calls ?? []) : []
  if (calls.length === 0) return content
  const text = content === '' ? [] : [{ type: 'text', text: content }]
  const uses = calls.map(({ id, name, arguments: input }) => {
    return { type: 'tool_use', id, name, input: membersOf(input) }
  })
  return [...text, ...uses]
}

function messagesUrl(base: string): string {
  const { before } = splitQuery(base)
  const versioned = /\/v\d+(\/messages)?$/.test(before)
  return versioned ? appendPath(base, '', '/messages') : appendPath(base, '', '/v1/messages')
}

function readMessages(event: FramedEvent): Reading {
  const data = jsonOrNothing(event.data)
  const error = readEventError(event, data)
  if (error !== undefined) return { ...NOTHING, error }
  if (!isObject(data)) return malformed('an event is not a JSON object')
  switch (textAt(data, 'type') ?? event.name) {
    case 'message_start':
      return readStart(objectAt(data, 'message'))
    case 'content_block_start':
      return readBlock(data, objectAt(data, 'content_block'))
    case 'content_block_delta':
      return readBlock(data, objectAt(data, 'delta'))
    case 'message_delta':
      return readMessageDelta(data)
    case 'message_stop':
      return { ...NOTHING, terminal: true }
    default:
      return NOTHING
  }
}

function readStart(message: JsonObject | undefined): Reading {
  return {
    ...NOTHING,
    usage: readUsage(objectAt(message, 'usage')),
    model: reportedModel(message, 'model'),
  }
}

/** A block's opening and its deltas use the same members; a signature is no token. */
function readBlock(data: JsonObject, block: JsonObject | undefined): Reading {
  return {
    text: textAt(block, 'text'),
    calls: callPieces(data, block),
    textCharacters: lengthAt(block, 'text'),
    // Reasoning that is hidden arrives encrypted (`data`): it was generated all the same.
    reasoningCharacters: lengthAt(block, 'thinking') + lengthAt(block, 'data'),
    toolCharacters: lengthAt(block, 'name') + lengthAt(block, 'partial_json'),
  }
}

function callPieces(data: JsonObject, block: JsonObject | undefined): Reading['calls'] {
  const [name, more] = [textAt(block, 'name'), textAt(block, 'partial_json')]
  if (name === undefined && more === undefined) return undefined
  const key = String(countAt(data, 'index') ?? 0)
  return [{ key, id: textAt(block, 'id'), name, arguments: more }]
}

function readMessageDelta(data: JsonObject): Reading {
  return {
    ...NOTHING,
    usage: readUsage(objectAt(data, 'usage')),
    finish: finishOf(textAt(objectAt(data, 'delta'), 'stop_reason')),
  }
}

function finishOf(reason: string | undefined): FinishReason | undefined {
  switch (reason) {
    case undefined:
      return undefined
    case 'end_turn':
    case 'stop_sequence':
    case 'pause_turn':
      return 'stop'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_use':
      return 'tool-call'
    case 'refusal':
      return 'content-filter'
    default:
      return 'other'
  }
}

function readUsage(usage: JsonObject | undefined): UsageParts {
  const fresh = countAt(usage, 'input_tokens')
  const read = countAt(usage, 'cache_read_input_tokens') ?? 0
  const written = countAt(usage, 'cache_creation_input_tokens') ?? 0
  const output = countAt(usage, 'output_tokens')
  return {
    ...(fresh === undefined
      ? {}
      : { inputTokens: fresh + read + written, cachedInputTokens: read }),
    ...(output === undefined ? {} : { outputTokens: output }),
  }
}
