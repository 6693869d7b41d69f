// How an answer of chat completions or completions ends: the finish reason and the usage, with the
// words and places that compatible servers add.

import type { FinishReason } from '../../model/request-record.ts'
import type { JsonObject } from '../json/json.ts'
import { countAt, listAt, objectAt } from '../json/json.ts'
import type { StreamError, UsageParts } from './dialect.ts'

const FINISH: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool-call',
  function_call: 'tool-call',
  content_filter: 'content-filter',
}

export type Finished = { readonly finish?: FinishReason; readonly error?: StreamError }

/** `error` (gateways) and `abort` (vLLM, SGLang) are failures that look like an ordinary end. */
export function readFinish(reason: string | undefined): Finished | undefined {
  if (reason === undefined || reason === '') return undefined
  if (reason === 'error' || reason === 'abort') {
    return { error: { message: `the server ended the answer with finish_reason "${reason}"` } }
  }
  return { finish: FINISH[reason] ?? 'other' }
}

/** In the chunk itself, in a choice (Moonshot) or in `x_groq`. */
export function readUsage(chunk: JsonObject): UsageParts | undefined {
  const usage =
    objectAt(chunk, 'usage') ??
    objectAt(objectAt(chunk, 'x_groq'), 'usage') ??
    usageInChoice(listAt(chunk, 'choices'))
  return usage === undefined ? undefined : usageParts(usage)
}

function usageInChoice(choices: readonly unknown[]): JsonObject | undefined {
  for (const choice of choices) {
    const usage = objectAt(choice, 'usage')
    if (usage !== undefined) return usage
  }
  return undefined
}

function usageParts(usage: JsonObject): UsageParts {
  const input = countAt(usage, 'prompt_tokens')
  const cached =
    countAt(objectAt(usage, 'prompt_tokens_details'), 'cached_tokens') ??
    countAt(usage, 'prompt_cache_hit_tokens') ??
    countAt(usage, 'cached_tokens')
  const reasoning =
    countAt(objectAt(usage, 'completion_tokens_details'), 'reasoning_tokens') ??
    countAt(usage, 'reasoning_tokens')
  const output = allOutput(usage, reasoning ?? 0)
  return {
    ...(input === undefined ? {} : { inputTokens: input }),
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(output === undefined ? {} : { outputTokens: output }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  }
}

/**
 * Some servers (xAI) leave reasoning out of `completion_tokens`. Where the total says so, it is
 * added; where there is no total, the documented meaning (included) is taken.
 */
function allOutput(usage: JsonObject, reasoning: number): number | undefined {
  const output = countAt(usage, 'completion_tokens')
  const input = countAt(usage, 'prompt_tokens')
  const total = countAt(usage, 'total_tokens')
  if (output === undefined || input === undefined || total === undefined) return output
  return reasoning > 0 && total === input + output + reasoning ? output + reasoning : output
}
