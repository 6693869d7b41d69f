// What a prompt asks, in the members that its API takes: messages, texts to embed, or a query with the
// documents to rank by it. From here on all of it are messages; the dialect knows what each one is.

import { type DialectName, hasTokens } from '../../model/config.ts'
import type { Message } from '../../model/conversation.ts'
import type { RawPrompt } from '../raw-config.ts'

type Member = 'prompt' | 'messages' | 'turns' | 'texts' | 'query' | 'documents'

const MEMBERS: readonly Member[] = ['prompt', 'messages', 'turns', 'texts', 'query', 'documents']

/** Each list is one way of asking, all of whose members are needed. */
function waysOf(api: DialectName): readonly (readonly Member[])[] {
  if (hasTokens(api)) return [['prompt'], ['messages'], ['turns']]
  return api === 'rerank' ? [['query', 'documents']] : [['prompt'], ['texts']]
}

/** One sentence, or undefined where the prompt can be asked. */
export function contentProblem(raw: RawPrompt, api: DialectName): string | undefined {
  const ways = waysOf(api)
  const expected = either(ways.map((way) => way.map(code).join(' and ')))
  const given = MEMBERS.filter((member) => raw[member] !== undefined)
  const foreign = given.find((member) => !ways.flat().includes(member))
  if (foreign !== undefined) {
    return `${code(foreign)} is not what ${api} is asked; expected ${expected}`
  }
  if (given.length === 0) return `this prompt asks nothing; expected ${expected}`
  const way = ways.find((members) => members.some((member) => given.includes(member))) ?? []
  const missing = way.find((member) => !given.includes(member))
  if (missing !== undefined) return `this prompt lacks ${code(missing)}; expected ${expected}`
  if (given.length > way.length) {
    return `${given.map(code).join(' and ')} cannot stand together; keep one`
  }
  if (!hasTokens(api)) return ofGeneration(raw, api)
  return raw.turns === undefined ? silence(raw) : besideTurns(raw)
}

/** Only for a prompt without a problem is it what was meant. */
export function messagesOf({
  prompt,
  messages,
  texts,
  query,
  documents,
}: RawPrompt): readonly Message[] {
  if (messages !== undefined) return messages.map(({ role, content }) => ({ role, content }))
  return asMessages(query === undefined ? (texts ?? [prompt ?? '']) : [query, ...(documents ?? [])])
}

export function asMessages(texts: readonly string[]): readonly Message[] {
  return texts.map((content) => ({ role: 'user', content }))
}

function silence({ messages }: RawPrompt): string | undefined {
  const isSilent = messages?.every(({ role }) => role === 'system') ?? false
  return isSilent ? 'this prompt has only system messages; expected a user message' : undefined
}

function besideTurns({ expect }: RawPrompt): string | undefined {
  return expect === undefined
    ? undefined
    : '`expect` of a conversation stands in the turn whose answer it is about; move it there'
}

/** What would never be looked at is refused. */
function ofGeneration(raw: RawPrompt, api: DialectName): string | undefined {
  if (raw.expect !== undefined) {
    return `answers of ${api} have no text that \`expect\` could look at; take it out`
  }
  return raw.max_output_tokens === undefined
    ? undefined
    : `${api} generates nothing that \`max_output_tokens\` could bound; take it out`
}

/** `a, b or c` */
function either(ways: readonly string[]): string {
  const [last = '', ...before] = [...ways].reverse()
  return before.length === 0 ? last : `${before.reverse().join(', ')} or ${last}`
}

function code(member: Member): string {
  return `\`${member}\``
}
