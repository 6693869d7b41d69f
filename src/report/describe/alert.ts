// The one box under the headline: the number that decided, how sure it is, and the limit it met.

import { blocks } from '../../model/blocking.ts'
import type { Alert, Sentence } from '../../model/report-document.ts'
import type {
  GateResult,
  JobResult,
  MetricJudgement,
  NotAffected,
  ReportContext,
} from '../../model/verdict.ts'
import * as format from '../format.ts'
import { code, listed, say, strong } from '../phrase.ts'
import { baseLines, regressedOnBase } from './base-branch.ts'
import { costPart } from './cost-words.ts'
import { droppedSentences } from './dropped.ts'
import { failure, isBlockedByDrop } from './headline.ts'
import { invalidityWords } from './invalidity.ts'
import {
  closestToLimit,
  decidingGates,
  toleratedByFloor,
  withVerdict,
  worstFailure,
} from './lead-metric.ts'
import {
  ceiling,
  changeText,
  inSentence,
  intervalText,
  limitInWords,
  relativeLimit,
} from './metric-words.ts'
import { odds, reasonText } from './reason.ts'
import { openShare, shareFailure } from './shares.ts'

export function alert(jobResult: JobResult): Alert {
  const [first] = decidingGates(jobResult)
  if (first === undefined) return { level: 'note', lines: [say`No gate was judged.`] }
  const name = jobResult.gates.length > 1 ? say`${code(first.gate)}: ` : []
  const [line = [], ...others] = lines(first, jobResult.context)
  const ofGate = [[...name, ...line], ...others]
  const ofDropped = droppedSentences(jobResult.context)
  return isBlockedByDrop(jobResult.context)
    ? { level: 'caution', lines: [...ofDropped, ...ofGate] }
    : { level: level(first, jobResult.context), lines: [...ofGate, ...ofDropped] }
}

function level(result: GateResult, context: ReportContext): Alert['level'] {
  if (blocks(result.verdict, context.blocking)) return 'caution'
  switch (result.verdict) {
    case 'inconclusive':
    case 'invalid':
      return 'warning'
    case 'no-baseline':
      return 'note'
    default:
      return isPlain(result) ? 'tip' : 'note'
  }
}

/** Nothing accepted, and nothing amiss on the base branch. */
function isPlain(result: GateResult): boolean {
  const accepted = result.metrics.some((metric) => metric.accepted !== undefined)
  return !accepted && regressedOnBase(result).length === 0
}

function lines(result: GateResult, context: ReportContext): readonly Sentence[] {
  switch (result.verdict) {
    case 'failed':
      return failed(result, context)
    case 'passed':
      return passed(result, context)
    case 'inconclusive':
      return undecided(result, context)
    case 'no-baseline':
      return noBaseline(result, context)
    case 'invalid':
      return result.invalidities.map((invalidity) => {
        const { fact } = invalidityWords(invalidity)
        return say`${fact}`
      })
  }
}

function failed(result: GateResult, context: ReportContext): readonly Sentence[] {
  const worst = worstFailure(result)
  if (worst === undefined) return [say`${shareFailure(result) ?? 'A limit is breached'}.`]
  const others = withVerdict(result, 'fail').filter((metric) => metric !== worst)
  const also =
    others.length === 0 ? [] : [say`Also: ${others.map(failure).map(inSentence).join('; ')}.`]
  return [
    decisive(worst),
    [...evidence(result, worst, context), ...again(result)],
    ...(regressedOnBase(result).length > 0 ? baseLines(result, context) : []),
    ...costMoved(result),
    ...also,
  ]
}

/** Which part of the cost moved, where the cost is what fails. */
function costMoved(result: GateResult): readonly Sentence[] {
  const isMoreExpensive = withVerdict(result, 'fail').some(({ id }) => id === 'cost_per_answer')
  const parts = isMoreExpensive ? (result.costParts ?? []) : []
  return parts.length === 0 ? [] : [say`What moved in the cost: ${parts.map(costPart).join('; ')}.`]
}

/** What a second measurement says of a fail that no reference arm showed. */
function again({ effort: { confirmation } }: GateResult): Sentence {
  switch (confirmation) {
    case 'confirmed':
      return say` Measured once more after a pause, it showed again.`
    case 'no-budget':
      return say` The budget was too small to measure it once more.`
    default:
      return say``
  }
}

/** **TTFT p95: 412 ms → 498 ms, +20.9 %** (interval …); limit …. */
export function decisive(metric: MetricJudgement): Sentence {
  if (metric.reason.kind === 'above-ceiling') {
    const now = format.value(metric.candidate, metric.unit)
    return say`${strong(`${metric.label}: ${now}`)}, ${ceiling(metric)}. ${sentence(reasonText(metric))}`
  }
  const limit = limitInWords(metric)
  return say`${strong(`${metric.label}: ${movement(metric)}`)}${inInterval(metric)}${limit === '–' ? '' : `; limit ${limit}`}.`
}

function movement(metric: MetricJudgement): string {
  const { baseline, candidate, unit, change } = metric
  const now = format.value(candidate, unit)
  const values = baseline === undefined ? now : `${format.value(baseline, unit)} → ${now}`
  return change === undefined ? values : `${values}, ${changeText(metric)}`
}

function inInterval(metric: MetricJudgement): string {
  return metric.interval === undefined ? '' : ` (${format.INTERVAL} ${intervalText(metric)})`
}

function evidence(result: GateResult, metric: MetricJudgement, context: ReportContext): Sentence {
  const requests = format.count(metric.requests, 'request')
  if (metric.reason.kind === 'drifted') return say`${sentence(reasonText(metric))}`
  switch (metric.evidence) {
    case 'ceiling':
      return say`Judged on ${requests} of this run alone: a ceiling needs no baseline.`
    case 'reference':
      return say`Decided by ${format.count(result.effort.pairs, 'pair')} measured against the reference in the same minutes: drift of the provider is ruled out.`
    case 'earlier':
      return say`Judged on ${requests} against ${earlierRun(result)}, not in alternation: ${drift(result)} counted in.`
    case 'history':
      return say`Judged on ${requests} against ${format.count(metric.history, 'run')} of ${base(context)}${certainty(metric)}.`
  }
}

function earlierRun({ effort: { earlier } }: GateResult): string {
  return earlier === undefined
    ? 'a run that was measured earlier'
    : `a run that was measured ${format.span(Math.max(0, earlier.beforeMs))} before`
}

function drift({ effort: { earlier } }: GateResult): string {
  const size = earlier === undefined ? '' : ` (${format.percent(earlier.movement)})`
  return `how much the endpoint moves in the meantime${size} is`
}

function certainty({ reason }: MetricJudgement): string {
  return reason.kind === 'worse-than-limit' ? `: beyond noise${odds(reason)}` : ''
}

function base(context: ReportContext, otherwise = 'the baseline'): Sentence {
  return context.baseBranch === undefined ? say`${otherwise}` : say`${code(context.baseBranch)}`
}

function passed(result: GateResult, context: ReportContext): readonly Sentence[] {
  if (result.notAffected !== undefined) return [notAffectedSentence(result.notAffected, context)]
  const accepted = result.metrics.filter((metric) => metric.accepted !== undefined)
  if (accepted.length > 0) {
    return accepted.flatMap((metric) => [decisive(metric), say`${sentence(reasonText(metric))}`])
  }
  if (regressedOnBase(result).length > 0) return baseLines(result, context)
  const improved = withVerdict(result, 'improved')
  if (improved.length > 0) return improved.slice(0, 3).map(decisive)
  const tolerated = toleratedByFloor(result)
  if (tolerated.length > 0) {
    return tolerated.map((metric) => [
      ...decisive(metric),
      ...say` ${sentence(reasonText(metric))}`,
    ])
  }
  const closest = closestToLimit(result)
  if (closest === undefined) return [say`Every limit holds.`]
  return [
    say`Every limit holds. Closest to its limit: ${closest.label} ${movement(closest)}${inInterval(closest)}, limit ${relativeLimit(closest)}.`,
    evidence(result, closest, context),
  ].slice(0, closest.evidence === 'history' ? 1 : 2)
}

/** Also the whole section of such a gate among others. */
export function notAffectedSentence(
  { by, changedFiles }: NotAffected,
  context: ReportContext,
): Sentence {
  const paths = by.filter((item) => item !== 'config')
  const named = listed(
    paths.map((path) => code(path)),
    'or',
  )
  const none =
    changedFiles === 0
      ? say`no file was changed`
      : say`none of the ${format.count(changedFiles, 'changed file')} is in ${named}`
  const files = paths.length === 0 ? [] : say`, and ${none}`
  return say`Nothing was sent and nothing was spent: endpoint, workload and prices are those of ${base(context, 'the base branch')}${files}. The base branch's ${code('affected_by')} names all that can change what this gate measures.`
}

function undecided(result: GateResult, context: ReportContext): readonly Sentence[] {
  const open = [...withVerdict(result, 'suspect'), ...withVerdict(result, 'inconclusive')]
  const policy = blocks('inconclusive', context.blocking)
    ? say`It blocks, because ${code('policy.inconclusive')} is ${code('fail')}.`
    : say`${whyNotBlocking(open)}`
  const shown = open
    .slice(0, 2)
    .map((metric) => [...decisive(metric), ...say` ${sentence(reasonText(metric))}`])
  const onBase = regressedOnBase(result).length > 0 ? baseLines(result, context) : []
  const between = open.length === 0 ? openShare(result) : undefined
  const ofGates = between === undefined ? [] : [say`${upperFirst(between)}.`]
  return [...onBase, ...shown, ...ofGates, policy]
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function whyNotBlocking(open: readonly MetricJudgement[]): string {
  const proven = open.filter(({ heldBack }) => heldBack?.kind === 'floor')
  if (proven.length === 0) return 'Nothing is proven, so it does not block.'
  return proven.length === open.length
    ? 'The change is beyond noise, and the floor tolerates it, so it does not block.'
    : 'What is beyond noise is tolerated by its floor, and the rest is not proven, so it does not block.'
}

function noBaseline(result: GateResult, context: ReportContext): readonly Sentence[] {
  const changed = result.notes.find((note) => note.kind === 'load-shape-changed')
  const why =
    changed === undefined
      ? noRunYet(result, context)
      : say`The load shape changed, so ${format.count(changed.runs, 'stored run')} cannot be compared. What changed is listed below.`
  const ceilings = result.metrics.filter((metric) => metric.limit?.ceiling !== undefined)
  const held = ceilings.filter((metric) => metric.ceilingHolds === true)
  return ceilings.length === 0
    ? [why, say`No ceiling is set either, so nothing was judged.`]
    : [why, say`Ceilings need no baseline: ${held.length} of ${ceilings.length} are shown to hold.`]
}

function noRunYet({ baselinePlace }: GateResult, context: ReportContext): Sentence {
  if (context.mode === 'record') return say`No run was stored in ${baselinePlace} before this one.`
  return context.entrypoint === 'command-line'
    ? say`No run is stored yet in ${baselinePlace}.`
    : say`No run of the base branch is stored yet in ${baselinePlace}.`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
