// What can still settle an open verdict within the budget: pairs against the reference arm, more
// requests where they can help, or nothing, and why. It plans every look before the first is taken,
// because the allowed error is spread over them.

import type { Comparison, Looks } from '../../model/comparison.ts'
import { type MetricId, metricRow, parseMetricId } from '../../model/metric.ts'
import { isOfOneNumber } from '../../model/opening.ts'
import type { Allowance, UnitCosts } from '../../model/plan.ts'
import type { RequestKind } from '../../model/request-record.ts'
import type { MetricJudgement } from '../../model/verdict.ts'
import { FEWEST_PAIRS, LOOKS_AT_PAIRS, ONE_LOOK } from '../../model/verdict-policy.ts'
import { affordable } from './afford.ts'
import { type Open, type PairNeeds, pairsNeeded, requestsNeeded } from './needs.ts'

export type Situation = {
  readonly comparison: Comparison
  readonly decision: { readonly verdict: string; readonly metrics: readonly MetricJudgement[] }
  /** Whether there is a reference arm to measure. */
  readonly reference: 'available' | 'none'
  /** What deployments of the same thing lie apart of themselves, as `judgeBy` has it. */
  readonly differs: number
  /** The looks that the comparison was made with. */
  readonly looks: Looks
  /** Pairs measured so far and planned in all: both 0 before the first pair. */
  readonly pairs: PairCount
  /** What the budget still allows. */
  readonly allowance: Allowance
  readonly seen: UnitCosts
  /** Requests an arm that are sent before each round and judge nothing. */
  readonly warmup: number
  /** Whether there are first-token probes, and they agreed with full answers. */
  readonly probes: 'usable' | 'unusable'
}

export type PairCount = { readonly taken: number; readonly planned: number }

export type Step =
  | {
      readonly kind: 'stop'
      readonly why: 'decided' | 'no-budget' | 'looks-spent' | 'nothing-helps'
      /** Present when looks that were planned will not be taken: judge once more with these, which
       * give the history the error that had been kept for them. */
      readonly looks?: Looks
    }
  /** Measure this many more pairs in alternation, then compare with all pairs together. */
  | {
      readonly kind: 'pairs'
      readonly add: number
      readonly request: RequestKind
      /** What the pairs are to settle: the `metrics` of the paired runs. */
      readonly metrics: readonly MetricId[]
      readonly pairs: PairCount
      readonly looks: Looks
    }
  /** Send this many more requests to the candidate, then compare the longer run. */
  | {
      readonly kind: 'requests'
      readonly add: number
      readonly request: RequestKind
      readonly looks: Looks
    }

export function nextStep(situation: Situation): Step {
  const step = stepFrom(situation)
  const freed = step.kind === 'stop' && hasUnusedLooks(situation.looks)
  return freed ? { ...step, looks: ONE_LOOK } : step
}

/**
 * An open gate stops for reasons that have nothing to do with the change that was seen, so nothing
 * is looked at twice. A decided one keeps its verdict at the full level: only its intervals narrow.
 */
function hasUnusedLooks({ history, pairs }: Looks): boolean {
  return history.taken === 1 && pairs.taken === 0 && history.planned + pairs.planned > 1
}

function stepFrom(situation: Situation): Step {
  const { decision } = situation
  const open = decision.metrics.filter(
    ({ id, verdict }) =>
      (verdict === 'inconclusive' || verdict === 'suspect') && !isOfOneNumber(id),
  )
  if (decision.verdict === 'failed' || open.length === 0) return { kind: 'stop', why: 'decided' }
  if (situation.pairs.planned > 0) return nextPairs(situation, open)
  const forPairs = open.filter((metric) => metric.evidence !== 'ceiling')
  return situation.reference === 'available' && forPairs.length > 0
    ? firstPairs(situation, forPairs)
    : moreRequests(situation, open)
}

/** Plans all pairs and looks once, for what they can settle, and takes the first part of them. */
function firstPairs(situation: Situation, open: readonly MetricJudgement[]): Step {
  const most = (of: readonly MetricJudgement[]) => {
    const request = kindFor(of, situation.probes)
    return affordable({ ...situation, request, arms: 2, rounds: LOOKS_AT_PAIRS })
  }
  if (most(open) < FEWEST_PAIRS) return { kind: 'stop', why: 'no-budget' }
  const worth = worthwhile(openOf(situation, open), most(open), situation.differs)
  if (worth.length === 0) return { kind: 'stop', why: 'nothing-helps' }
  const settled = worth.map(({ judgement }) => judgement)
  return pairsStep(situation, {
    planned: Math.min(
      most(settled),
      Math.max(FEWEST_PAIRS, ...worth.map(({ needs }) => needs.enough)),
    ),
    looks: LOOKS_AT_PAIRS,
    taken: 0,
    most: most(settled),
    request: kindFor(settled, situation.probes),
    open: settled,
  })
}

/**
 * What the pairs that can be paid give a chance. One that needs more than twice of them even for an
 * even chance is not worth the money, and one that they cannot settle whatever they show is left to
 * the history.
 */
function worthwhile(
  open: readonly Open[],
  most: number,
  differs: number,
): readonly { readonly judgement: MetricJudgement; readonly needs: PairNeeds }[] {
  return open.flatMap(({ metric, judgement }) => {
    const needs = pairsNeeded({ metric, judgement }, differs)
    if (needs === undefined || needs.fewest > most || needs.least > 2 * most) return []
    return [{ judgement, needs }]
  })
}

function nextPairs(situation: Situation, open: readonly MetricJudgement[]): Step {
  const { looks, pairs, probes } = situation
  const settled = open.filter((metric) => metric.evidence === 'reference')
  if (looks.pairs.taken >= looks.pairs.planned) return { kind: 'stop', why: 'looks-spent' }
  if (settled.length === 0) return { kind: 'stop', why: 'nothing-helps' }
  const request = kindFor(settled, probes)
  const rounds = looks.pairs.planned - looks.pairs.taken
  const most = affordable({ ...situation, request, arms: 2, rounds })
  if (most < 1) return { kind: 'stop', why: 'no-budget' }
  return pairsStep(situation, {
    planned: pairs.planned,
    looks: looks.pairs.planned,
    taken: looks.pairs.taken,
    most,
    request,
    open: pairedMetrics(situation),
  })
}

/** Paired runs keep all metrics it was begun for, also those that an earlier look settled. */
function pairedMetrics({ decision }: Situation): readonly MetricJudgement[] {
  return decision.metrics.filter((metric) => metric.evidence === 'reference' && metric.limit)
}

function pairsStep(
  situation: Situation,
  plan: {
    readonly planned: number
    readonly looks: number
    readonly taken: number
    readonly most: number
    readonly request: RequestKind
    readonly open: readonly MetricJudgement[]
  },
): Step {
  const { planned, looks, taken, most, request, open } = plan
  const left = planned - situation.pairs.taken
  const add = Math.min(Math.ceil(planned / looks), left, most)
  return {
    kind: 'pairs',
    add,
    request,
    metrics: open.map(({ id }) => id),
    pairs: { taken: situation.pairs.taken + add, planned },
    looks: { history: situation.looks.history, pairs: { taken: taken + 1, planned: looks } },
  }
}

function moreRequests(situation: Situation, open: readonly MetricJudgement[]): Step {
  const { history, pairs } = situation.looks
  const request = kindFor(open, situation.probes)
  const needs = openOf(situation, open).flatMap((metric) => requestsNeeded(metric) ?? [])
  if (needs.length === 0) return { kind: 'stop', why: 'nothing-helps' }
  if (history.taken >= history.planned) return { kind: 'stop', why: 'looks-spent' }
  const most = affordable({ ...situation, request, arms: 1, rounds: 1 })
  const within = needs.filter((requests) => requests <= most)
  if (within.length === 0) return { kind: 'stop', why: 'no-budget' }
  return {
    kind: 'requests',
    add: Math.max(...within),
    request,
    looks: { history: { taken: history.taken + 1, planned: history.planned }, pairs },
  }
}

function openOf({ comparison }: Situation, open: readonly MetricJudgement[]): readonly Open[] {
  return open.flatMap((judgement) => {
    const metric = comparison.metrics.find(({ id }) => id === judgement.id)
    return metric === undefined ? [] : [{ metric, judgement }]
  })
}

/** Probes where nothing but the first token and failures are open. */
function kindFor(open: readonly MetricJudgement[], probes: Situation['probes']): RequestKind {
  const firstTokenOnly = open.every(({ id }) => isFedByProbes(id))
  return firstTokenOnly && probes === 'usable' ? 'probe' : 'answer'
}

function isFedByProbes(id: MetricId): boolean {
  const metric = parseMetricId(id)
  return metric !== undefined && metricRow(metric.family).feeds === 'answers-and-probes'
}
