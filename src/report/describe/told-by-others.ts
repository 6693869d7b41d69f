// What stands before everything else where the figures are another job's: whose they are, and which of
// the report's gates the base branch does not know.

import type { Sentence } from '../../model/report-document.ts'
import { code, listed, say } from '../phrase.ts'

export type Told = {
  /** `owner/name` of the repository whose job it was. Absent = not known. */
  readonly who?: string
  readonly baseBranch: string
  /** The config that the base branch does not have. Absent = it has one. */
  readonly lacking?: string
  /** Gates that the base branch does not have. */
  readonly added: readonly string[]
}

/** One line each would hide the verdict: the others are counted. */
const MOST_NAMES = 5

export function toldByOthers({
  who = 'the pull request',
  baseBranch,
  lacking,
  added,
}: Told): readonly Sentence[] {
  const whose = say`These figures come from a job of ${who}, and nobody checked them.`
  const base = code(baseBranch)
  if (lacking !== undefined) {
    return [
      whose,
      say`${base} has no ${code(lacking)}: which gates there should be is not known, and those of the report are judged by the default limits.`,
    ]
  }
  if (added.length === 0) return [whose]
  const shown = added.slice(0, MOST_NAMES).map((name) => code(name))
  const more = added.length - shown.length
  const rest = more === 0 ? '' : ` and ${more} more`
  return [
    whose,
    say`${base} has no gate ${listed(shown, 'or')}${rest}: judged by the default limits, and standing for none of its gates.`,
  ]
}
