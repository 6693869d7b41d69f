// What a pull request proposes to the config, one line each and never folded: whoever merges it agrees
// to it.

import type { MemberChange } from '../../model/history.ts'
import type { Sentence } from '../../model/report-document.ts'
import type { ReportContext } from '../../model/verdict.ts'
import { code, say, strong } from '../phrase.ts'
import { memberChange } from './remarks.ts'

/** More would hide the verdict; the others are counted. */
const MOST_LINES = 12

export function proposals({ proposedChanges }: ReportContext): readonly Sentence[] {
  if (proposedChanges.length === 0) return []
  const shown = proposedChanges.slice(0, MOST_LINES)
  const left = proposedChanges.length - shown.length
  const rest = left === 0 ? [] : [say`and ${left} more, in ${code('report.json')}`]
  return [
    say`${strong('This pull request also changes the config.')} It is judged by the base branch's question and limits; merging accepts:`,
    ...shown.map(proposal),
    ...rest,
  ]
}

const RENAMED = /^renamed to (.+)$/s

/** A gate that goes or is called otherwise is no value that changes. */
function proposal(change: MemberChange): Sentence {
  const { member, after = '' } = change
  if (!/^gates\.[^.]+$/.test(member)) return memberChange(change)
  if (after === 'removed') return say`${code(member)} is removed`
  const name = RENAMED.exec(after)?.[1]
  return name === undefined
    ? memberChange(change)
    : say`${code(member)} is renamed to ${code(name)}`
}
