// Where a fresh run of the base branch goes: into the baseline, apart, or nowhere. A run that fails
// is never the next baseline by itself, so no level drifts loose; somebody has to accept it.

import type { Standing } from '../model/store.ts'
import type { GateResult } from '../model/verdict.ts'

/**
 * invalid → not recorded. Any failing metric → held, a ceiling alone included: a run that breaks an
 * objective is no baseline. Everything else is accepted, inconclusive too: a history has to begin
 * somewhere. A fail that a label turned into a pass is accepted and opens a new epoch.
 */
export function standingOf(result: GateResult): Standing {
  if (result.verdict === 'invalid') return { kind: 'not-recorded', because: result.invalidities }
  const failed = result.metrics.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)
  if (failed.length > 0) return { kind: 'held', failed }
  return {
    kind: 'accepted',
    opensEpoch: result.metrics.some(({ accepted }) => accepted !== undefined),
  }
}
