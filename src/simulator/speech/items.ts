// APIs that answer with vectors or rankings: one JSON document, written at once when the first token of
// a chat would be. What a fault leaves of it is the beginning of a document.

import { openaiErrorBody } from './openai-chat.ts'
import type { Speech } from './piece.ts'

/** Numbers of a vector: enough that nobody takes it for text. */
const DIMENSIONS = 64

export const openaiEmbeddingsSpeech: Speech = itemsSpeech({
  member: 'data',
  item: (index) => `{"object":"embedding","index":${index},"embedding":[${vector(index)}]}`,
})

export const rerankSpeech: Speech = itemsSpeech({
  member: 'results',
  item: (index) => `{"index":${index},"relevance_score":${(1 / (index + 1)).toFixed(6)}}`,
})

function itemsSpeech(of: {
  readonly member: string
  readonly item: (index: number) => string
}): Speech {
  const beginning = (id: string) => `{"id":${JSON.stringify(id)},"object":"list","${of.member}":[`
  return {
    contentType: 'application/json',
    opening: () => '',
    // Only a script asks for a second piece, or a fault for half of one.
    piece: (facts, { opens, text }) =>
      opens ? beginning(`${facts.id}${text}`) : `${JSON.stringify(text)},`,
    ending(facts, { usage, open }) {
      const items =
        open === undefined ? [] : Array.from({ length: facts.items }, (_, i) => of.item(i))
      const begun = open === undefined ? beginning(facts.id) : ''
      return `${begun}${items.join(',')}],"model":${JSON.stringify(facts.model)}${counted(usage)}}`
    },
    error: openaiErrorBody,
    ping: () => ' ',
    errorBody: openaiErrorBody,
  }
}

function counted(usage: { readonly inputTokens: number } | undefined): string {
  if (usage === undefined) return ''
  const { inputTokens } = usage
  return `,"usage":{"prompt_tokens":${inputTokens},"total_tokens":${inputTokens}}`
}

function vector(seed: number): string {
  return Array.from({ length: DIMENSIONS }, (_, i) => Math.sin(seed * 31 + i).toFixed(9)).join(',')
}
