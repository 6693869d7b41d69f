// What an answer says, piece by piece: right or wrong, and the same for every seed.

import type { AnswerPlan } from './behaviour.ts'
import type { Piece } from './speech/speech.ts'

// Words of one to four bytes a character, so that split UTF-8 has something to split.
const WORDS = ['The', ' answer', ' is', ' naïve', ' but', ' 完成', ' and', ' ok', ' 🙂', ' so', '.']
const NONSENSE = ['Lorem', ' ipsum']
const RIGHT_JSON = '{"city":"Orléans","people":116617}'
const ARGUMENTS = '{"query":"naïve 完成"}'
const WRONG_JSON = '{"city":"Orléans","people":"many"}'

export function piecesOf(plan: AnswerPlan): readonly Piece[] {
  const pieces: Piece[] = []
  const visible = plan.tokensAtMs.length - plan.reasoningTokens
  for (let i = 0; i < plan.tokensAtMs.length; i += 1) {
    const kind = i < plan.reasoningTokens ? 'reasoning' : plan.tool ? 'tool' : 'text'
    const before = pieces[i - 1]
    const opens = before?.kind !== kind
    const block = before === undefined ? 0 : before.block + (opens ? 1 : 0)
    const text =
      kind === 'reasoning'
        ? word(plan, i)
        : visibleWord(plan, { at: i - plan.reasoningTokens, of: visible, i })
    pieces.push({ kind, text, block, opens })
  }
  return pieces
}

function visibleWord(plan: AnswerPlan, { at, of, i }: { at: number; of: number; i: number }) {
  if (plan.tool) return slice(ARGUMENTS, at, of)
  if (plan.says === 'json') return slice(plan.wrong ? WRONG_JSON : RIGHT_JSON, at, of)
  return word(plan, i)
}

/** What a client could put back into a conversation. */
export function visibleText(plan: AnswerPlan): string {
  const said = piecesOf(plan).filter(({ kind }) => kind === 'text')
  return said.map(({ text }) => text).join('')
}

function word({ wrong }: AnswerPlan, i: number): string {
  const words = wrong ? NONSENSE : WORDS
  return words[i % words.length] ?? ''
}

/** The document in so many pieces, whatever their number: no token is empty. */
function slice(document: string, at: number, of: number): string {
  const size = Math.ceil(document.length / of)
  const from = at * size
  return at === of - 1 ? document.slice(from) || ' ' : document.slice(from, from + size) || ' '
}
