// From runs to a decision: summarize, compare, decide, always in this order and from the same parts,
// however often new requests arrive.

import type { Comparison, Looks } from '../model/comparison.ts'
import type { Limit } from '../model/config.ts'
import type { History } from '../model/history.ts'
import type { MetricId } from '../model/metric.ts'
import type { Run } from '../model/run.ts'
import type { Summary } from '../model/summary.ts'
import { DEPLOYMENT_SPREAD } from '../model/verdict-policy.ts'
import { compare } from './compare/compare.ts'
import { type Decision, decide } from './decide/decide.ts'
import { pairValues } from './pair-values.ts'
import { summarize } from './summarize.ts'

export { confirm } from './confirm.ts'
export { acceptRegression, type Decision } from './decide/decide.ts'
export { type Detectability, detectability } from './detectability.ts'
export { gateResult, overallVerdict, unaffectedResult, unmeasuredResult } from './gate-result.ts'
export { looksAhead, nextStep, type PairCount, type Step } from './next-step/next-step.ts'
export { summarize } from './summarize.ts'

/** What a candidate is judged by; made once, since a history can be long. */
export type Yardstick = {
  readonly limits: readonly Limit[]
  readonly history: readonly Summary[]
  readonly anchor: readonly Summary[]
  /** What deployments of the same thing lie apart of themselves, each as a deviation of logs. */
  readonly differs: number
}

/** `differs` as the config states it. */
export function yardstick(
  history: History,
  limits: readonly Limit[],
  differs = DEPLOYMENT_SPREAD,
): Yardstick {
  const summaries = new Map(history.runs.map((run) => [run.id, summarize(run, limits)]))
  return {
    limits,
    history: [...summaries.values()],
    anchor: history.anchor.map((run) => summaries.get(run.id) ?? summarize(run, limits)),
    differs,
  }
}

export type PairedRuns = {
  readonly candidate: Run
  readonly reference: Run
  /** What the pairs are to settle. */
  readonly metrics: readonly MetricId[]
}

export type Judged = {
  readonly run: Run
  readonly summary: Summary
  /** What it was compared with, oldest first. */
  readonly history: readonly Summary[]
  readonly comparison: Comparison
  readonly decision: Decision
  readonly looks: Looks | undefined
}

/** `looks` absent: this is the only look there will be. `paired` absent: by the history alone. */
export function judge(run: Run, by: Yardstick, looks?: Looks, paired?: PairedRuns): Judged {
  const summary = summarize(run, by.limits)
  const comparison = compare({
    ...by,
    candidate: summary,
    looks,
    paired:
      paired === undefined
        ? undefined
        : {
            candidate: summarize(paired.candidate, by.limits),
            reference: summarize(paired.reference, by.limits),
            pairs: pairValues(paired.candidate, paired.reference),
            metrics: paired.metrics,
            differs: by.differs,
          },
  })
  return { run, summary, history: by.history, comparison, decision: decide(comparison), looks }
}
