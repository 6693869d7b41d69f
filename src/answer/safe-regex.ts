// Regular expressions that cannot hang: RE2's, which take time in proportion to the text, whatever
// the pattern. Patterns and texts are both written by strangers here.

import { RE2JS } from 're2js'

/** Longer ones are no pattern that a person wrote, and compile slowly. */
const LONGEST_PATTERN = 2000

/** As much of a `RegExp` as Ajv asks for; it tells patterns apart by their text. */
export type SafeRegex = {
  readonly test: (text: string) => boolean
  readonly toString: () => string
}

/** A pattern that is not one. The message completes "the pattern". */
export class PatternProblem extends Error {
  override readonly name = 'PatternProblem'
  readonly pattern: string

  constructor(pattern: string, message: string) {
    super(message)
    this.pattern = pattern
  }
}

/** Finds the pattern anywhere in a text. JavaScript's spelling is taken as well (`\u0041`, `\/`). */
export function safeRegex(pattern: string): SafeRegex {
  if (pattern.length > LONGEST_PATTERN) {
    const message = `is ${pattern.length} characters long; expected at most ${LONGEST_PATTERN}`
    throw new PatternProblem(pattern, message)
  }
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern))
    return { test: (text) => compiled.test(text), toString: () => pattern }
  } catch (error) {
    throw new PatternProblem(pattern, reasonOf(error))
  }
}

/** RE2 leaves out what takes more than linear time, so that is said where it is the reason. */
function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error)
  const reason = said.replace(/^error parsing regexp: /, '')
  const left = /Perl syntax|escape sequence: `\\[1-9k]/.test(reason)
  return `is not one that RE2 knows (${reason})${left ? '; it has no look-around and no back-references' : ''}`
}
