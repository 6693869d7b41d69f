// What fails the job, said once: a failed verdict always, the other three as the policy says.

import type { Policy } from './config.ts'
import type { Blocking, Dropped, GateVerdict } from './verdict.ts'

export function blockingOf(policy: Policy): Blocking {
  return {
    inconclusive: policy.inconclusive === 'fail',
    noBaseline: policy.noBaseline === 'fail',
    invalid: policy.invalid === 'fail',
  }
}

/** What the base branch had and the change does not. What somebody accepted does not block. */
export function droppedOf(
  gates: Dropped['gates'],
  { droppedGate }: Pick<Policy, 'droppedGate'>,
  isAccepted = false,
): Dropped | undefined {
  if (gates.length === 0) return undefined
  return { gates, blocks: droppedGate === 'fail' && !isAccepted }
}

export function blocks(verdict: GateVerdict, blocking: Blocking): boolean {
  switch (verdict) {
    case 'passed':
      return false
    case 'failed':
      return true
    case 'inconclusive':
      return blocking.inconclusive
    case 'no-baseline':
      return blocking.noBaseline
    case 'invalid':
      return blocking.invalid
  }
}
