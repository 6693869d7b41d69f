// The prompts of a workload that names none: eight texts in four classes of length, so that a gate
// sees short chats and long documents alike. Changing a text or a weight changes the load shape of
// every config that relies on it, and with that begins its history anew.

import type { Prompt } from '../../model/config.ts'
import { DOCUMENT_TEXTS, LONG_TEXTS, MEDIUM_TEXTS, QUERIES, SHORT_TEXTS } from './built-in-texts.ts'
import { asMessages } from './prompt-content.ts'

type PromptClass = {
  readonly name: string
  readonly texts: readonly string[]
  /** Of each text: short prompts are asked more often, as people do. */
  readonly weight: number
}

/** Weighted, a request is about 230 input tokens. */
const CLASSES: readonly PromptClass[] = [
  { name: 'short', texts: SHORT_TEXTS, weight: 4 },
  { name: 'medium', texts: MEDIUM_TEXTS, weight: 3 },
  { name: 'long', texts: LONG_TEXTS, weight: 2 },
  { name: 'document', texts: DOCUMENT_TEXTS, weight: 1 },
]

export function builtInPrompts(maxOutputTokens: number): readonly Prompt[] {
  return CLASSES.flatMap(({ name, texts, weight }) =>
    texts.map((content, i) => ({
      name: `${name}-${i + 1}`,
      promptClass: name,
      weight,
      messages: [{ role: 'user', content }],
      maxOutputTokens,
    })),
  )
}

/** Ten paragraphs of the built-in texts each, some of which have to do with the query. */
const DOCUMENTS = 10

export function builtInRankings(): readonly Prompt[] {
  const paragraphs = CLASSES.flatMap(({ texts }) => texts)
    .flatMap((text) => text.split('\n'))
    .filter((paragraph) => paragraph.length > 80)
  return QUERIES.map((query, i) => ({
    name: `ranking-${i + 1}`,
    promptClass: 'ranking',
    weight: 1,
    messages: asMessages([
      query,
      ...Array.from(
        { length: DOCUMENTS },
        (_, at) => paragraphs[(i + at * QUERIES.length) % paragraphs.length] ?? '',
      ),
    ]),
    maxOutputTokens: 0,
  }))
}
