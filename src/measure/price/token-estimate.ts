// Token counts where the server sent none, from characters. The characters of a token are learned
// from the requests of the same run that do have usage; without any, the usual ones are assumed.

import type { RequestRecord, Usage } from '../../model/request-record.ts'
import { CHARACTERS_PER_TOKEN } from '../../model/token-length.ts'

/** Characters a token has, on average. */
export type TokenSizes = { readonly input: number; readonly output: number }

export function learnTokenSizes(records: readonly RequestRecord[]): TokenSizes {
  const counted = records.filter((record) => record.usage?.source === 'server')
  return {
    input: ratio(counted, (record) => ({
      characters: record.inputCharacters ?? 0,
      tokens: record.inputCharacters === undefined ? 0 : (record.usage?.inputTokens ?? 0),
    })),
    // Reasoning that is billed but not shown has no characters: it must not shrink a token.
    output: ratio(counted, (record) => ({
      characters: record.usage?.reasoningTokens === 0 ? record.outputCharacters : 0,
      tokens: record.usage?.reasoningTokens === 0 ? record.usage.outputTokens : 0,
    })),
  }
}

/** Undefined where there is nothing to estimate from: no characters asked or, completed, none seen. */
export function estimateUsage(record: RequestRecord, sizes: TokenSizes): Usage | undefined {
  if (record.inputCharacters === undefined) return undefined
  if (record.outcome === 'completed' && record.outputCharacters === 0) return undefined
  return {
    source: 'estimated',
    inputTokens: Math.ceil(record.inputCharacters / sizes.input),
    cachedInputTokens: 0,
    outputTokens: Math.ceil(record.outputCharacters / sizes.output),
    reasoningTokens: 0,
  }
}

function ratio(
  records: readonly RequestRecord[],
  read: (record: RequestRecord) => { readonly characters: number; readonly tokens: number },
): number {
  let characters = 0
  let tokens = 0
  for (const record of records) {
    const counts = read(record)
    characters += counts.characters
    tokens += counts.tokens
  }
  return characters > 0 && tokens > 0 ? characters / tokens : CHARACTERS_PER_TOKEN
}
