// Ollama's own chat: one JSON object a line, the last one with `done: true` and the counts. It does
// not say which input came from its prefix cache.

import type { Message } from '../../model/conversation.ts'
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
import {
  appendPath,
  bearer,
  membersOf,
  requestBody,
  requestHeaders,
  splitQuery,
} from './request.ts'
import { readError } from './stream-error.ts'

export const ollamaChat: Dialect = {
  name: 'ollama-chat',
  framing: 'ndjson',
  smallestOutputLimit: 1,

  /** `http://h:11434`, `http://h:11434/api` and the full address all ask `…/api/chat`. */
  request({ endpoint, apiKey, messages, maxOutputTokens }) {
    const isApi = /\/api(\/chat)?$/.test(splitQuery(endpoint.url).before)
    return {
      url: appendPath(endpoint.url, '', isApi ? '/chat' : '/api/chat'),
      headers: requestHeaders(endpoint, { accept: 'application/x-ndjson', own: bearer(apiKey) }),
      body: requestBody(
        {
          model: endpoint.model,
          messages: messages.map(ollamaMessage),
          stream: true,
          options: { num_predict: maxOutputTokens },
        },
        endpoint.body,
      ),
    }
  },

  read: readOllama,
}

/** A result is told by its tool's name; calls have no id. */
function ollamaMessage(message: Message): JsonValue {
  const { role, content } = message
  if (role === 'tool') return { role, tool_name: message.name, content }
  if (role !== 'assistant' || message.calls === undefined) return { role, content }
  const calls = message.calls.map((call) => ({
    function: { name: call.name, arguments: membersOf(call.arguments) },
  }))
  return { role, content, tool_calls: calls }
}

function readOllama(event: FramedEvent): Reading {
  const data = jsonOrNothing(event.data)
  if (!isObject(data)) return malformed('a line is not a JSON object')
  const error = readError(data)
  if (error !== undefined) return { ...NOTHING, error }
  const message = objectAt(data, 'message')
  return {
    textCharacters: lengthAt(message, 'content'),
    reasoningCharacters: lengthAt(message, 'thinking'),
    toolCharacters: toolLength(message),
    text: textAt(message, 'content'),
    calls: calledBy(message),
    ...(data.done === true ? readEnd(data, message) : {}),
    model: reportedModel(data, 'model'),
  }
}

function toolLength(message: JsonObject | undefined): number {
  const calls = listAt(message, 'tool_calls')
  return calls.length === 0 ? 0 : JSON.stringify(calls).length
}

/** Each call comes whole. */
function calledBy(message: JsonObject | undefined): readonly CallPiece[] {
  return listAt(message, 'tool_calls').map((one) => {
    const call = objectAt(one, 'function')
    return { name: textAt(call, 'name'), arguments: JSON.stringify(call?.arguments ?? {}) }
  })
}

function readEnd(data: JsonObject, message: JsonObject | undefined): Partial<Reading> {
  const calls = toolLength(message) > 0
  return {
    terminal: true,
    finish: finishOf(textAt(data, 'done_reason'), calls ? 'tool-call' : 'stop'),
    usage: readUsage(data),
  }
}

/** Before 0.1.40 there was no `done_reason`: a normal end. `load` and `unload` generate nothing. */
function finishOf(reason: string | undefined, normal: FinishReason): FinishReason {
  if (reason === undefined || reason === '' || reason === 'stop') return normal
  return reason === 'length' ? 'length' : 'other'
}

function readUsage(data: JsonObject): UsageParts {
  const input = countAt(data, 'prompt_eval_count')
  const output = countAt(data, 'eval_count')
  return {
    ...(input === undefined ? {} : { inputTokens: input }),
    ...(output === undefined ? {} : { outputTokens: output }),
  }
}
