// From runs to a decision: summarize, compare, decide, always in this order and from the same parts,
// however often new requests arrive.

import type { Comparison, Looks } from '../model/comparison.ts'
import type { Limit } from '../model/config.ts'
import type { History } from '../model/history.ts'
import type { MetricId } from '../model/metric.ts'
import type { Judging } from '../model/ports.ts'
import { isPrivateHost } from '../model/private-address.ts'
import type { Run } from '../model/run.ts'
import type { Summary } from '../model/summary.ts'
import { ONE_LOOK_AT_ARMS } from '../model/verdict-policy.ts'
import { besideBaseBranch } from './base-branch.ts'
import { compare, type PairedSummaries } from './compare/compare.ts'
import { type Decision, decide } from './decide/decide.ts'
import { pairValues } from './pair-values.ts'
import { summarize } from './summarize.ts'
import { differingOf, type TakenToDiffer } from './twins.ts'

export type PairedRuns = {
  readonly candidate: Run
  readonly reference: Run
  /** Measured minutes before the candidate instead of in alternation with it. Absent = it was not. */
  readonly isEarlier?: true
  /** What the pairs are to settle. Absent = every metric. */
  readonly metrics?: readonly MetricId[]
}

/** `looks` absent: this is the only look there will be. `paired` absent: by the history alone. */
export type ToJudge = {
  readonly run: Run
  readonly looks?: Looks
  readonly paired?: PairedRuns
}

export type Judged = ToJudge & {
  readonly summary: Summary
  /** What it was compared with, oldest first. */
  readonly history: readonly Summary[]
  readonly comparison: Comparison
  readonly decision: Decision
} & TakenToDiffer

export type Judge = (measured: ToJudge) => Judged

/**
 * Judges whatever is measured of one gate by one history, which is summarized once, since it can be
 * long. An earlier run stands for the reference arm of whatever of the candidate is judged.
 */
export function judgeBy(
  history: History,
  { gate: { limits }, differs: stated, earlier }: StatedBy,
): Judge {
  const differing = differingOf(stated, history)
  const summaries = summariesOf(history, limits)
  const besideBase = besideBaseBranch(history, limits)
  return (given) => {
    const measured = earlier === undefined ? given : besideEarlier(given.run, earlier)
    const { run, looks } = measured
    const summary = summarize(run, limits)
    const paired = measured.paired && {
      candidate: summarize(measured.paired.candidate, limits),
      reference: summarize(measured.paired.reference, limits),
      ...arms(measured.paired),
      metrics: measured.paired.metrics,
      differs: differing.differs,
    }
    const comparison = compare({ limits, ...summaries, candidate: summary, looks, paired })
    const byAll = decide(comparison)
    const decision = besideBase({ decision: byAll, comparison, candidate: summary })
    return { ...measured, summary, history: summaries.history, comparison, decision, ...differing }
  }
}

/** What a gate says of how it is judged. */
type StatedBy = Pick<Judging, 'differs' | 'earlier'> & {
  readonly gate: { readonly limits: readonly Limit[] }
}

export function summariesOf(
  history: History,
  limits: readonly Limit[],
): { readonly history: readonly Summary[]; readonly anchor: readonly Summary[] } {
  const summaries = new Map(history.runs.map((run) => [run.id, summarize(run, limits)]))
  return {
    history: [...summaries.values()],
    anchor: history.anchor.map((run) => summaries.get(run.id) ?? summarize(run, limits)),
  }
}

function besideEarlier(run: Run, earlier: Run): ToJudge {
  const paired = { candidate: run, reference: earlier, isEarlier: true } as const
  return { run, looks: ONE_LOOK_AT_ARMS, paired }
}

/** Requests of two measurements make no pairs: what lies between them is counted instead. */
function arms({
  candidate,
  reference,
  isEarlier,
}: PairedRuns): Pick<PairedSummaries, 'pairs' | 'apart'> {
  if (isEarlier !== true) return { pairs: pairValues(candidate, reference) }
  return { pairs: {}, apart: isOwnServer(candidate) ? 'own-server' : 'any-server' }
}

/** Nobody else asks a server at an address that only this machine or its network has. */
function isOwnServer({ subject: { url } }: Run): boolean {
  return url !== undefined && URL.canParse(url) && isPrivateHost(new URL(url).hostname)
}
