// What is known of a gate while it is measured and judged: what there is to judge, what came of it, and
// how far it went beyond the plan.

import type { Judge, Judged, PairCount, ToJudge } from '../judge/judge.ts'
import type { MeasuredRound, Rounds } from '../measure/measure.ts'
import type { Effort } from '../model/effort.ts'
import type { GateRequest, Judging, Ports } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import { LOOKS_AHEAD, ONE_LOOK_AT_ARMS } from '../model/verdict-policy.ts'

/** What is made once for a gate, and works with every trial of it. */
export type Setting = {
  readonly request: GateRequest
  readonly rounds: Rounds
  readonly judge: Judge
  readonly ports: Pick<Ports, 'announce' | 'wait'>
}

export type OpenTrial = {
  readonly measured: ToJudge
  readonly pairs: PairCount
  readonly effort: Effort
  /** Nothing is measured after it is judged. */
  readonly isLast?: true
}

export type Trial = OpenTrial & { readonly judged: Judged }

/** The first round, before it is judged, with every look that may follow. */
export function begun({ run, reference }: MeasuredRound, request: GateRequest): OpenTrial {
  const open = begunSaved(run, request)
  if (reference !== undefined) return inPairs(open, run, reference)
  const isLast = request.earlier === undefined ? undefined : true
  const looks = LOOKS_AHEAD[request.reference === undefined ? 'alone' : 'withReference']
  return { ...open, measured: { run, looks }, isLast }
}

/** A run that is judged as it is. */
export function begunSaved(run: Run, { reference, withoutReference }: Judging): OpenTrial {
  const arm = reference === undefined ? (withoutReference ?? 'none') : 'not-needed'
  return {
    measured: { run },
    pairs: { taken: 0, planned: 0 },
    effort: { pairs: 0, looks: 0, addedRequests: 0, reference: arm },
    isLast: true,
  }
}

/** Looked at once, as a whole. With a reference arm that never answered the history alone is left. */
function inPairs(open: OpenTrial, run: Run, reference: Run): OpenTrial {
  const isUp = reference.records.some(({ outcome }) => outcome === 'completed')
  if (!isUp) return { ...open, effort: { ...open.effort, reference: 'failed' } }
  const pairs = run.records.length
  return {
    ...open,
    measured: { run, looks: ONE_LOOK_AT_ARMS, paired: { candidate: run, reference } },
    pairs: { taken: pairs, planned: pairs },
    effort: { ...open.effort, pairs, looks: 1, reference: 'measured' },
  }
}
