// What is known of a gate while it is measured and judged: what there is to judge, what came of it, and
// how far it went beyond the plan.

import type { Judged, PairCount, ToJudge } from '../judge/judge.ts'
import type { Confirmation, Effort } from '../model/effort.ts'
import type { Judging } from '../model/ports.ts'

export type OpenTrial = {
  readonly measured: ToJudge
  readonly pairs: PairCount
  readonly effort: Effort
  /** Nothing is measured after it is judged. */
  readonly isLast?: true
}

export type Trial = OpenTrial & { readonly judged: Judged }

export function begun(measured: ToJudge, request: Judging): OpenTrial {
  const { reference, withoutReference, earlier } = request
  const arm = reference === undefined ? (withoutReference ?? 'none') : 'not-needed'
  return {
    measured,
    pairs: { taken: 0, planned: 0 },
    effort: { pairs: 0, looks: 0, addedRequests: 0, reference: arm },
    ...(earlier === undefined ? {} : { isLast: true }),
  }
}

/** Beside an earlier run: how long before it was, and what may have moved since. */
export function effortOf({ effort, judged }: Trial, { earlier }: Judging): Effort {
  if (earlier === undefined) return effort
  const { run, comparison, differs } = judged
  const beforeMs = Date.parse(run.startedAt) - Date.parse(earlier.startedAt)
  const movement = Math.sqrt(comparison.movement ?? 0)
  return { ...effort, reference: 'earlier', earlier: { beforeMs, movement }, differs }
}

export function withReference(trial: Trial, reference: Effort['reference']): Trial {
  return { ...trial, effort: { ...trial.effort, reference } }
}

export function withConfirmation(trial: Trial, confirmation: Confirmation): Trial {
  return { ...trial, effort: { ...trial.effort, confirmation } }
}
