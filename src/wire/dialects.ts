// The one table of API dialects.

import type { DialectName } from '../model/config.ts'
import { anthropicMessages } from './dialect/anthropic-messages.ts'
import { gemini } from './dialect/gemini.ts'
import { ollamaChat } from './dialect/ollama-chat.ts'
import { openaiChat } from './dialect/openai-chat.ts'
import { openaiCompletions } from './dialect/openai-completions.ts'
import { openaiResponses } from './dialect/openai-responses.ts'
import type { Dialect } from './dialect.ts'

const TABLE: Readonly<Record<DialectName, Dialect>> = {
  'openai-chat': openaiChat,
  'openai-completions': openaiCompletions,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
  'ollama-chat': ollamaChat,
}

export function dialectOf(name: DialectName): Dialect {
  return TABLE[name]
}
