// What a reader can do now, most useful first. Only what the reasons and settlements say is offered.

import { blocks } from '../../model/blocking.ts'
import type { Sentence } from '../../model/report-document.ts'
import type { GateResult, MetricJudgement, ReportContext, Settlement } from '../../model/verdict.ts'
import { RECOMMENDED_RUNS } from '../../model/verdict-policy.ts'
import * as format from '../format.ts'
import { code, listed, say } from '../phrase.ts'
import { mendTheBase, regressedOnBase } from './base-branch.ts'
import { firstLook } from './failure-kinds.ts'
import { invalidityWords } from './invalidity.ts'
import { toleratedByFloor, withVerdict } from './lead-metric.ts'
import { inOneLine, inSentence } from './metric-words.ts'
import { memberNames } from './remarks.ts'

export function nextSteps(result: GateResult, context: ReportContext): readonly Sentence[] {
  switch (result.verdict) {
    case 'failed':
      return failed(result, context)
    case 'inconclusive':
      return undecided(result, context)
    case 'no-baseline':
      return noBaseline(result, context)
    case 'invalid':
      return remedies(result, context)
    case 'passed':
      return passed(result, context)
  }
}

/** Several reasons may have one remedy. */
function remedies(result: GateResult, { entrypoint }: ReportContext): readonly Sentence[] {
  const all = result.invalidities.map(
    (invalidity) => invalidityWords(invalidity, entrypoint).remedy,
  )
  const own = [...new Set(all)].filter(
    (one) => !all.some((other) => other !== one && says(other, one)),
  )
  return own.map((remedy) => say`${remedy}`)
}

/** Whether a remedy says all that another one does. */
function says(longer: string, shorter: string): boolean {
  return longer.toLowerCase().includes(shorter.toLowerCase())
}

function failed(result: GateResult, context: ReportContext): readonly Sentence[] {
  if (isBlockedByBase(result)) {
    return [
      mendTheBase(context),
      say`It blocks, because ${code('policy.base_regressed')} is ${code('fail')}.`,
    ]
  }
  const again = AGAIN[context.mode === 'record' ? 'record' : (context.entrypoint ?? 'action')]
  const changes = result.subjectChanges.filter(
    ({ member }) => member !== 'url' || context.preview !== true,
  )
  const look =
    changes.length === 0
      ? say`Fix what made it worse${again}.`
      : say`Look first at what changed: ${memberNames(changes)}. Fix it${again}.`
  return [...failuresFirst(result), look, ...rerun(result), accept(context)]
}

/** Nothing that fails is worse than on the base branch: the policy blocks for that. */
function isBlockedByBase(result: GateResult): boolean {
  const failing = withVerdict(result, 'fail')
  return failing.every(({ baseBranch }) => baseBranch?.beyond === false)
}

/** Where failures themselves are what failed. */
function failuresFirst(result: GateResult): readonly Sentence[] {
  const byFailures = withVerdict(result, 'fail').some(
    ({ id, reason }) => id === 'error_rate' || reason.kind === 'failures-beyond-quantile',
  )
  return byFailures ? firstLook(result) : []
}

const AGAIN = {
  record: say` on the branch`,
  action: say` and push: the comment is updated in place`,
  'command-line': say` and run the gate again`,
} as const

/** A second run helps only where drift of the provider could be the cause. */
function rerun(result: GateResult): readonly Sentence[] {
  const byHistory = withVerdict(result, 'fail').some(
    ({ evidence }) => evidence === 'history' || evidence === 'earlier',
  )
  if (!byHistory || result.effort.reference === 'measured') return []
  return [
    say`Suspect the provider instead? Run the job again, or name a ${code('reference')} endpoint: both are then measured in the same minutes.`,
  ]
}

function accept(context: ReportContext): Sentence {
  if (context.mode === 'gate' && context.entrypoint === 'command-line') {
    return say`Intended? Record it with ${code('inference-gate record')}, then accept it as the new baseline with ${code('inference-gate accept --reason "…"')}.`
  }
  if (context.mode === 'gate' && context.acceptLabelIsStale) return setAgain(context)
  if (context.entrypoint === 'command-line') {
    return say`Intended? Run ${code('inference-gate accept --reason "…"')}: this run then becomes the new baseline. Until then it is kept apart, and the baseline stays.`
  }
  return context.mode === 'gate'
    ? say`Intended? A maintainer adds the label ${code(context.acceptLabel)} and runs the job again; after the merge a new baseline epoch begins.`
    : say`Intended? Start the recording workflow by hand with its input ${code('accept')}, or run ${code('inference-gate accept')}: this run then becomes the new baseline. Until then it is kept apart, and the baseline stays.`
}

/** A label accepts the commit that it was set for. */
function setAgain({ acceptLabel, headCommit }: ReportContext): Sentence {
  const commit =
    headCommit === undefined ? say`this commit` : say`${code(format.shortCommit(headCommit))}`
  return say`Intended? The label ${code(acceptLabel)} was set before ${commit}, so it does not count for it: a maintainer takes it off and sets it again.`
}

/** Each step names what it settles, so that two of them never seem to contradict each other. */
function undecided(result: GateResult, context: ReportContext): readonly Sentence[] {
  const open = withVerdict(result, 'suspect', 'inconclusive')
  const steps = [
    ...(regressedOnBase(result).length > 0 ? [mendTheBase(context)] : []),
    ...lowerFloors(open),
    ...moreRequests(open),
    ...moreHistory(open),
    ...morePairs(open, result),
    ...(withSettlement(open, 'reference-arm').length > 0 ? referenceArm(result) : []),
    ...noiseFloor(open),
  ]
  return steps.length === 0 ? [say`Run the job again.`] : steps
}

type Metrics = readonly MetricJudgement[]

function withSettlement<Kind extends Settlement['kind']>(
  metrics: Metrics,
  kind: Kind,
): readonly {
  readonly metric: MetricJudgement
  readonly settlement: Extract<Settlement, { kind: Kind }>
}[] {
  return metrics.flatMap((metric) =>
    metric.settles
      .filter((one): one is Extract<Settlement, { kind: Kind }> => one.kind === kind)
      .map((settlement) => ({ metric, settlement })),
  )
}

/** Nothing that can be measured moves a floor, so a person has to say whether it is right. */
function lowerFloors(metrics: Metrics): readonly Sentence[] {
  return metrics.flatMap(({ id, label, unit, baseline, candidate, heldBack }) => {
    if (heldBack?.kind !== 'floor') return []
    const limit = code(`limits.${id}.floor`)
    const more =
      baseline === undefined || candidate === undefined
        ? say`this much`
        : say`${format.value(Math.abs(candidate - baseline), unit)}`
    return [
      say`Does ${more} matter in ${inSentence(label)}? Then lower ${limit} (now ${format.value(heldBack.floor, unit)}). More requests change nothing here.`,
    ]
  })
}

/** What keeps a reference arm from settling the verdict. */
function referenceArm({ effort }: GateResult): readonly Sentence[] {
  switch (effort.reference) {
    case 'none':
    case 'same-as-candidate':
      return [
        say`Name a ${code('reference')} endpoint: it is measured in the same minutes, so the provider's drift cancels out.`,
      ]
    case 'no-budget':
      return [say`Raise ${code('budget')}: it was too small for the reference arm.`]
    case 'failed':
      return [
        say`Fix the reference endpoint: it did not answer, and measuring it would settle this.`,
      ]
    case 'void':
      return [say`Run the job again on a quieter runner: the reference arm could not be measured.`]
    case 'earlier':
      return [
        say`Run both servers side by side and name the old one as ${code('reference')}: measured in the same minutes, drift of the provider cancels out.`,
      ]
    case 'not-needed':
    case 'measured':
      return []
  }
}

/** The largest number asked for settles all that requests can settle. */
function moreRequests(metrics: Metrics): readonly Sentence[] {
  const asked = withSettlement(metrics, 'more-requests')
  if (asked.length === 0) return []
  const needed = Math.max(...asked.map(({ settlement }) => settlement.requests))
  const onlyFirstToken = asked.every(({ metric }) => metric.id.startsWith('ttft_'))
  const where = asked.some(({ metric }) => metric.evidence === 'earlier') ? ', in both runs' : ''
  const probes = onlyFirstToken ? say` (or add ${code('workload.probes')})` : say``
  return [
    say`To settle ${labels(asked)}, raise ${code('workload.requests')} to ${needed}${probes}${where}.`,
  ]
}

/** Pairs are planned from what the budget allows: that is what has to grow. */
function morePairs(metrics: Metrics, { asked: question }: GateResult): readonly Sentence[] {
  const asked = withSettlement(metrics, 'more-pairs')
  if (asked.length === 0) return []
  const needed = Math.max(...asked.map(({ settlement }) => settlement.pairs))
  // Both questions were asked in pairs from the start, as many as the workload names.
  if (question?.as === 'proposed') {
    return [
      say`To settle ${labels(asked)}, raise ${code('workload.requests')} to about ${needed}: each is asked in a pair.`,
    ]
  }
  return [
    say`Raise ${code('budget')}: about ${needed} pairs against the reference would settle ${labels(asked)}.`,
  ]
}

function moreHistory(metrics: Metrics): readonly Sentence[] {
  const asked = withSettlement(metrics, 'more-history')
  if (asked.length === 0) return []
  const needed = Math.max(...asked.map(({ settlement }) => settlement.runs))
  return [
    say`Record more runs of the base branch: with ${needed} of them the noise between runs is known better.`,
  ]
}

function noiseFloor(metrics: Metrics): readonly Sentence[] {
  const asked = withSettlement(metrics, 'noise-floor')
  if (asked.length === 0) return []
  const ids = asked.map(({ metric }) => code(`limits.${metric.id}.must_detect`))
  return [
    say`More requests do not settle ${labels(asked)}: the baseline's own runs differ by more than what has to be ruled out. Without a reference, only a larger ${listed(ids)} can be met.`,
  ]
}

function labels(asked: readonly { readonly metric: MetricJudgement }[]): string {
  return inOneLine([...new Set(asked.map(({ metric }) => inSentence(metric.label)))])
}

/** Whoever records has begun to do what is to be done. */
function recordMore(): Sentence {
  return say`This run is the first of the baseline. Record more: verdicts find small changes reliably once about ${RECOMMENDED_RUNS} runs are recorded.`
}

function noBaseline(result: GateResult, context: ReportContext): readonly Sentence[] {
  if (context.mode === 'record') return [recordMore()]
  const record =
    context.entrypoint === 'command-line'
      ? say`Record the baseline with ${code('inference-gate record')}, on what the change is compared with. Verdicts find small changes reliably once about ${RECOMMENDED_RUNS} runs are recorded.`
      : say`Record the baseline: run the action on ${context.baseBranch === undefined ? say`the base branch` : say`${code(context.baseBranch)}`} (a push or a schedule, or ${code('mode: record')}), or ${code('inference-gate record')} by hand. Verdicts find small changes reliably once about ${RECOMMENDED_RUNS} runs are recorded.`
  const changed = result.notes.some((note) => note.kind === 'load-shape-changed')
  const restore = changed
    ? [say`Or put the changed members back: then the stored runs count again.`]
    : []
  const policy = blocks('no-baseline', context.blocking)
    ? [say`It blocks, because ${code('policy.no_baseline')} is ${code('fail')}.`]
    : []
  return [record, ...restore, ...policy]
}

function passed(result: GateResult, context: ReportContext): readonly Sentence[] {
  if (regressedOnBase(result).length > 0) return [mendTheBase(context)]
  const tolerated = toleratedByFloor(result)
  if (tolerated.length > 0) return lowerFloors(tolerated)
  const accepted = result.metrics.some((metric) => metric.accepted !== undefined)
  if (!accepted || context.mode === 'record') return []
  return [say`Merge with the label in place: a new baseline epoch then begins.`]
}
