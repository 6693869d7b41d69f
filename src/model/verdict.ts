// What the gate decides and why. Reasons are data: reports turn them into sentences and never
// compute a number that is not here.

import type { Asked } from './asked.ts'
import type { Attribution } from './attribution.ts'
import type { ChartData } from './chart-data.ts'
import type { Subject } from './config.ts'
import type { Effort } from './effort.ts'
import type { ValiditySummary } from './expectation.ts'
import type { BaselineNote, MemberChange } from './history.ts'
import type { MetricFigures } from './metric-figures.ts'
import type { PromptChange } from './prompt-change.ts'
import type { RecordedStep } from './recorded-step.ts'
import type { ErrorKind } from './request-record.ts'
import type { Conditions, Cost, Invalidity, RunWarning } from './run.ts'
import type { ShareJudgement } from './share.ts'

export type MetricVerdict = 'pass' | 'improved' | 'fail' | 'suspect' | 'inconclusive' | 'not-gated'
export type GateVerdict = 'passed' | 'failed' | 'inconclusive' | 'no-baseline' | 'invalid'

/** Which comparison decided a metric. `earlier`: a reference run that was not measured in alternation. */
export type Evidence = 'history' | 'reference' | 'earlier' | 'ceiling'

export type Reason =
  // fail
  /** Absent p: made again from a report's figures, where only the interval is known. */
  | { readonly kind: 'worse-than-limit'; readonly pAdjusted?: number }
  | {
      readonly kind: 'above-ceiling'
      readonly p: number
      readonly over: number
      readonly of: number
    }
  | {
      readonly kind: 'failures-beyond-quantile'
      readonly failed: number
      readonly of: number
      readonly p: number
    }
  /** Many small accepted steps add up: compared with the epoch's first runs. */
  | { readonly kind: 'drifted'; readonly total: number; readonly since: string }
  // suspect
  | { readonly kind: 'significant-alone'; readonly p: number; readonly pAdjusted: number }
  /** The first measurement showed it, the second did not. */
  | { readonly kind: 'not-confirmed'; readonly first?: number; readonly second?: number }
  // pass, improved
  | { readonly kind: 'ruled-out'; readonly mustDetect: number }
  /** `withHistory`: counted over the history's runs and this one together. */
  | {
      readonly kind: 'within-ceiling'
      readonly over: number
      readonly of: number
      readonly withHistory?: boolean
    }
  | { readonly kind: 'better' }
  // inconclusive
  | { readonly kind: 'too-few-requests'; readonly has: number; readonly needs: number }
  | { readonly kind: 'interval-too-wide'; readonly mustDetect: number }
  | { readonly kind: 'no-history' }
  | {
      readonly kind: 'ceiling-open'
      readonly over: number
      readonly of: number
      readonly needs: number
    }
  | { readonly kind: 'failures-hide-quantile'; readonly failed: number; readonly of: number }
  | { readonly kind: 'history-unusable'; readonly problem: string }
  | { readonly kind: 'no-samples' }
  | { readonly kind: 'not-exported' } // endpoint.metrics says nothing of it
  | { readonly kind: 'not-shown' } // the figures of another job's report do not carry a pass
  // not-gated
  | { readonly kind: 'no-limit' }
  | { readonly kind: 'no-prices' }
  | { readonly kind: 'usage-unknown' }
  /** Everything is billed at $0: it cannot change. */
  | { readonly kind: 'free' }
  | { readonly kind: 'unknown-in-import'; readonly what: string }
  /** The run is void: its numbers are shown and judge nothing. */
  | { readonly kind: 'invalid-run' }

/** What keeps a metric from a verdict, or a change that is beyond noise from failing. */
export type HeldBack =
  /** Worse beyond noise and beyond the `stated` share, and short of the floor, which is `asChange`. */
  | {
      readonly kind: 'floor'
      readonly floor: number
      readonly stated: number
      readonly asChange: number
    }
  /** Worse beyond noise and within the limit, but more than must be ruled out is still possible. */
  | { readonly kind: 'limit' }
  /** The baseline's runs lie so far apart that no number of requests rules out less than `best`. */
  | { readonly kind: 'noise-between-runs'; readonly best: number }
  /** Absent `needs`: how many is not known. */
  | { readonly kind: 'requests'; readonly has: number; readonly needs?: number }
  /** Beside the change that was seen, a doubling could have gone unseen: `hides`, absent = anything. */
  | { readonly kind: 'blind'; readonly hides?: number }

/** What would settle an open metric. */
export type Settlement =
  | { readonly kind: 'more-requests'; readonly requests: number }
  | { readonly kind: 'more-history'; readonly runs: number }
  /** Pairs against the reference arm in all, where those of this run did not settle it. */
  | { readonly kind: 'more-pairs'; readonly pairs: number }
  | { readonly kind: 'reference-arm' }
  /** More requests cannot get below this change: the noise between runs is the floor. */
  | { readonly kind: 'noise-floor'; readonly change: number }

export type Detectable = {
  /** Smallest worsening found with 80 % power by what was (or will be) sent; Holm counted in. */
  readonly at80: number
  /** The best that any number of requests could reach against this history. */
  readonly best: number
}

export type MetricJudgement = MetricFigures & {
  /** Absent without a ceiling. Said apart, since the verdict speaks of the limit on change as well. */
  readonly ceilingHolds?: boolean
  readonly verdict: MetricVerdict
  readonly reason: Reason
  readonly evidence: Evidence
  readonly detectable?: Detectable
  /** Set where something keeps the metric from a verdict, or a proven change from a fail. */
  readonly heldBack?: HeldBack
  /** The newest step of the recorded runs' level: what lies before it is set aside. */
  readonly step?: RecordedStep
  /**
   * The worsening that this run would have shown with 95 % probability: a pass rules it out. A share for
   * ratios, a difference for rates. Absent without a limit on change, or nothing to compare with.
   */
  readonly resolution?: number
  readonly settles: readonly Settlement[]
  /**
   * Set when the sum of all steps since the epoch's first runs is well beyond the limit, although
   * each step may have passed. `interval` as above. `tolerated` is the limit on the sum, if any.
   */
  readonly drift?: {
    readonly total: number
    readonly interval: readonly [number, number]
    readonly since: string
    readonly runs: number
    readonly tolerated?: number
  }
  /**
   * Set where the base branch's newest runs are themselves worse than its baseline: by how much, and
   * what this run adds to them. Natural direction, on the metric's scale.
   */
  readonly baseBranch?: {
    readonly change: number
    readonly added?: number
    /** Whether what it adds is beyond the limit by itself. */
    readonly beyond: boolean
  }
  /** Set when somebody turned a fail into a pass. */
  readonly accepted?: Acceptance
}

/** How a regression was accepted: by a label, or by hand with a reason. Never both. */
export type Acceptance =
  | { readonly label: string; readonly reason?: undefined; readonly by?: string }
  | { readonly reason: string; readonly label?: undefined; readonly by?: string }

/** Why a pull request cannot have changed what a gate measures: nothing was sent, and that is a pass. */
export type NotAffected = {
  /** `config` and path globs, as the base branch's file has them. */
  readonly by: readonly string[]
  /** Files that the pull request changes, none of which counts. */
  readonly changedFiles: number
}

/** What an endpoint or the network said of a failure, redacted where it was recorded. */
export type ErrorExample = { readonly status?: number; readonly detail?: string }

/** A part of the cost of an answer that moved: mean tokens, or failures for each that completed. */
export type CostPart = {
  readonly part: 'input-tokens' | 'cached-tokens' | 'output-tokens' | 'failures'
  readonly baseline: number
  readonly candidate: number
}

export type GateResult = {
  readonly gate: string
  readonly verdict: GateVerdict
  readonly metrics: readonly MetricJudgement[]
  /** Absent = as the config at hand says. */
  readonly asked?: Asked
  /** Absent = it was measured. */
  readonly notAffected?: NotAffected
  /** Limits between gates, where the gate has any. */
  readonly shares?: readonly ShareJudgement[]
  /** Non-empty exactly when the verdict is `invalid`. */
  readonly invalidities: readonly Invalidity[]
  readonly warnings: readonly RunWarning[]
  readonly notes: readonly BaselineNote[]
  readonly errors: Readonly<Partial<Record<ErrorKind, number>>>
  /** The commonest of each kind. Absent in a report that another job wrote. */
  readonly errorExamples?: Readonly<Partial<Record<ErrorKind, ErrorExample>>>
  /** What completed answers are worth to their prompts. Absent = nothing was expected of any. */
  readonly validity?: ValiditySummary
  /** What moved the cost against the baseline, largest first. Absent = nothing is known of it. */
  readonly costParts?: readonly CostPart[]
  readonly requests: number
  readonly completed: number
  readonly probes: number
  readonly spent: Cost
  /** USD per completed answer. Absent when not known. */
  readonly perAnswerUsd?: number
  /** Absent when nothing could be measured. */
  readonly conditions?: Conditions
  readonly subject: Subject
  readonly subjectChanges: readonly MemberChange[]
  /** Prompts that are asked otherwise than by the base branch. Absent = none was compared. */
  readonly promptChanges?: readonly PromptChange[]
  readonly loadShape: Subject
  readonly baselinePlace: string
  readonly baselineRuns: number
  readonly effort: Effort
  /** Why what failed became worse, where the numbers carry it; at most one cause a family. */
  readonly attributions?: readonly Attribution[]
  readonly chartData?: ChartData
  readonly seed: number
}

/** Everything one invocation decided: what `describe` turns into a document. */
export type JobResult = {
  readonly verdict: GateVerdict
  readonly gates: readonly GateResult[]
  readonly spent: Cost
  readonly requests: number
  /** Whose commit, compared with what; for the comment's foot. */
  readonly context: ReportContext
}

/** Which verdicts, beside a fail, fail the job. */
export type Blocking = {
  readonly inconclusive: boolean
  readonly noBaseline: boolean
  readonly invalid: boolean
}

/** Gates of the base branch that the change removes, or that it gives another name. */
export type Dropped = {
  readonly gates: readonly { readonly gate: string; readonly renamedTo?: string }[]
  /** Whether it fails the job: `policy.dropped_gate`, unless a label accepts it. */
  readonly blocks: boolean
}

export type Entrypoint = 'action' | 'command-line'

export type ReportContext = {
  readonly tool: string
  readonly mode: 'gate' | 'record'
  /** Absent = a job of the action: each entrypoint speaks of its own inputs, options and variables. */
  readonly entrypoint?: Entrypoint
  /** The endpoint's URL was given from outside, as a preview deployment's: it differs by design. */
  readonly preview?: boolean
  readonly headCommit?: string
  readonly baseCommit?: string
  readonly baseBranch?: string
  readonly runUrl?: string
  /** False when the figures come from a file that another job wrote, a fork's for one. */
  readonly verified?: boolean
  /** Where limits, policy and budget were read: the base ref, or the head for a first config. */
  readonly limitsFrom: 'base' | 'head' | 'file'
  /** What the head proposes, to apply after the merge. */
  readonly proposedChanges: readonly MemberChange[]
  /** Absent = none is. */
  readonly dropped?: Dropped
  readonly acceptLabel: string
  /** The config's file, from the repository's root. Absent where inputs stand for one. */
  readonly config?: string
  /** The label is set, for an earlier commit than this one. */
  readonly acceptLabelIsStale?: boolean
  readonly blocking: Blocking
}
