// Messages: `message_start` with the input usage, blocks with deltas, `message_delta` with the stop
// reason and the output usage, `message_stop`.

import type { FinishReason } from '../../model/request-record.ts'
import { encodeSse } from '../../wire/events/events.ts'
import type { AnswerFacts, Piece, Speech } from './piece.ts'

export const anthropicSpeech: Speech = {
  contentType: 'text/event-stream; charset=utf-8',

  opening(facts) {
    const message = {
      id: `msg_${facts.id}`,
      type: 'message',
      role: 'assistant',
      model: facts.model,
      content: [],
      stop_reason: null,
      usage: inputUsage(facts),
    }
    return typed('message_start', { message })
  },

  piece(facts, piece) {
    const start = piece.opens ? blockStart(facts, piece) : ''
    return start + typed('content_block_delta', { index: piece.block, delta: delta(piece) })
  },

  ending(_facts, { finish, usage, open }) {
    const stop = open === undefined ? '' : typed('content_block_stop', { index: open.block })
    const counted = usage === undefined ? {} : { usage: { output_tokens: usage.outputTokens } }
    const ended = { delta: { stop_reason: STOP_WORDS[finish], stop_sequence: null }, ...counted }
    return `${stop}${typed('message_delta', ended)}${typed('message_stop', {})}`
  },

  error(status, message) {
    return typed('error', { error: { type: errorType(status), message } })
  },

  ping: () => typed('ping', {}),

  errorBody(status, message) {
    return JSON.stringify({ type: 'error', error: { type: errorType(status), message } })
  },
}

function typed(type: string, data: object): string {
  return encodeSse({ name: type, data: JSON.stringify({ type, ...data }) })
}

function inputUsage(facts: AnswerFacts): object {
  if (!facts.usageAsked) return {}
  return {
    input_tokens: facts.inputTokens - facts.cachedTokens,
    cache_read_input_tokens: facts.cachedTokens,
    cache_creation_input_tokens: 0,
    output_tokens: 1,
  }
}

function blockStart(facts: AnswerFacts, piece: Piece): string {
  const before = piece.block === 0 ? '' : typed('content_block_stop', { index: piece.block - 1 })
  const block = { index: piece.block, content_block: openingOf(facts, piece) }
  return before + typed('content_block_start', block)
}

function openingOf(facts: AnswerFacts, { kind }: Piece): object {
  if (kind === 'text') return { type: 'text', text: '' }
  if (kind === 'reasoning') return { type: 'thinking', thinking: '', signature: '' }
  return { type: 'tool_use', id: `toolu_${facts.id}`, name: facts.tool, input: {} }
}

function delta({ kind, text }: Piece): object {
  if (kind === 'text') return { type: 'text_delta', text }
  if (kind === 'reasoning') return { type: 'thinking_delta', thinking: text }
  return { type: 'input_json_delta', partial_json: text }
}

const STOP_WORDS: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-call': 'tool_use',
  'content-filter': 'refusal',
  other: 'unknown',
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  503: 'overloaded_error',
}

function errorType(status: number): string {
  return ERROR_TYPES[status] ?? 'api_error'
}
