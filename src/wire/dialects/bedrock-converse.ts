// Amazon Bedrock's Converse, `converse-stream`: one message whatever the model behind it, in AWS's binary
// event stream. `messageStop` says why it ended, `metadata` follows with the usage and is the terminal
// mark; what goes wrong in between is an exception in a frame of its own.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html

import type { Message } from '../../model/conversation.ts'
import type { JsonValue } from '../../model/json-value.ts'
import type { FinishReason } from '../../model/request-record.ts'
import type { FramedEvent } from '../events/events.ts'
import type { JsonObject } from '../json/json.ts'
import { countAt, isObject, jsonOrNothing, lengthAt, objectAt, textAt } from '../json/json.ts'
import type { Dialect, Reading, StreamError, UsageParts } from './dialect.ts'
import { malformed, NOTHING } from './dialect.ts'
import { appendPath, bearer, membersOf, requestBody, requestHeaders } from './request.ts'
import { readErrorBody } from './stream-error.ts'

export const bedrockConverse: Dialect = {
  name: 'bedrock-converse',
  framing: 'event-stream',
  smallestOutputLimit: 1,

  /** `https://h` and the full address both ask `https://h/model/MODEL/converse-stream`. A model may be
   * an ARN, whose slashes and colons are part of its one segment. */
  request({ endpoint, apiKey, messages, maxOutputTokens }) {
    const system = messages.filter((m) => m.role === 'system').map((m) => ({ text: m.content }))
    const path = `/model/${encodeURIComponent(endpoint.model)}/converse-stream`
    return {
      url: appendPath(endpoint.url, '', path),
      headers: requestHeaders(endpoint, {
        accept: 'application/vnd.amazon.eventstream',
        own: bearer(apiKey),
      }),
      body: requestBody(
        {
          ...(system.length === 0 ? {} : { system }),
          messages: spoken(messages),
          inferenceConfig: { maxTokens: maxOutputTokens },
        },
        endpoint.body,
      ),
    }
  },

  read: readConverse,
}

/** All results of one turn are blocks of one user message; a text block is never empty. */
function spoken(messages: readonly Message[]): JsonValue {
  const said: { role: 'user' | 'assistant'; content: JsonValue[] }[] = []
  for (const [at, message] of messages.entries()) {
    const content = contentOf(message)
    if (message.role === 'system' || content.length === 0) continue
    const isTogether = message.role === 'tool' && messages[at - 1]?.role === 'tool'
    const role = message.role === 'assistant' ? 'assistant' : 'user'
    if (isTogether) said.at(-1)?.content.push(...content)
    else said.push({ role, content })
  }
  return said
}

function contentOf(message: Message): JsonValue[] {
  const { content } = message
  if (message.role === 'tool') {
    return [{ toolResult: { toolUseId: message.id, content: [{ text: content }] } }]
  }
  const calls = message.role === 'assistant' ? (message.calls ?? []) : []
  const uses = calls.map(({ id, name, arguments: input }) => {
    return { toolUse: { toolUseId: id, name, input: membersOf(input) } }
  })
  return [...(content === '' ? [] : [{ text: content }]), ...uses]
}

function readConverse(event: FramedEvent): Reading {
  const data = jsonOrNothing(event.data)
  if (event.failed === true) return { ...NOTHING, error: exceptionOf(event) }
  if (!isObject(data)) return malformed('an event is not a JSON object')
  switch (event.name) {
    case 'contentBlockStart':
      return readStart(keyOf(data), objectAt(objectAt(data, 'start'), 'toolUse'))
    case 'contentBlockDelta':
      return readDelta(keyOf(data), objectAt(data, 'delta'))
    case 'messageStop':
      return { ...NOTHING, finish: finishOf(textAt(data, 'stopReason')) }
    case 'metadata':
      return { ...NOTHING, usage: readUsage(objectAt(data, 'usage')), terminal: true }
    default:
      return NOTHING
  }
}

/** Pieces of one call are those of one block. */
function keyOf(data: JsonObject): string {
  return String(countAt(data, 'contentBlockIndex') ?? 0)
}

function readStart(key: string, tool: JsonObject | undefined): Reading {
  const name = textAt(tool, 'name')
  return {
    ...NOTHING,
    calls: name === undefined ? undefined : [{ key, id: textAt(tool, 'toolUseId'), name }],
    toolCharacters: lengthAt(tool, 'name'),
  }
}

function readDelta(key: string, delta: JsonObject | undefined): Reading {
  const reasoning = objectAt(delta, 'reasoningContent')
  const input = textAt(objectAt(delta, 'toolUse'), 'input')
  return {
    text: textAt(delta, 'text'),
    calls: input === undefined ? undefined : [{ key, arguments: input }],
    textCharacters: lengthAt(delta, 'text'),
    // Reasoning that is hidden arrives encrypted: it was generated all the same. A signature is no token.
    reasoningCharacters: lengthAt(reasoning, 'text') + lengthAt(reasoning, 'redactedContent'),
    toolCharacters: lengthAt(objectAt(delta, 'toolUse'), 'input'),
  }
}

function finishOf(reason: string | undefined): FinishReason {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_use':
      return 'tool-call'
    case 'guardrail_intervened':
    case 'content_filtered':
      return 'content-filter'
    default:
      return 'other'
  }
}

/** Most models count what was read from the cache and written to it apart from the input, some within
 * it: the total tells which. */
function readUsage(usage: JsonObject | undefined): UsageParts {
  const fresh = countAt(usage, 'inputTokens')
  const output = countAt(usage, 'outputTokens')
  if (fresh === undefined || output === undefined) return {}
  const read = countAt(usage, 'cacheReadInputTokens') ?? 0
  const written = countAt(usage, 'cacheWriteInputTokens') ?? 0
  const isWithin = countAt(usage, 'totalTokens') === fresh + output
  return {
    inputTokens: isWithin ? fresh : fresh + read + written,
    cachedInputTokens: isWithin ? Math.min(read, fresh) : read,
    outputTokens: output,
  }
}

/** The statuses that the same exceptions have before a stream. */
const STATUS_OF_EXCEPTION: Readonly<Record<string, number>> = {
  internalServerException: 500,
  modelStreamErrorException: 424,
  modelTimeoutException: 408,
  serviceUnavailableException: 503,
  throttlingException: 429,
  validationException: 400,
}

function exceptionOf({ name, data }: FramedEvent): StreamError {
  const { message = 'the server gave no message' } = readErrorBody(data) ?? {}
  const status = Object.hasOwn(STATUS_OF_EXCEPTION, name) ? STATUS_OF_EXCEPTION[name] : undefined
  return {
    message,
    ...(status === undefined ? {} : { status }),
    ...(name === '' ? {} : { code: name }),
  }
}
