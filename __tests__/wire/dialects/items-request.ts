// A request of an API that answers with items, as the tests of both have it.

import type { Endpoint } from '../../../src/model/config.ts'
import type { Message } from '../../../src/model/conversation.ts'
import { dialectOf } from '../../../src/wire/dialects/dialects.ts'

const ENDPOINT: Endpoint = {
  api: 'openai-embeddings',
  url: 'https://h',
  model: 'bge-m3',
  headers: {},
  body: {},
}

export function asked(api: 'openai-embeddings' | 'rerank', texts: readonly string[], more = {}) {
  const messages = texts.map((content): Message => ({ role: 'user', content }))
  const endpoint = { ...ENDPOINT, api, ...more }
  return dialectOf(api).request({ endpoint, apiKey: 'k', messages, maxOutputTokens: 0 })
}

export const event = (data: string) => ({ kind: 'event', name: '', data }) as const
