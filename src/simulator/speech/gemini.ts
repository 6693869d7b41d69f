// Gemini: every event is a partial response, the last one has the finish reason and the usage.

import type { FinishReason, Usage } from '../../model/request-record.ts'
import { encodeSse } from '../../wire/events/events.ts'
import type { AnswerFacts, Piece, Speech } from './piece.ts'

export const geminiSpeech: Speech = {
  contentType: 'text/event-stream',
  opening: () => '',
  piece: (facts, piece) =>
    partial(facts, { content: { role: 'model', parts: [part(facts, piece)] } }, {}),

  ending(facts, { finish, usage }) {
    const counted = usage === undefined ? {} : { usageMetadata: counts(usage) }
    const last = { content: { role: 'model', parts: [{ text: '' }] } }
    return partial(facts, { ...last, finishReason: FINISH_WORDS[finish] }, counted)
  },

  error: (status, message) => encodeSse({ data: geminiErrorBody(status, message) }),
  ping: () => ': ping\n\n',
  errorBody: geminiErrorBody,
}

function partial(facts: AnswerFacts, candidate: object, more: object): string {
  const candidates = [{ ...candidate, index: 0 }]
  const known = { modelVersion: facts.model, responseId: facts.id }
  return encodeSse({ data: JSON.stringify({ candidates, ...more, ...known }) })
}

function part(facts: AnswerFacts, { kind, text }: Piece): object {
  if (kind === 'text') return { text }
  if (kind === 'reasoning') return { text, thought: true }
  return { functionCall: { name: facts.tool, args: { query: text } } }
}

const FINISH_WORDS: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'tool-call': 'STOP',
  'content-filter': 'SAFETY',
  other: 'OTHER',
}

function counts(usage: Usage): object {
  return {
    promptTokenCount: usage.inputTokens,
    cachedContentTokenCount: usage.cachedInputTokens,
    candidatesTokenCount: usage.outputTokens - usage.reasoningTokens,
    thoughtsTokenCount: usage.reasoningTokens,
    totalTokenCount: usage.inputTokens + usage.outputTokens,
  }
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
}

function geminiErrorBody(status: number, message: string): string {
  const word = STATUS_WORDS[status] ?? 'INTERNAL'
  return JSON.stringify({ error: { code: status, message, status: word } })
}
