// How sentences are put together: `say` keeps what a person reads in one piece of source, and marks
// the parts that are shown in another way. Nothing is escaped here.

import type { Mark, Phrase, Sentence } from '../model/report-document.ts'

/** say`TTFT is ${strong('21 %')} slower than ${code(branch)}`: strings and numbers become text. */
export function say(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Phrase | Sentence)[]
): Sentence {
  return parts.flatMap((part, index) => {
    const value = values[index]
    return [...plain(part), ...(value === undefined ? [] : phrases(value))]
  })
}

/** Text in which names stand between backticks: what is between them becomes code. */
export function withCode(text: string): Sentence {
  return text
    .split(/(`[^`\n]+`)/)
    .filter((part) => part !== '')
    .flatMap((part) =>
      part.length > 2 && part.startsWith('`')
        ? [code(part.slice(1, -1))]
        : plain(clipped(part, 500)),
    )
}

export function strong(text: string): Phrase {
  return { kind: 'strong', text }
}

export function code(text: string): Phrase {
  return { kind: 'code', text: clipped(text, 120) }
}

/** To be copied into a terminal: half a command is none, so it is cut only where it is absurd. */
export function command(text: string): Phrase {
  return { kind: 'code', text: clipped(text, 2000) }
}

export function link(text: string, href: string): Phrase {
  return { kind: 'link', text, href }
}

export function mark(sign: Mark): Phrase {
  return { kind: 'mark', mark: sign }
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly Phrase[], last: 'and' | 'or' = 'and'): Sentence {
  return items.flatMap((item, index) => {
    if (index === 0) return [item]
    return [...plain(index === items.length - 1 ? ` ${last} ` : ', '), item]
  })
}

/** The words alone, without marks: for headlines and machine-readable reports. */
export function plainText(sentence: Sentence): string {
  return sentence
    .map((phrase) => (phrase.kind === 'mark' ? '' : phrase.text))
    .join('')
    .trim()
}

/** Cuts at a whole character and says that it did. */
export function clipped(text: string, maxCharacters: number): string {
  const characters = [...text]
  return characters.length <= maxCharacters
    ? text
    : `${characters.slice(0, maxCharacters - 1).join('')}…`
}

function plain(text: string): Sentence {
  return text === '' ? [] : [{ kind: 'text', text }]
}

function phrases(value: string | number | Phrase | Sentence): Sentence {
  if (typeof value === 'string') return plain(clipped(value, 500))
  if (typeof value === 'number') return plain(String(value))
  return 'kind' in value ? [value] : value
}
