// Ollama: one object a line, the last one with `done: true`, its reason and the counts.

import type { FinishReason } from '../../model/request-record.ts'
import { encodeNdjson } from '../../wire/events/events.ts'
import type { AnswerFacts, Piece, Speech } from './piece.ts'

export const ollamaSpeech: Speech = {
  contentType: 'application/x-ndjson',
  opening: () => '',
  piece: (facts, piece) => line(facts, { message: message(facts, piece), done: false }),

  ending(facts, { finish, usage }) {
    const counted =
      usage === undefined
        ? {}
        : { prompt_eval_count: usage.inputTokens, eval_count: usage.outputTokens }
    const last = { message: { role: 'assistant', content: '' }, done: true }
    return line(facts, { ...last, done_reason: DONE_WORDS[finish], ...counted })
  },

  error: (_status, text) => encodeNdjson(JSON.stringify({ error: text })),
  // The dialect has no ping; an empty line is what a proxy would add.
  ping: () => '\n',
  errorBody: (_status, text) => JSON.stringify({ error: text }),
}

function line(facts: AnswerFacts, more: object): string {
  const known = { model: facts.model, created_at: '2026-01-01T00:00:00Z' }
  return encodeNdjson(JSON.stringify({ ...known, ...more }))
}

function message(facts: AnswerFacts, { kind, text }: Piece): object {
  const role = 'assistant'
  if (kind === 'text') return { role, content: text }
  if (kind === 'reasoning') return { role, content: '', thinking: text }
  const call = { function: { name: facts.tool, arguments: { query: text } } }
  return { role, content: '', tool_calls: [call] }
}

const DONE_WORDS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-call': 'stop',
  'content-filter': 'unknown',
  other: 'unload',
}
