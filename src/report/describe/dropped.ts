// Gates that a change drops: a gate that is gone finds nothing, so whoever merges has to see it first.

import type { Sentence } from '../../model/report-document.ts'
import type { Dropped, ReportContext } from '../../model/verdict.ts'
import * as format from '../format.ts'
import { clipped, code, say, strong } from '../phrase.ts'
import { visible } from '../render/render.ts'

/** Of a name, and of several together. */
const NAME_CHARACTERS = 16
const NAMES_CHARACTERS = 36
/** One line each; the others are counted. */
const MOST_LINES = 5

/** The end of a headline: `gate search is removed`. */
export function droppedInShort({ gates }: Dropped): string {
  const names = gates.map(({ gate }) => clipped(visible(gate), NAME_CHARACTERS))
  const [only, ...others] = gates
  if (only !== undefined && others.length === 0) return `gate ${names[0]} is ${fate(only)}`
  return `${format.count(gates.length, 'gate')} are dropped: ${clipped(names.join(', '), NAMES_CHARACTERS)}`
}

function fate({ renamedTo }: Dropped['gates'][number]): string {
  return renamedTo === undefined
    ? 'removed'
    : `renamed to ${clipped(visible(renamedTo), NAME_CHARACTERS)}`
}

/** What it means, and what to do where it blocks. */
export function droppedSentences({ dropped, acceptLabel }: ReportContext): readonly Sentence[] {
  if (dropped === undefined) return []
  const shown = dropped.gates
    .slice(0, MOST_LINES)
    .map(({ gate, renamedTo }) =>
      renamedTo === undefined
        ? say`${strong('This change removes the gate')} ${code(gate)}: after the merge it is no longer measured.`
        : say`${strong('This change renames the gate')} ${code(gate)} to ${code(renamedTo)}: after the merge its history starts over.`,
    )
  const left = dropped.gates.length - shown.length
  const rest = left === 0 ? [] : [say`It drops ${format.count(left, 'more gate')}.`]
  return dropped.blocks ? [...shown, ...rest, howToGoOn(acceptLabel)] : [...shown, ...rest]
}

function howToGoOn(label: string): Sentence {
  return say`It blocks, because ${code('policy.dropped_gate')} is ${code('fail')} on the base branch. Put the gate back; or, if it is meant to go, a maintainer adds the label ${code(label)} and runs the job again.`
}
