// How the simulator speaks an API dialect: the other side of `wire/dialects`. One file each, and this
// table. A dialect that is not in it is measured all the same; only the simulator cannot imitate it.

import type { DialectName } from '../../model/config.ts'
import { anthropicSpeech } from './anthropic-messages.ts'
import { bedrockSpeech } from './bedrock-converse.ts'
import { geminiSpeech } from './gemini.ts'
import { openaiEmbeddingsSpeech, rerankSpeech } from './items.ts'
import { ollamaSpeech } from './ollama-chat.ts'
import { openaiChatSpeech } from './openai-chat.ts'
import { openaiCompletionsSpeech } from './openai-completions.ts'
import { openaiResponsesSpeech } from './openai-responses.ts'
import type { Speech } from './piece.ts'

export { FINISH_WORDS } from './openai-chat.ts'
export type { AnswerEnding, AnswerFacts, Piece, Speech } from './piece.ts'

export const SPEECHES: Readonly<Partial<Record<DialectName, Speech>>> = {
  'openai-chat': openaiChatSpeech,
  'openai-completions': openaiCompletionsSpeech,
  'openai-responses': openaiResponsesSpeech,
  'anthropic-messages': anthropicSpeech,
  gemini: geminiSpeech,
  'ollama-chat': ollamaSpeech,
  'bedrock-converse': bedrockSpeech,
  'openai-embeddings': openaiEmbeddingsSpeech,
  rerank: rerankSpeech,
}
