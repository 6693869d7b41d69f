// A verdict made again from the figures of a report that somebody else wrote, by limits that are ours:
// what they carry is its verdict, whatever the report says it is. It may be more careful than its
// figures, never less.

import type { Gate, Prices } from '../../model/config.ts'
import { METRICS, metricRow, parseMetricId } from '../../model/metric.ts'
import type { ShareJudgement, ShareLimit } from '../../model/share.ts'
import type { GateResult, GateVerdict, MetricJudgement } from '../../model/verdict.ts'
import { labelOf } from '../compare/compare.ts'
import { withShareVerdicts } from './decide-share.ts'
import { judgedFigure, missingFigure } from './figure.ts'
import { verdictOf } from './verdict-of.ts'

export type GateRules = Pick<Gate, 'limits' | 'compare' | 'prices'>

/** Nothing is accepted in it, and nothing was left out for being unaffected: both are for us to say. */
export function judgedByFigures(gate: GateResult, rules: GateRules): GateResult {
  const { notAffected: _, shares: _theirs, ...rest } = gate
  // The figures of a void run judge nothing.
  const isVoid = gate.invalidities.length > 0
  const judged = metricsOf(gate.metrics, rules)
  const metrics = isVoid ? judged.map(shownOnly) : judged
  const shares = rules.compare.map((limit) => sharedBy(gate.shares ?? [], limit))
  const verdict = gateVerdict(gate, metrics)
  return shares.length === 0
    ? { ...rest, metrics, verdict }
    : { ...rest, metrics, shares, verdict: withShareVerdicts(verdict, shares) }
}

/** Every limit has its row, whether the report speaks of it or not; in the table's order. */
function metricsOf(
  figures: readonly MetricJudgement[],
  { limits, prices }: GateRules,
): readonly MetricJudgement[] {
  const known = figures.flatMap((figure) => {
    const limit = limits.find(({ metric }) => metric === figure.id)
    return withoutPrice(figure, prices) ?? judgedFigure(figure, limit) ?? []
  })
  const missing = limits.filter(({ metric }) => !known.some(({ id }) => id === metric))
  return [...known, ...missing.map(missingFigure)].sort((one, other) => place(one) - place(other))
}

/** The family by its row, the percentile within it. */
function place({ id }: MetricJudgement): number {
  const parsed = parseMetricId(id)
  const row = METRICS.findIndex(({ family }) => family === parsed?.family)
  return row + (parsed?.quantile ?? 0)
}

/** What costs nothing, by our own prices, has no cost to be judged. */
function withoutPrice(figure: MetricJudgement, prices: Prices): MetricJudgement | undefined {
  if (figure.id !== 'cost_per_answer' || !isFree(prices)) return undefined
  const kind = prices.kind === 'none' ? 'no-prices' : 'free'
  const shown = judgedFigure(figure, undefined)
  return shown && { ...shown, reason: { kind } }
}

function isFree(prices: Prices): boolean {
  switch (prices.kind) {
    case 'none':
      return true
    case 'gpu-hour':
      return prices.usdPerHour === 0
    case 'tokens': {
      const { input, cachedInput, output, reasoning, request } = prices
      return input + cachedInput + output + reasoning + request === 0
    }
  }
}

function shownOnly(metric: MetricJudgement): MetricJudgement {
  const { resolution: _, ceilingHolds: _holds, ...rest } = metric
  return { ...rest, verdict: 'not-gated', reason: { kind: 'invalid-run' }, settles: [] }
}

function gateVerdict(gate: GateResult, metrics: readonly MetricJudgement[]): GateVerdict {
  if (gate.invalidities.length > 0) return 'invalid'
  const verdict = verdictOf(metrics)
  const hasBaseline = metrics.some(({ change }) => change !== undefined)
  return verdict !== 'failed' && gate.verdict === 'no-baseline' && !hasBaseline
    ? 'no-baseline'
    : verdict
}

/** By the interval that the report has of it, on whichever side of our limit that lies. */
function sharedBy(reported: readonly ShareJudgement[], limit: ShareLimit): ShareJudgement {
  const row = metricRow(limit.family)
  const shown = { ...limit, label: labelOf({ ...limit, id: limit.metric, row }), unit: row.unit }
  const found = reported.find(
    ({ gate, metric, side }) =>
      gate === limit.gate && metric === limit.metric && side === limit.side,
  )
  const { own, other, interval } = found ?? {}
  if (found === undefined || own === undefined || other === undefined || interval === undefined) {
    return { ...shown, verdict: 'inconclusive', open: { kind: 'not-measured' } }
  }
  const judged = { ...shown, own, other, interval }
  const [low, high] = interval
  const share = own / other
  const [isBeyond, isWithin] =
    limit.side === 'at-most'
      ? [low > limit.share, high < limit.share && share < limit.share]
      : [high < limit.share, low > limit.share && share > limit.share]
  if (isBeyond) return { ...judged, verdict: 'fail' }
  return isWithin && found.verdict !== 'inconclusive'
    ? { ...judged, verdict: 'pass' }
    : { ...judged, verdict: 'inconclusive', open: { kind: 'interval-too-wide' } }
}
