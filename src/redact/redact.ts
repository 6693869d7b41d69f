// Takes secrets out of every byte that leaves. A text is brought into one plain spelling first, so that
// it does not matter how a server, a shell or a format wrote a secret down; what is found is replaced
// where it stood. A part of a secret that is long enough to be of use is the secret.
// By hand: libraries redact named members or patterns of keys; here the secrets are known, and how they
// are spelt is not.

import { type Plain, plainOf } from './plain-text.ts'
import { spellingsOf } from './spellings.ts'

/** As many characters of a secret are the secret. */
export const FRAGMENT = 12
/** Anything shorter is a word that reports are full of. */
const SHORTEST = 6

const STARS = '***'

export class Redactor {
  readonly #fragments = new Set<string>()
  readonly #short = new Set<string>()
  readonly #known = new Set<string>()

  constructor(secrets: Iterable<string> = []) {
    this.add(secrets)
  }

  /** From now on; what left before cannot be called back. */
  add(secrets: Iterable<string>): void {
    for (const secret of secrets) {
      if (secret.trim().length < SHORTEST || this.#known.has(secret)) continue
      this.#known.add(secret)
      for (const spelling of spellingsOf(secret)) this.#learn(spelling)
    }
  }

  #learn(spelling: string): void {
    if (spelling.length < FRAGMENT) this.#short.add(spelling)
    for (let at = 0; at + FRAGMENT <= spelling.length; at += 1) {
      this.#fragments.add(spelling.slice(at, at + FRAGMENT))
    }
  }

  /** Whole and unshortened texts only: what is cut off first cannot be found any more. */
  text(text: string): string {
    if (this.#known.size === 0) return text
    const plain = plainOf(text)
    const found = this.#find(plain)
    return found.length === 0 ? text : withStars(text, found)
  }

  /** JSON stays JSON: only what stands in its strings is looked at. */
  json(text: string): string {
    if (this.text(text) === text) return text
    return text.replace(/"(?:[^"\\]|\\.)*"/g, (literal) => this.text(literal))
  }

  /** Ranges of the original text, in order and without overlap. */
  #find({ text, starts, ends }: Plain): readonly Range[] {
    const marks: Range[] = []
    const mark = (at: number, length: number) => {
      const from = starts[at] ?? 0
      const to = ends[at + length - 1] ?? from
      const last = marks.at(-1)
      if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
      else marks.push({ from, to })
    }
    for (let at = 0; at < text.length; at += 1) {
      if (this.#fragments.has(text.slice(at, at + FRAGMENT))) mark(at, FRAGMENT)
      for (const word of this.#short) if (text.startsWith(word, at)) mark(at, word.length)
    }
    return marks
  }
}

/**
 * The one of this process: a secret that is learnt anywhere is one everywhere, in the log, in every file, in
 * the comment and on the baseline branch.
 */
export const leaving = new Redactor()

type Range = { readonly from: number; to: number }

function withStars(text: string, ranges: readonly Range[]): string {
  let rest = 0
  const parts = ranges.map(({ from, to }) => {
    const before = text.slice(rest, from)
    rest = to
    return before + STARS
  })
  return parts.join('') + text.slice(rest)
}
