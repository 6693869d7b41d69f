// Whether the server's token counts can be right. Nothing is tokenized here, so only what can be
// known without a tokenizer is held against a server: an answer that ended at its limit has as many
// tokens as the limit, and a stream that sends token by token has as many as it has events.

import type { RequestRecord, Usage } from '../../model/request-record.ts'
import type { RunWarning } from '../../model/run.ts'

const TOLERANCE = 0.1
/** More characters an event than a token usually has: several tokens share an event. */
const CHARACTERS_OF_ONE_TOKEN = 6
/** Fewer tokens than this prove nothing: one event more or less is a rounding. */
const FEWEST_TOKENS = 50

export function usageDisagreement(completed: readonly RequestRecord[]): RunWarning | undefined {
  let server = 0
  let counted = 0
  for (const record of completed) {
    const tokens = record.kind === 'answer' ? countable(record) : undefined
    if (tokens === undefined || record.usage === undefined) continue
    server += visibleTokens(record.usage)
    counted += tokens
  }
  if (counted < FEWEST_TOKENS || Math.abs(server - counted) <= TOLERANCE * counted) {
    return undefined
  }
  return { kind: 'usage-disagrees', server, counted }
}

/** The answer's visible tokens, where they can be counted. */
function countable(record: RequestRecord): number | undefined {
  const { usage, finish, tokenEvents, outputCharacters } = record
  if (usage?.source !== 'server' || tokenEvents === 0) return undefined
  if (Math.abs(visibleTokens(usage) - tokenEvents) <= TOLERANCE * tokenEvents) return tokenEvents
  if (finish === 'length' && usage.reasoningTokens === 0) return record.maxOutputTokens
  // Events are never more than tokens, however many tokens share one.
  if (visibleTokens(usage) < tokenEvents) return tokenEvents
  return outputCharacters / tokenEvents <= CHARACTERS_OF_ONE_TOKEN ? tokenEvents : undefined
}

function visibleTokens(usage: Usage): number {
  return usage.outputTokens - usage.reasoningTokens
}
