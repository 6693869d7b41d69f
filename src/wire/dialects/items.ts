// What the APIs have in common that answer with vectors or rankings: one JSON document, no first token.

import type { FramedEvent } from '../events/events.ts'
import { countAt, isObject, type JsonObject, jsonOrNothing, objectAt } from '../json/json.ts'
import { malformed, NOTHING, type Reading, reportedModel, type UsageParts } from './dialect.ts'
import { readError } from './stream-error.ts'

/** `member`: the list of the vectors or rankings. */
export function readItems(event: FramedEvent, member: string): Reading {
  const answer = jsonOrNothing(event.data)
  if (!isObject(answer)) return malformed('the answer is not a JSON object')
  const error = readError(answer)
  if (error !== undefined) return { ...NOTHING, error }
  if (!Array.isArray(answer[member])) return malformed(`the answer has no list \`${member}\``)
  return {
    ...NOTHING,
    items: answer[member].length,
    finish: 'stop',
    terminal: true,
    usage: usageOf(answer),
    model: reportedModel(answer, 'model'),
  }
}

/** Nothing is generated: all tokens are input. Some servers count only the total. */
function usageOf(answer: JsonObject): UsageParts | undefined {
  const usage = objectAt(answer, 'usage') ?? objectAt(objectAt(answer, 'meta'), 'billed_units')
  const tokens =
    countAt(usage, 'prompt_tokens') ??
    countAt(usage, 'input_tokens') ??
    countAt(usage, 'total_tokens')
  return tokens === undefined ? undefined : { inputTokens: tokens, outputTokens: 0 }
}
