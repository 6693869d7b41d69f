// Reranking as Cohere began it and Jina, vLLM, SGLang, llama.cpp and most providers took it over: a query
// and documents in, a score for each document out, in one JSON document.

import { countAt, listAt } from '../json/json.ts'
import type { Dialect } from './dialect.ts'
import { readItems } from './items.ts'
import { appendPath, bearer, requestBody, requestHeaders } from './request.ts'

export const rerank: Dialect = {
  name: 'rerank',
  framing: 'json',
  smallestOutputLimit: 0,
  fewestItems: (asked) =>
    Math.min(countAt(asked, 'top_n') ?? Infinity, listAt(asked, 'documents').length),

  /** `https://h`, `https://h/v1` and the full address all ask `https://h/v1/rerank`; `https://h/v2` asks
   * for Cohere's second version. The first message is the query, the others are the documents. */
  request({ endpoint, apiKey, messages }) {
    const [query, ...documents] = messages.map(({ content }) => content)
    return {
      url: appendPath(endpoint.url, '/v1', '/rerank'),
      headers: requestHeaders(endpoint, { accept: 'application/json', own: bearer(apiKey) }),
      body: requestBody({ model: endpoint.model, query: query ?? '', documents }, endpoint.body),
    }
  },

  read: (event) => readItems(event, 'results'),
}
