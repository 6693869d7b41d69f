// OpenAI's legacy completions, still what base models and many self-hosted servers are asked
// through. One prompt text, `choices[].text` back, the same ending as chat completions.

import type { FramedEvent } from '../events/events.ts'
import { countAt, isObject, jsonOrNothing, lengthAt, listAt, textAt } from '../json/json.ts'
import type { Dialect, Reading } from './dialect.ts'
import { malformed, NOTHING, reportedModel } from './dialect.ts'
import type { Finished } from './openai-ending.ts'
import { readFinish, readUsage } from './openai-ending.ts'
import { appendPath, bearer, requestBody, requestHeaders } from './request.ts'
import { readEventError } from './stream-error.ts'

export const openaiCompletions: Dialect = {
  name: 'openai-completions',
  framing: 'sse',
  smallestOutputLimit: 1,

  /** `https://h`, `https://h/v1` and the full address all ask `https://h/v1/completions`. Messages
   * become one text, a blank line between them: a base model knows no roles. */
  request({ endpoint, apiKey, messages, maxOutputTokens }) {
    return {
      url: appendPath(endpoint.url, '/v1', '/completions'),
      headers: requestHeaders(endpoint, { accept: 'text/event-stream', own: bearer(apiKey) }),
      body: requestBody(
        {
          model: endpoint.model,
          prompt: messages.map((message) => message.content).join('\n\n'),
          stream: true,
          stream_options: { include_usage: true },
          max_tokens: maxOutputTokens,
        },
        endpoint.body,
      ),
    }
  },

  read: readCompletion,
}

function readCompletion(event: FramedEvent): Reading {
  if (event.data.trim() === '[DONE]') return { ...NOTHING, terminal: true }
  const chunk = jsonOrNothing(event.data)
  const error = readEventError(event, chunk)
  if (error !== undefined) return { ...NOTHING, error }
  if (!isObject(chunk)) return malformed('an event is not a JSON object')

  let textCharacters = 0
  let finished: Finished | undefined
  let text: string | undefined
  for (const choice of listAt(chunk, 'choices')) {
    if ((countAt(choice, 'index') ?? 0) === 0) text = textAt(choice, 'text')
    textCharacters += lengthAt(choice, 'text')
    const ended = readFinish(textAt(choice, 'finish_reason'))
    if (ended !== undefined) finished = { ...finished, ...ended }
  }
  return {
    ...NOTHING,
    textCharacters,
    text,
    finish: finished?.finish,
    error: finished?.error,
    usage: readUsage(chunk),
    model: reportedModel(chunk, 'model'),
  }
}
