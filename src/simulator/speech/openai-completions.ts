// Completions: text chunks, a finish reason, usage when asked for, `[DONE]`. It has no role chunk, no
// reasoning channel and no tool calls: every piece is text.

import { chunkStart, FINISH_WORDS, openaiErrorBody, openaiUsage } from './openai-chat.ts'
import type { AnswerFacts, Speech } from './piece.ts'

export const openaiCompletionsSpeech: Speech = {
  contentType: 'text/event-stream; charset=utf-8',
  opening: () => '',
  piece: (facts, piece) => chunk(facts, piece.text, 'null'),

  ending(facts, { finish, usage }) {
    const start = chunkStart(facts, 'text_completion')
    const counted =
      usage === undefined || !facts.usageAsked
        ? ''
        : `data: {${start},"choices":[],"usage":${openaiUsage(usage)}}\n\n`
    return `${chunk(facts, '', `"${FINISH_WORDS[finish]}"`)}${counted}data: [DONE]\n\n`
  },

  error: (status, message) => `data: ${openaiErrorBody(status, message)}\n\n`,
  ping: () => ': ping\n\n',
  errorBody: openaiErrorBody,
}

function chunk(facts: AnswerFacts, text: string, finish: string): string {
  const choice = `{"index":0,"text":${JSON.stringify(text)},"logprobs":null,"finish_reason":${finish}}`
  return `data: {${chunkStart(facts, 'text_completion')},"choices":[${choice}]}\n\n`
}
