// Responses: `response.created`, items and parts as they open, deltas, and one last event that holds
// the whole response with its usage.

import type { Usage } from '../../model/request-record.ts'
import { encodeSse } from '../../wire/events/events.ts'
import { openaiErrorBody } from './openai-chat.ts'
import type { AnswerEnding, AnswerFacts, Piece, Speech } from './piece.ts'

export const openaiResponsesSpeech: Speech = {
  contentType: 'text/event-stream; charset=utf-8',

  opening(facts) {
    const begun = response(facts, 'in_progress', {})
    return (
      typed('response.created', { response: begun }) +
      typed('response.in_progress', { response: begun })
    )
  },

  piece: (facts, piece) => (piece.opens ? opened(facts, piece) : '') + delta(facts, piece),

  ending(facts, ending) {
    if (ending.finish === 'length' || ending.finish === 'content-filter') {
      const reason = ending.finish === 'length' ? 'max_output_tokens' : 'content_filter'
      const more = { ...ended(facts, ending), incomplete_details: { reason } }
      return typed('response.incomplete', { response: response(facts, 'incomplete', more) })
    }
    const done = response(facts, 'completed', ended(facts, ending))
    return typed('response.completed', { response: done })
  },

  error(_status, message) {
    const error = { code: 'server_error', message }
    return typed('response.failed', { response: { object: 'response', status: 'failed', error } })
  },

  ping: () => ': ping\n\n',
  errorBody: openaiErrorBody,
}

function typed(type: string, data: object): string {
  return encodeSse({ name: type, data: JSON.stringify({ type, ...data }) })
}

function response(facts: AnswerFacts, status: string, more: object): object {
  return { id: `resp_${facts.id}`, object: 'response', status, model: facts.model, ...more }
}

function itemId(facts: AnswerFacts, piece: Piece): string {
  return `item_${facts.id}_${piece.block}`
}

function opened(facts: AnswerFacts, piece: Piece): string {
  const at = { output_index: piece.block }
  const item = {
    id: itemId(facts, piece),
    type: ITEM_TYPES[piece.kind],
    ...(piece.kind === 'tool'
      ? { name: facts.tool, call_id: `call_${facts.id}`, arguments: '' }
      : {}),
  }
  const added = typed('response.output_item.added', { ...at, item })
  if (piece.kind !== 'text') return added
  const part = { type: 'output_text', text: '', annotations: [] }
  const place = { ...at, item_id: item.id, content_index: 0, part }
  return added + typed('response.content_part.added', place)
}

const ITEM_TYPES = { text: 'message', reasoning: 'reasoning', tool: 'function_call' } as const
const DELTA_TYPES = {
  text: 'response.output_text.delta',
  reasoning: 'response.reasoning_text.delta',
  tool: 'response.function_call_arguments.delta',
} as const

function delta(facts: AnswerFacts, piece: Piece): string {
  const place = { item_id: itemId(facts, piece), output_index: piece.block, content_index: 0 }
  return typed(DELTA_TYPES[piece.kind], { ...place, delta: piece.text })
}

function ended(facts: AnswerFacts, { finish, usage, open }: AnswerEnding): object {
  const called = { type: 'function_call', id: `item_${facts.id}_${open?.block ?? 0}` }
  const output = finish === 'tool-call' ? [called] : [{ type: 'message', role: 'assistant' }]
  return { output, usage: usage === undefined ? undefined : counted(usage) }
}

function counted(usage: Usage): object {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  }
}
