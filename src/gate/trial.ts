// What is known of a gate while it is measured and judged: what there is to judge, what came of it, and
// how far it went beyond the plan.

import type { Judged, PairCount, ToJudge } from '../judge/judge.ts'
import type { Effort } from '../model/effort.ts'

export type OpenTrial = {
  readonly measured: ToJudge
  readonly pairs: PairCount
  readonly effort: Effort
  /** Nothing is measured after it is judged. */
  readonly isLast?: true
}

export type Trial = OpenTrial & { readonly judged: Judged }
