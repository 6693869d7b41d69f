// Chat completions as OpenAI and vLLM send them: a role chunk, deltas, a finish reason, usage in a
// chunk of its own (when asked for), `[DONE]`.

import type { FinishReason, Usage } from '../../model/request-record.ts'
import type { AnswerFacts, Piece, Speech } from './piece.ts'

const CREATED = 1767225600

export const openaiChatSpeech: Speech = {
  contentType: 'text/event-stream; charset=utf-8',

  opening: (facts) => `${head(facts)}{"role":"assistant","content":""}${TAIL}`,

  piece: (facts, piece) => `${head(facts)}${delta(facts, piece)}${TAIL}`,

  ending(facts, { finish, usage }) {
    const reason = FINISH_WORDS[finish]
    const end = `${head(facts)}{},"logprobs":null,"finish_reason":"${reason}"}]}\n\n`
    return `${end}${usageChunk(facts, usage)}data: [DONE]\n\n`
  },

  error: (status, message) => `data: ${openaiErrorBody(status, message)}\n\n`,
  ping: () => ': ping\n\n',
  errorBody: openaiErrorBody,
}

const TAIL = ',"logprobs":null,"finish_reason":null}]}\n\n'

export const FINISH_WORDS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-call': 'tool_calls',
  'content-filter': 'content_filter',
  other: 'unknown',
}

function head(facts: AnswerFacts): string {
  return `data: {${chunkStart(facts, 'chat.completion.chunk')},"choices":[{"index":0,"delta":`
}

export function chunkStart(facts: AnswerFacts, object: string): string {
  const model = JSON.stringify(facts.model)
  return `"id":"chatcmpl-${facts.id}","object":"${object}","created":${CREATED},"model":${model}`
}

function delta(facts: AnswerFacts, piece: Piece): string {
  const text = JSON.stringify(piece.text)
  if (piece.kind === 'text') return `{"content":${text}}`
  if (piece.kind === 'reasoning') return `{"reasoning_content":${text}}`
  const opening = piece.opens ? `"id":"call_${facts.id}","type":"function",` : ''
  const name = piece.opens ? `"name":${JSON.stringify(facts.tool)},` : ''
  return `{"tool_calls":[{"index":0,${opening}"function":{${name}"arguments":${text}}}]}`
}

function usageChunk(facts: AnswerFacts, usage: Usage | undefined): string {
  if (usage === undefined || !facts.usageAsked) return ''
  const start = chunkStart(facts, 'chat.completion.chunk')
  return `data: {${start},"choices":[],"usage":${openaiUsage(usage)}}\n\n`
}

export function openaiUsage(usage: Usage): string {
  return JSON.stringify({
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  })
}

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
}

export function openaiErrorBody(status: number, message: string): string {
  return JSON.stringify({
    error: { message, type: TYPES[status] ?? 'server_error', param: null, code: status },
  })
}
