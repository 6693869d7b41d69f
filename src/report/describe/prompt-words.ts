// What a pull request changes in the prompts, as a reader needs it: which, and by how many tokens.

import type { PromptChange } from '../../model/prompt-change.ts'
import type { Sentence } from '../../model/report-document.ts'
import * as format from '../format.ts'
import { code, say } from '../phrase.ts'

const MOST = 5

/** The largest changes first; empty without any. */
export function promptsInLine(changes: readonly PromptChange[]): Sentence {
  const shown = [...changes]
    .sort((a, b) => Math.abs(longer(b)) - Math.abs(longer(a)))
    .slice(0, MOST)
  const left = changes.length - shown.length
  const parts = [...shown.map(inWords), ...(left === 0 ? [] : [say`${left} more changed as well`])]
  return parts.flatMap((part, index) => (index === 0 ? part : [...say`; `, ...part]))
}

function inWords(change: PromptChange): Sentence {
  const { prompt, maxOutputTokens } = change
  const limit =
    maxOutputTokens === undefined
      ? []
      : say`may be answered with up to ${format.count(maxOutputTokens.after, 'token')} (${maxOutputTokens.before} before)`
  const text = textInWords(change)
  const isBoth = text.length > 0 && limit.length > 0
  return [...say`${code(prompt)} `, ...text, ...(isBoth ? say` and ` : []), ...limit]
}

function textInWords(change: PromptChange): Sentence {
  const { pairedWith, isSameText } = change
  if (isSameText) {
    return pairedWith === undefined ? [] : say`is ${code(pairedWith)} under another name`
  }
  const length = lengthInWords(change)
  return pairedWith === undefined
    ? say`${length}`
    : say`${length} than ${code(pairedWith)}, which it is paired with`
}

function lengthInWords(change: PromptChange): string {
  const { inputTokens, pairedWith } = change
  if (inputTokens === undefined) return 'has different text, of unknown length'
  const tokens = Math.round(longer(change))
  const { before, after, estimated } = inputTokens
  if (tokens === 0) {
    return pairedWith === undefined ? 'has different text of the same length' : 'is no longer'
  }
  const about = estimated ? 'about ' : ''
  const from = `${Math.round(before)} → ${Math.round(after)}${estimated ? ', estimated' : ''}`
  const size = `${about}${format.count(Math.abs(tokens), 'token')}`
  const way = tokens > 0 ? 'longer' : 'shorter'
  return pairedWith === undefined ? `is ${size} ${way} (${from})` : `is ${size} ${way}`
}

function longer({ inputTokens }: PromptChange): number {
  return inputTokens === undefined ? 0 : inputTokens.after - inputTokens.before
}
