// Embeddings as OpenAI has them, spoken by vLLM, SGLang, TEI, llama.cpp, Ollama and most providers: texts
// in, a vector for each out, in one JSON document.

import { listAt } from '../json/json.ts'
import type { Dialect } from './dialect.ts'
import { readItems } from './items.ts'
import { appendPath, bearer, requestBody, requestHeaders } from './request.ts'

export const openaiEmbeddings: Dialect = {
  name: 'openai-embeddings',
  framing: 'json',
  smallestOutputLimit: 0,
  fewestItems: (asked) => Math.max(1, listAt(asked, 'input').length),

  /** `https://h`, `https://h/v1` and the full address all ask `https://h/v1/embeddings`. One text is
   * sent as a text, several as a list. */
  request({ endpoint, apiKey, messages }) {
    const texts = messages.map(({ content }) => content)
    const [only] = texts
    return {
      url: appendPath(endpoint.url, '/v1', '/embeddings'),
      headers: requestHeaders(endpoint, { accept: 'application/json', own: bearer(apiKey) }),
      body: requestBody(
        { model: endpoint.model, input: texts.length === 1 && only !== undefined ? only : texts },
        endpoint.body,
      ),
    }
  },

  read: (event) => readItems(event, 'data'),
}
