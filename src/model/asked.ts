// How a gate of a pull request was asked where that is not as its own config says: the base branch's
// question always comes first, and a question that the pull request proposes stands beside it.

import type { MemberChange } from './history.ts'

export type Asked =
  /** With the base branch's workload, and judged by its history. */
  | {
      readonly as: 'base'
      readonly because: 'reshaped' | 'renamed' | 'removed'
      /** The gate of the head; absent for a removed one. */
      readonly head?: string
      /** What of the load the pull request changes. */
      readonly changes: readonly MemberChange[]
    }
  /** With the workload that the pull request proposes, which has no history yet. */
  | {
      readonly as: 'proposed'
      readonly of: string
      readonly changes: readonly MemberChange[]
      /** It was measured beside the base branch's own question. Absent = there was nothing beside it. */
      readonly isCompared?: true
    }

type Counted = { readonly verdict: string; readonly asked?: Asked }

/**
 * Whether a verdict counts for the job's. That a proposed question has nothing to be compared with, or
 * too little to decide by its history, is no news: the base branch's own question was judged. A fail of
 * it and a void run count, and so does what a comparison beside the base branch's question left open.
 */
export function isCounted({ verdict, asked }: Counted): boolean {
  if (asked?.as !== 'proposed') return true
  return verdict !== 'no-baseline' && (verdict !== 'inconclusive' || asked.isCompared === true)
}
