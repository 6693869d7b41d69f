// What the turns of a conversation send, before it is known what will be answered: everything that was said
// before is sent again, and every answer is taken at its likely length.

import { inputCharactersOf, type PlannedRequest } from '../model/plan.ts'
import { CHARACTERS_PER_TOKEN } from '../model/token-length.ts'

/** Characters of each request's input, by position. `outputTokens`: of the answer to a request. */
export function plannedCharacters(
  requests: readonly PlannedRequest[],
  outputTokens: (request: PlannedRequest) => number,
): readonly number[] {
  const before = new Map<string, number>()
  return requests.map((request) => {
    const { arm, turn } = request
    if (turn === undefined) return inputCharactersOf(request)
    const key = `${arm} ${turn.conversation}`
    const said = inputCharactersOf(request) + saidCharacters(request)
    // The body of every turn has the tools again.
    const own = (before.get(key) ?? 0) + said
    const body = inputCharactersOf({ messages: [], body: request.body })
    before.set(key, own - body + outputTokens(request) * CHARACTERS_PER_TOKEN)
    return own
  })
}

function saidCharacters({ turn }: PlannedRequest): number {
  const said = turn?.said
  if (said === undefined) return 0
  return said.by === 'user'
    ? said.content.length
    : said.results.reduce((sum, { name, content }) => sum + name.length + content.length, 0)
}
