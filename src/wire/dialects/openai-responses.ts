// OpenAI's responses. Typed events; the type is read from the data, where every server puts it. Ends
// with `response.completed`, `.incomplete`, `.failed` or `.cancelled`.

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
import { appendPath, bearer, requestBody, requestHeaders } from './request.ts'
import { readError, readEventError } from './stream-error.ts'

/** Below this OpenAI refuses the request. */
const SMALLEST_OUTPUT_LIMIT = 16

export const openaiResponses: Dialect = {
  name: 'openai-responses',
  framing: 'sse',
  smallestOutputLimit: SMALLEST_OUTPUT_LIMIT,

  /** `https://h`, `https://h/v1` and the full address all ask `https://h/v1/responses`. `store` is
   * off: a benchmark leaves nothing behind. */
  request({ endpoint, apiKey, messages, maxOutputTokens }) {
    return {
      url: appendPath(endpoint.url, '/v1', '/responses'),
      headers: requestHeaders(endpoint, { accept: 'text/event-stream', own: bearer(apiKey) }),
      body: requestBody(
        {
          model: endpoint.model,
          input: messages.flatMap(inputItems),
          stream: true,
          store: false,
          max_output_tokens: Math.max(maxOutputTokens, SMALLEST_OUTPUT_LIMIT),
        },
        endpoint.body,
      ),
    }
  },

  read: readResponses,
}

/** A call and its result are items of their own. */
function inputItems(message: Message): readonly JsonValue[] {
  const { role, content } = message
  if (role === 'tool')
    return [{ type: 'function_call_output', call_id: message.id, output: content }]
  if (role !== 'assistant' || message.calls === undefined) return [{ role, content }]
  const calls = message.calls.map((call) => ({
    type: 'function_call',
    call_id: call.id,
    name: call.name,
    arguments: call.arguments,
  }))
  return content === '' ? calls : [{ role, content }, ...calls]
}

function readResponses(event: FramedEvent): Reading {
  if (event.data.trim() === '[DONE]') return { ...NOTHING, terminal: true }
  const data = jsonOrNothing(event.data)
  const error = readEventError(event, data)
  if (error !== undefined) return { ...NOTHING, error }
  if (!isObject(data)) return malformed('an event is not a JSON object')
  const type = textAt(data, 'type') ?? event.name
  const response = objectAt(data, 'response')
  if (response === undefined) return readDelta(type, data)
  return { ...readResponse(type, response), model: reportedModel(response, 'model') }
}

/** Events about the response as a whole: begun, under way, ended. */
function readResponse(type: string, response: JsonObject): Reading {
  const usage = readUsage(objectAt(response, 'usage'))
  const seen = usage === undefined ? NOTHING : { ...NOTHING, usage }
  switch (type) {
    case 'response.completed':
      return { ...seen, terminal: true, finish: callsTool(response) ? 'tool-call' : 'stop' }
    case 'response.incomplete':
      return { ...seen, terminal: true, finish: incompleteReason(response) }
    case 'response.failed':
    case 'response.cancelled':
      return { ...seen, terminal: true, error: readError(response) ?? { message: type } }
    default:
      return seen
  }
}

function readDelta(type: string, data: JsonObject): Reading {
  const length = lengthAt(data, 'delta')
  switch (type) {
    case 'response.output_text.delta':
      return { ...NOTHING, textCharacters: length, text: textAt(data, 'delta') }
    case 'response.refusal.delta':
      return { ...NOTHING, textCharacters: length }
    case 'response.reasoning_text.delta':
    case 'response.reasoning_summary_text.delta':
      return { ...NOTHING, reasoningCharacters: length }
    case 'response.function_call_arguments.delta':
      return { ...NOTHING, toolCharacters: length, calls: [argumentsPiece(data)] }
    case 'response.custom_tool_call_input.delta':
    case 'response.mcp_call_arguments.delta':
    case 'response.code_interpreter_call_code.delta':
      return { ...NOTHING, toolCharacters: length }
    case 'response.output_item.added':
      // The name of a called function is the first thing generated of it.
      return readItem(data, objectAt(data, 'item'))
    default:
      return NOTHING
  }
}

function readItem(data: JsonObject, item: JsonObject | undefined): Reading {
  const name = textAt(item, 'name')
  if (name === undefined) return NOTHING
  const key = keyOf(data, textAt(item, 'id'))
  return {
    ...NOTHING,
    toolCharacters: name.length,
    calls: [{ key, id: textAt(item, 'call_id'), name }],
  }
}

function argumentsPiece(data: JsonObject): CallPiece {
  return { key: keyOf(data, textAt(data, 'item_id')), arguments: textAt(data, 'delta') }
}

/** Items are numbered, and named where a server leaves the number out. */
function keyOf(data: JsonObject, id: string | undefined): string {
  return String(countAt(data, 'output_index') ?? id)
}

function callsTool(response: JsonObject): boolean {
  return listAt(response, 'output').some((item) => textAt(item, 'type') === 'function_call')
}

function incompleteReason(response: JsonObject): FinishReason {
  const reason = textAt(objectAt(response, 'incomplete_details'), 'reason')
  if (reason === 'max_output_tokens' || reason === 'max_tokens') return 'length'
  return reason === 'content_filter' ? 'content-filter' : 'other'
}

function readUsage(usage: JsonObject | undefined): UsageParts | undefined {
  const inputTokens = countAt(usage, 'input_tokens')
  const outputTokens = countAt(usage, 'output_tokens')
  if (inputTokens === undefined || outputTokens === undefined) return undefined
  return {
    inputTokens,
    outputTokens,
    cachedInputTokens: countAt(objectAt(usage, 'input_tokens_details'), 'cached_tokens') ?? 0,
    reasoningTokens: countAt(objectAt(usage, 'output_tokens_details'), 'reasoning_tokens') ?? 0,
  }
}
