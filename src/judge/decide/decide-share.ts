// The verdict of a limit between two gates, from its numbers alone: beyond noise on either side of it,
// or open.

import { metricRow } from '../../model/metric.ts'
import type { ShareJudgement, ShareLimit } from '../../model/share.ts'
import type { GateVerdict } from '../../model/verdict.ts'
import { labelOf, type ShareTest } from '../compare/compare.ts'

/** `test` absent: the gates have no such values, or one of them was not measured. */
export function decideShare(
  limit: ShareLimit,
  test: ShareTest | 'not-measured' | undefined,
): ShareJudgement {
  const row = metricRow(limit.family)
  const shown = { ...limit, label: labelOf({ ...limit, id: limit.metric, row }), unit: row.unit }
  const open = (why: NonNullable<ShareJudgement['open']>): ShareJudgement => {
    const { own, other, interval } = typeof test === 'object' ? test : {}
    return { ...shown, own, other, interval, verdict: 'inconclusive', open: why }
  }
  if (test === undefined) return open({ kind: 'no-samples' })
  if (test === 'not-measured') return open({ kind: 'not-measured' })
  const { own, other, interval, has, needsToFail, needsToPass } = test
  const decided = { ...shown, own, other, interval }
  if (test.lower > 0 && has >= needsToFail) return { ...decided, verdict: 'fail' }
  if (test.upper < 0 && has >= needsToPass) return { ...decided, verdict: 'pass' }
  const needs = test.beyond > 0 ? needsToFail : needsToPass
  return open(
    has < needs ? { kind: 'too-few-requests', has, needs } : { kind: 'interval-too-wide' },
  )
}

/** A gate with its limits between gates: a fail fails it, an open one leaves a pass open. */
export function withShareVerdicts(
  verdict: GateVerdict,
  shares: readonly ShareJudgement[],
): GateVerdict {
  if (verdict === 'invalid' || verdict === 'failed') return verdict
  if (shares.some((share) => share.verdict === 'fail')) return 'failed'
  const isOpen = shares.some((share) => share.verdict === 'inconclusive')
  return isOpen && verdict === 'passed' ? 'inconclusive' : verdict
}
