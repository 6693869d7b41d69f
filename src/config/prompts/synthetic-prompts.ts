// Prompts by token count, for load shapes where only the length matters. Made of short common
// English words, each of which is one token (with its leading space) in nearly every vocabulary, so
// a prompt of N words is about N tokens. The same settings give the same prompts, to the byte.

import type { DialectName, Prompt } from '../../model/config.ts'
import { seededRandom } from '../../stats/random.ts'
import { asMessages } from './prompt-content.ts'

/** Each one of the few hundred commonest English words; none longer than six letters. */
const WORDS =
  'about after again air all and answer any are around ask away back before begin below best better between big book both bring build but call came can car carry change city close cold come could country cut day did door down draw each early earth eat end even every eye face fact family far feel few field find fire first fish five fly food foot form found four free friend from full game gave get girl give good got great green ground group grow half hand hard have head hear heart help here high hold home horse hour house how idea just keep kind king knew know land large last late learn leave left letter life light like line list live long look made make many map mark may mean might mile mind money moon more most mother move much music must name near need never new next night north note now number off often old once only open order other our over own page paper part past people piece place plan plant play point power press put quick rain reach read ready real red rest river road rock room round rule run said same saw say school sea second see seem self sentence set ship short should show side simple since sing size sleep slow small snow some song soon sound south space stand star start state stay step still stop story street strong study such sun sure table take talk teach tell ten than that them then there these they thing think this those thought three through time to today together took top town travel tree true try turn two under until up use very voice walk want war warm watch water way week well went were west what wheel when where which while white who whole why wind wish with wood word work world would write year young'.split(
    ' ',
  )

const TASK = 'Continue this list of words in the same manner, without comment:'
const TASK_TOKENS = 13

export function syntheticPrompts(settings: {
  readonly inputTokens: number
  readonly count: number
  readonly maxOutputTokens: number
}): readonly Prompt[] {
  const { inputTokens, count, maxOutputTokens } = settings
  return Array.from({ length: count }, (_, i) => ({
    name: `synthetic-${inputTokens}-${i + 1}`,
    promptClass: `synthetic-${inputTokens}`,
    weight: 1,
    messages: [{ role: 'user', content: content(inputTokens, i) }],
    maxOutputTokens,
  }))
}

/** Documents beside one query, where nobody says how many. */
const USUAL_DOCUMENTS = 10
const QUERY_TOKENS = 12

/** For APIs that answer with vectors or rankings: `items` texts of that length in each request, for a
 * ranking beside a short query. They are words alone: nothing is to be continued. */
export function syntheticItems(settings: {
  readonly api: DialectName
  readonly inputTokens: number
  readonly count: number
  readonly items: number | undefined
}): readonly Prompt[] {
  const { api, inputTokens, count } = settings
  const isRanking = api === 'rerank'
  const items = settings.items ?? (isRanking ? USUAL_DOCUMENTS : 1)
  return Array.from({ length: count }, (_, i) => {
    const texts = Array.from({ length: items }, (_, at) => words(inputTokens, i * items + at))
    return {
      name: `synthetic-${items}x${inputTokens}-${i + 1}`,
      promptClass: `synthetic-${items}x${inputTokens}`,
      weight: 1,
      messages: asMessages(isRanking ? [words(QUERY_TOKENS, i), ...texts] : texts),
      maxOutputTokens: 0,
    }
  })
}

function words(count: number, index: number): string {
  return commonWords(count * 1009 + index, count).join(' ')
}

function content(inputTokens: number, index: number): string {
  return listContent(commonWords(inputTokens * 1009 + index, wordsOf(inputTokens)))
}

/** How many words make a prompt of so many tokens, with the task before them. */
export function wordsOf(inputTokens: number): number {
  return Math.max(1, inputTokens - TASK_TOKENS)
}

export function listContent(words: readonly string[]): string {
  return `${TASK} ${words.join(' ')}`
}

/** The same for the same seed. */
export function commonWords(seed: number, count: number): readonly string[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)] ?? 'word')
}
