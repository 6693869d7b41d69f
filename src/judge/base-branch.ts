// A base branch that became worse by itself is no pull request's doing. Where its newest runs fail
// against what was accepted, a pull request is blocked for what it adds to them, and not for what they
// have already.

import type { Comparison } from '../model/comparison.ts'
import type { Limit } from '../model/config.ts'
import type { History } from '../model/history.ts'
import type { Run } from '../model/run.ts'
import type { Summary } from '../model/summary.ts'
import type { MetricJudgement } from '../model/verdict.ts'
import { compare } from './compare/compare.ts'
import { type Decision, decide, gateVerdict } from './decide/decide.ts'
import { summarize } from './summarize.ts'

export type RegressedBase = {
  readonly accepted: readonly Summary[]
  /** Those that were kept apart since, oldest first; at least one. */
  readonly now: readonly Summary[]
  /** Whether what the base branch already has blocks all the same: then it is only told. */
  readonly blocks: boolean
}

/** What becomes of a decision by all runs; the runs of the base branch are summarized once. */
export function besideBaseBranch(
  history: History,
  limits: readonly Limit[],
): (decided: Decided) => Decision {
  const base = regressedBaseOf(history, limits)
  if (base === undefined) return ({ decision }) => decision
  return (decided) => besideBase(decided, base, limits)
}

function regressedBaseOf(
  { runs, regressedBase }: History,
  limits: readonly Limit[],
): RegressedBase | undefined {
  if (regressedBase === undefined) return undefined
  const ids = new Set(regressedBase.runs.map(({ id }) => id))
  const summaries = (some: readonly Run[]) => some.map((run) => summarize(run, limits))
  return {
    accepted: summaries(runs.filter(({ id }) => !ids.has(id))),
    now: summaries(regressedBase.runs),
    blocks: regressedBase.blocks,
  }
}

type Decided = {
  readonly decision: Decision
  readonly comparison: Comparison
  readonly candidate: Summary
}

/**
 * `decision` is that against all runs, the newest ones of the base branch among them, so a fail of it
 * is beyond both levels: it stays where the run is beyond the limit against the newest ones as well.
 * What else is open or fails is judged against those alone.
 */
export function besideBase(
  { decision, comparison, candidate }: Decided,
  base: RegressedBase,
  limits: readonly Limit[],
): Decision {
  const { accepted, now } = base
  const newest = now.at(-1)
  if (newest === undefined) return decision
  const worse = regressed(decide(compareWith(newest, accepted, limits)))
  if (worse.size === 0) return decision
  const against = decide(compareWith(candidate, now, withoutBreached(limits, worse)))
  const metrics = decision.metrics.map((metric) => {
    const own = against.metrics.find(({ id }) => id === metric.id)
    const change = worse.get(metric.id)?.change
    if (own === undefined || change === undefined) return metric
    const beyond = isAdded(own)
    const baseBranch = { change, added: own.change, beyond }
    const stays = base.blocks || isDecidedBeside(metric) || beyond
    return stays ? { ...metric, baseBranch } : { ...own, limit: metric.limit, baseBranch }
  })
  return { verdict: gateVerdict(comparison, metrics), metrics }
}

function compareWith(
  candidate: Summary,
  history: readonly Summary[],
  limits: readonly Limit[],
): Comparison {
  return compare({ candidate, history, anchor: [], limits })
}

function regressed({ metrics }: Decision): ReadonlyMap<string, MetricJudgement> {
  const worse = metrics.filter(({ verdict }) => verdict === 'fail' || verdict === 'suspect')
  return new Map(worse.map((metric) => [metric.id, metric]))
}

/** A ceiling that the base branch breaches already says nothing of the pull request. */
function withoutBreached(
  limits: readonly Limit[],
  worse: ReadonlyMap<string, MetricJudgement>,
): readonly Limit[] {
  return limits.map((limit) =>
    worse.get(limit.metric)?.evidence === 'ceiling' ? { ...limit, ceiling: undefined } : limit,
  )
}

/** Nothing is open, or the endpoint of the base branch was measured in the same minutes. */
function isDecidedBeside({ verdict, evidence }: MetricJudgement): boolean {
  return (
    verdict === 'pass' ||
    verdict === 'improved' ||
    evidence === 'reference' ||
    evidence === 'earlier'
  )
}

/** Beyond the limit against the base branch as it is now; beside a ceiling alone, what matters. */
function isAdded(metric: MetricJudgement): boolean {
  const { change, limit, better, baseline, candidate } = metric
  if (change === undefined) return metric.verdict === 'fail'
  const sign = better === 'lower' ? 1 : -1
  const tolerated = limit?.worsening ?? limit?.mustDetect ?? 0
  const moved = Math.abs((candidate ?? Number.POSITIVE_INFINITY) - (baseline ?? 0))
  return sign * change > tolerated && moved > (limit?.floor ?? 0)
}
