// From runs to a decision: summarize, compare, decide, always in this order and from the same parts,
// however often new requests arrive.

import type { Comparison, Looks, Paired } from '../model/comparison.ts'
import type { Limit } from '../model/config.ts'
import type { History } from '../model/history.ts'
import type { MetricId } from '../model/metric.ts'
import { isPrivateHost } from '../model/private-address.ts'
import type { Run } from '../model/run.ts'
import type { Summary } from '../model/summary.ts'
import { DEPLOYMENT_SPREAD } from '../model/verdict-policy.ts'
import { betweenSittings } from '../stats/between-sittings.ts'
import type { EndpointKind } from '../stats/endpoint-kind.ts'
import { compare, kindOfEndpoint } from './compare/compare.ts'
import { type Decision, decide } from './decide/decide.ts'
import { pairValues } from './pair-values.ts'
import { summarize } from './summarize.ts'

export { confirm } from './confirm.ts'
export { acceptRegression, type Decision } from './decide/decide.ts'
export { type Detectability, detectability } from './detectability.ts'
export { gateResult, overallVerdict, unaffectedResult, unmeasuredResult } from './gate-result.ts'
export { backlogOf, isQueueing } from './keeping-up.ts'
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
  /** Measured minutes before the candidate instead of in alternation with it. Absent = it was not. */
  readonly isEarlier?: true
  /** What the pairs are to settle. Absent = every metric. */
  readonly metrics?: readonly MetricId[]
}

/** Requests of two sittings make no pairs: what lies between the sittings is counted instead. */
function arms(
  { candidate, reference, isEarlier }: PairedRuns,
  { history }: Yardstick,
): Pick<Paired, 'pairs' | 'movement'> {
  if (isEarlier !== true) return { pairs: pairValues(candidate, reference) }
  return {
    pairs: {},
    movement: betweenSittings(isOwnServer(candidate) ? OWN : kindOfEndpoint(history)),
  }
}

/** Nobody else asks a server at an address that only this machine or its network has. */
function isOwnServer({ subject: { url } }: Run): boolean {
  return url !== undefined && URL.canParse(url) && isPrivateHost(new URL(url).hostname)
}

const OWN: EndpointKind = { own: 1 }

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
            ...arms(paired, by),
            metrics: paired.metrics,
            differs: by.differs,
          },
  })
  return { run, summary, history: by.history, comparison, decision: decide(comparison), looks }
}
