// Judges the limits between gates once all gates of a config have been measured.

import type { Run } from '../model/run.ts'
import type { ShareLimit } from '../model/share.ts'
import type { Acceptance, GateResult } from '../model/verdict.ts'
import { ALPHA } from '../model/verdict-policy.ts'
import { compareShare } from './compare/compare.ts'
import { decideShare, withShareVerdicts } from './decide/decide.ts'
import { summarize } from './summarize.ts'

export type Shared = {
  readonly result: GateResult
  readonly run: Run | undefined
  readonly limits: readonly ShareLimit[]
  /** Sound runs of the other gates by name. */
  readonly others: ReadonlyMap<string, Run>
  readonly accept?: Acceptance
}

/** The allowed error is divided among the limits. Without any, the result stays what it is. */
export function withShares({ result, run, limits, others, accept }: Shared): GateResult {
  if (limits.length === 0 || result.notAffected !== undefined) return result
  const level = ALPHA / limits.length
  const shares = limits.map((limit) => {
    const other = others.get(limit.gate)
    if (run === undefined || run.invalidities.length > 0 || other === undefined) {
      return decideShare(limit, 'not-measured')
    }
    const gates = { own: summarize(run, []), other: summarize(other, []) }
    const judged = decideShare(limit, compareShare(limit, gates, level))
    return judged.verdict === 'fail' && accept !== undefined
      ? { ...judged, verdict: 'pass' as const, accepted: true as const }
      : judged
  })
  return { ...result, shares, verdict: withShareVerdicts(result.verdict, shares) }
}
