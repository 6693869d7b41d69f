// The one table of API dialects.

import type { DialectName } from '../../model/config.ts'
import { anthropicMessages } from './anthropic-messages.ts'
import { bedrockConverse } from './bedrock-converse.ts'
import type { Dialect } from './dialect.ts'
import { gemini } from './gemini.ts'
import { ollamaChat } from './ollama-chat.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiCompletions } from './openai-completions.ts'
import { openaiEmbeddings } from './openai-embeddings.ts'
import { openaiResponses } from './openai-responses.ts'
import { rerank } from './rerank.ts'

export {
  type CallPiece,
  carriesOutputToken,
  carriesToken,
  createFramer,
  type Dialect,
  fewestItemsOf,
  mergeUsage,
  type Reading,
  type UsageParts,
  usageOf,
  type WireRequest,
} from './dialect.ts'
export { readErrorBody } from './stream-error.ts'

const TABLE: Readonly<Record<DialectName, Dialect>> = {
  'openai-chat': openaiChat,
  'openai-completions': openaiCompletions,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
  'ollama-chat': ollamaChat,
  'bedrock-converse': bedrockConverse,
  'openai-embeddings': openaiEmbeddings,
  rerank,
}

export function dialectOf(name: DialectName): Dialect {
  return TABLE[name]
}
