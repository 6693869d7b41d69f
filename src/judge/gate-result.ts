// Puts together what one gate decided and everything a reader may ask about it. Adds no judgement of
// its own but one: a void run judges nothing, so its metrics are shown and not gated.

import type { ChartData } from '../model/chart-data.ts'
import type { Gate, LoadShape, Subject } from '../model/config.ts'
import type { Effort } from '../model/effort.ts'
import type { History } from '../model/history.ts'
import { changesBetween } from '../model/member-changes.ts'
import type { PromptChange } from '../model/prompt-change.ts'
import type { Cost, Invalidity, Run, RunWarning } from '../model/run.ts'
import { costPerAnswerUsd, type Summary } from '../model/summary.ts'
import type { GateResult, GateVerdict, MetricJudgement, NotAffected } from '../model/verdict.ts'
import { attribute } from './attribute/attribute.ts'
import { costPartsOf } from './cost-parts.ts'
import { errorExamples } from './error-examples.ts'
import { validityOf } from './validity.ts'

export type GateResultParts = {
  readonly gate: string
  readonly run: Run
  readonly summary: Summary
  readonly history: History
  /** The second arm's, where there was one. */
  readonly reference?: Run
  readonly promptChanges?: readonly PromptChange[]
  readonly decision: {
    readonly verdict: Exclude<GateVerdict, 'invalid'>
    readonly metrics: readonly MetricJudgement[]
  }
  readonly spent: Cost
  readonly effort: Effort
  readonly chartData?: ChartData
}

export function gateResult(parts: GateResultParts): GateResult {
  const { gate, run, summary, history, decision, chartData } = parts
  const { invalidities } = run
  const before = beforeOf(parts)
  const isVoid = invalidities.length > 0
  return {
    gate,
    verdict: isVoid ? 'invalid' : decision.verdict,
    metrics: isVoid ? decision.metrics.map(shownOnly) : decision.metrics,
    invalidities,
    warnings: [...run.warnings, ...probesLeftOut(summary)],
    notes: history.notes,
    errors: summary.errors,
    errorExamples: errorExamples(run.records),
    validity: validityOf(run),
    costParts: costPartsOf(run, before.runs),
    requests: summary.requests,
    completed: summary.completed,
    probes: run.records.filter(({ kind }) => kind === 'probe').length,
    spent: parts.spent,
    perAnswerUsd: costPerAnswerUsd(summary),
    // Of an imported run nobody knows how its client fared.
    ...(run.unknowns === undefined ? { conditions: run.conditions } : {}),
    subject: run.subject,
    subjectChanges: before.subject === undefined ? [] : changesBetween(before.subject, run.subject),
    promptChanges: parts.promptChanges,
    loadShape: run.loadShape,
    baselinePlace: history.place,
    baselineRuns: history.runs.length,
    effort: parts.effort,
    attributions: isVoid ? [] : attribute(run, history.runs, decision.metrics),
    chartData,
    seed: run.seed,
  }
}

/** Without recorded runs the second arm says what was there before. */
function beforeOf({ history, reference }: GateResultParts) {
  if (history.runs.length > 0 || reference === undefined) return history
  return { runs: [reference], subject: reference.subject }
}

/** Found while the run is read, so it is no part of the run: a reader has to know all the same. */
function probesLeftOut({ probesDropped }: Summary): readonly RunWarning[] {
  return probesDropped === undefined ? [] : [{ kind: 'probes-disagree', ...probesDropped }]
}

function shownOnly(metric: MetricJudgement): MetricJudgement {
  const { detectable: _, heldBack: _held, ...rest } = metric
  return { ...rest, verdict: 'not-gated', reason: { kind: 'invalid-run' }, settles: [] }
}

const SEVERITY: readonly GateVerdict[] = [
  'passed',
  'no-baseline',
  'inconclusive',
  'invalid',
  'failed',
]

/** The gravest of the gates' verdicts; `invalid` for a config without gates: nothing was judged. */
export function overallVerdict(verdicts: readonly GateVerdict[]): GateVerdict {
  const gravest = Math.max(...verdicts.map((verdict) => SEVERITY.indexOf(verdict)))
  return SEVERITY[gravest] ?? 'invalid'
}

type Unsent = {
  readonly gate: Gate
  readonly subject: Subject
  readonly loadShape: LoadShape
}

/** A gate to which nothing could be sent. */
export function unmeasuredResult(
  parts: Unsent & { readonly history: History; readonly invalidity: Invalidity },
): GateResult {
  const { history, subject } = parts
  return {
    ...unsent(parts),
    verdict: 'invalid',
    invalidities: [parts.invalidity],
    notes: history.notes,
    subjectChanges: history.subject === undefined ? [] : changesBetween(history.subject, subject),
    baselinePlace: history.place,
    baselineRuns: history.runs.length,
  }
}

/** A gate that the pull request cannot have changed anything for: passed, and nothing was sent. */
export function unaffectedResult(parts: Unsent & { readonly why: NotAffected }): GateResult {
  return { ...unsent(parts), verdict: 'passed', notAffected: parts.why }
}

function unsent({ gate, subject, loadShape }: Unsent): Omit<GateResult, 'verdict'> {
  return {
    gate: gate.name,
    metrics: [],
    invalidities: [],
    warnings: [],
    notes: [],
    errors: {},
    requests: 0,
    completed: 0,
    probes: 0,
    spent: { usd: 0, estimated: false },
    subject,
    subjectChanges: [],
    loadShape,
    baselinePlace: '',
    baselineRuns: 0,
    effort: { pairs: 0, looks: 0, addedRequests: 0, reference: 'none' },
    seed: gate.workload.seed,
  }
}
