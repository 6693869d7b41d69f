// What a reader can do now, most useful first. Only what the reasons and settlements say is offered.

import type { Sentence } from '../../model/report-document.ts'
import type { GateResult, ReportContext, Settlement } from '../../model/verdict.ts'
import * as format from '../format.ts'
import { code, say } from '../phrase.ts'
import { blocks } from './headline.ts'
import { invalidityWords } from './invalidity.ts'
import { withVerdict } from './lead-metric.ts'
import { memberNames } from './remarks.ts'

export function nextSteps(result: GateResult, context: ReportContext): readonly Sentence[] {
  switch (result.verdict) {
    case 'failed':
      return failed(result, context)
    case 'inconclusive':
      return undecided(result)
    case 'no-baseline':
      return noBaseline(result, context)
    case 'invalid':
      return remedies(result)
    case 'passed':
      return passed(result, context)
  }
}

/** Several reasons may have one remedy. */
function remedies(result: GateResult): readonly Sentence[] {
  const all = result.invalidities.map((invalidity) => invalidityWords(invalidity).remedy)
  return [...new Set(all)].map((remedy) => say`${remedy}`)
}

function failed(result: GateResult, context: ReportContext): readonly Sentence[] {
  const again =
    context.mode === 'gate' ? say` and push: the comment is updated in place` : say` on the branch`
  const look =
    result.subjectChanges.length === 0
      ? say`Fix what made it worse${again}.`
      : say`Look first at what changed: ${memberNames(result.subjectChanges)}. Fix it${again}.`
  return [look, ...rerun(result), accept(context)]
}

/** A second run helps only where drift of the provider could be the cause. */
function rerun(result: GateResult): readonly Sentence[] {
  const byHistory = withVerdict(result, 'fail').some((metric) => metric.evidence === 'history')
  if (!byHistory || result.effort.reference === 'measured') return []
  return [
    say`Suspect the provider instead? Run the job again, or name a ${code('reference')} endpoint: both are then measured in the same minutes.`,
  ]
}

function accept(context: ReportContext): Sentence {
  return context.mode === 'gate'
    ? say`Intended? A maintainer adds the label ${code(context.acceptLabel)} and runs the job again; after the merge the new level becomes the baseline.`
    : say`Intended? Accept the new level by the label ${code(context.acceptLabel)} on the merged pull request, by a dispatch, or with ${code('inference-gate accept')}. Until then the run is kept apart and the baseline stays.`
}

function undecided(result: GateResult): readonly Sentence[] {
  const open = withVerdict(result, 'suspect', 'inconclusive')
  const settlements = open.flatMap((metric) => metric.settles)
  const steps = [
    ...moreRequests(settlements),
    ...moreHistory(settlements),
    ...morePairs(settlements),
    ...(settlements.some(({ kind }) => kind === 'reference-arm') ? referenceArm(result) : []),
    ...noiseFloor(settlements),
  ]
  return steps.length === 0 ? [say`Run the job again.`] : steps
}

/** Whoever has a reference arm is told what keeps it from settling the verdict. */
function referenceArm({ effort }: GateResult): readonly Sentence[] {
  switch (effort.reference) {
    case 'none':
    case 'same-as-candidate':
      return [
        say`Name a ${code('reference')} endpoint: measured in the same minutes, drift of the provider cancels out.`,
      ]
    case 'no-budget':
      return [say`Raise ${code('budget')}: it did not reach for the reference arm.`]
    case 'failed':
      return [say`Mend the reference endpoint: it did not answer, and it would settle this.`]
    case 'void':
      return [say`Run the job again on a quieter runner: the reference arm could not be measured.`]
    case 'not-needed':
    case 'measured':
      return []
  }
}

/** The largest number asked for settles all. */
function moreRequests(settlements: readonly Settlement[]): readonly Sentence[] {
  const needed = settlements.flatMap((one) => (one.kind === 'more-requests' ? [one.requests] : []))
  if (needed.length === 0) return []
  return [
    say`Raise ${code('workload.requests')} to ${Math.max(...needed)} (or ${code('workload.probes')}, where only TTFT is open).`,
  ]
}

/** Pairs are planned from what the budget allows: that is what has to grow. */
function morePairs(settlements: readonly Settlement[]): readonly Sentence[] {
  const needed = settlements.flatMap((one) => (one.kind === 'more-pairs' ? [one.pairs] : []))
  if (needed.length === 0) return []
  return [
    say`Raise ${code('budget')}: about ${Math.max(...needed)} pairs against the reference would settle it.`,
  ]
}

function moreHistory(settlements: readonly Settlement[]): readonly Sentence[] {
  const needed = settlements.flatMap((one) => (one.kind === 'more-history' ? [one.runs] : []))
  if (needed.length === 0) return []
  return [
    say`Record more runs of the base branch: with ${Math.max(...needed)} of them the noise between runs is known better.`,
  ]
}

function noiseFloor(settlements: readonly Settlement[]): readonly Sentence[] {
  const floors = settlements.flatMap((one) => (one.kind === 'noise-floor' ? [one.change] : []))
  if (floors.length === 0) return []
  return [
    say`More requests alone cannot show a change below ${format.threshold(Math.max(...floors), 'ratio')}: the runs of the baseline differ by that much themselves.`,
  ]
}

function noBaseline(result: GateResult, context: ReportContext): readonly Sentence[] {
  const record = say`Record the baseline: run the action on ${context.baseBranch === undefined ? say`the base branch` : say`${code(context.baseBranch)}`} (a push or a schedule, or ${code('mode: record')}), or ${code('inference-gate record')} by hand. From about 8 runs on verdicts are sharp.`
  const changed = result.notes.some((note) => note.kind === 'load-shape-changed')
  const restore = changed
    ? [say`Or put the changed members back: then the stored runs count again.`]
    : []
  const policy = blocks('no-baseline', context)
    ? [say`It blocks, because ${code('policy.no_baseline')} is ${code('fail')}.`]
    : []
  return [record, ...restore, ...policy]
}

function passed(result: GateResult, context: ReportContext): readonly Sentence[] {
  const accepted = result.metrics.some((metric) => metric.accepted !== undefined)
  if (!accepted || context.mode === 'record') return []
  return [say`Merge with the label on: the new level then becomes the baseline.`]
}
