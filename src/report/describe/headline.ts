// The one line that says whether to merge and why. Plain text of at most 120 characters, the same in
// the comment, the job's log, the outputs and the report file.

import { isCounted } from '../../model/asked.ts'
import { blocks } from '../../model/blocking.ts'
import type { GateResult, JobResult, MetricJudgement, ReportContext } from '../../model/verdict.ts'
import { ofConfig } from '../config-name.ts'
import * as format from '../format.ts'
import { clipped } from '../phrase.ts'
import { visible } from '../render/render.ts'
import { addedToBase, baseCause, regressedOnBase } from './base-branch.ts'
import { droppedInShort } from './dropped.ts'
import { invalidityWords } from './invalidity.ts'
import { decidingGates, toleratedByFloor, withVerdict, worstFailure } from './lead-metric.ts'
import { ceilingOf, changeInWords, inOneLine, inSentence, verb, worseWord } from './metric-words.ts'
import { ruledOutSize } from './reason.ts'
import { openShare, shareFailure } from './shares.ts'

const MAX_CHARACTERS = 120

/** The whole invocation's headline: that of the gate which decided it, and what else goes. */
export function headline(jobResult: JobResult): string {
  const { dropped, blocking } = jobResult.context
  if (dropped === undefined) return lineOf(jobResult, MAX_CHARACTERS)
  const words = droppedInShort(dropped)
  if (isBlockedByDrop(jobResult.context) && !blocks(jobResult.verdict, blocking)) {
    return short(`${blocked(jobResult.context)}: ${words}`)
  }
  return short(`${lineOf(jobResult, MAX_CHARACTERS - words.length - 2)}; ${words}`)
}

function lineOf(jobResult: JobResult, most: number): string {
  const deciding = decidingGates(jobResult)
  const [first] = deciding
  if (first === undefined) return 'Nothing was judged'
  const opening = prefix(first, jobResult.context)
  if (jobResult.gates.length === 1) {
    return withCause(opening, first, { jobResult, ending: cutShort(first), most })
  }
  if (jobResult.gates.every(isNotAffected)) {
    return `${opening}: ${named(jobResult.gates, jobResult, 60)}: nothing they measure changed`
  }
  if (jobResult.verdict === 'passed')
    return clipped(`${passedPrefix(jobResult)}: ${passedGates(jobResult)}`, most)
  const blocking = jobResult.gates.filter((gate) => isBlocking(gate, jobResult.context))
  const others =
    (blocks(jobResult.verdict, jobResult.context.blocking) ? blocking : deciding).length - 1
  const more = others === 0 ? '' : ` (and ${format.count(others, 'more gate')})`
  return withCause(opening, first, { jobResult, ending: more, most })
}

/** The cause is shortened before anything else: it stands in the box below as well. */
function withCause(
  opening: string,
  gate: GateResult,
  about: { readonly jobResult: JobResult; readonly ending: string; readonly most: number },
): string {
  const { jobResult, ending, most } = about
  const start = `${opening}: ${named([gate], jobResult, 32)}: `
  return `${start}${clipped(cause(gate, jobResult.context), most - start.length - ending.length)}${ending}`
}

/** `chat and code (services/a/gate.yml)`: of which gates, and of which config where there are more. */
function named(gates: readonly GateResult[], jobResult: JobResult, room: number): string {
  const names = gates.map(({ gate }) => clipped(visible(gate), 32))
  const isAlone = jobResult.gates.every(({ notes }) =>
    notes.every(({ kind }) => kind !== 'other-config'),
  )
  return `${namesInRoom(names, room)}${ofConfig(jobResult.context.config, isAlone)}`
}

function namesInRoom(names: readonly string[], room: number): string {
  for (let shown = names.length; shown > 1; shown--) {
    const left = names.length - shown
    const rest = left === 0 ? [] : [`${left} more`]
    const text = inOneLine([...names.slice(0, shown), ...rest])
    if (text.length <= room) return text
  }
  return names.length === 1 ? (names[0] ?? '') : `${names[0]} and ${names.length - 1} more`
}

/** One gate's headline, without its name. */
export function gateHeadline(result: GateResult, context: ReportContext): string {
  const opening = prefix(result, context)
  const ending = cutShort(result)
  const room = MAX_CHARACTERS - opening.length - ending.length - 2
  return `${opening}: ${clipped(cause(result, context), room)}${ending}`
}

/** A budget that ended the run is part of what the verdict is worth. */
function cutShort({ warnings }: GateResult): string {
  const cut = warnings.find((warning) => warning.kind === 'budget-shortened')
  return cut === undefined
    ? ''
    : ` (stopped by the budget after ${cut.measured} of ${cut.planned} requests)`
}

function short(text: string): string {
  return clipped(text, MAX_CHARACTERS)
}

function passedGates(jobResult: JobResult): string {
  const { gates } = jobResult
  const measured = gates.filter((gate) => !isNotAffected(gate))
  const left = gates.length - measured.length
  const rest = left === 0 ? '' : `, ${left} not affected`
  const names = named(measured, jobResult, 60)
  return hasAccepted(gates)
    ? `${names}, with a regression accepted${rest}`
    : `no regression in ${names}${rest}`
}

function passedPrefix({ gates }: JobResult): string {
  return hasAccepted(gates) ? 'Accepted' : 'Passed'
}

function hasAccepted(gates: readonly GateResult[]): boolean {
  return gates.some((gate) => acceptedMetrics(gate).length > 0)
}

/** Whether the gate blocks under the policy that was in force. */
export function isBlocking(gate: GateResult, { blocking }: ReportContext): boolean {
  return isCounted(gate) && blocks(gate.verdict, blocking)
}

/** Whether a gate that goes blocks, whatever the gates that stay come to. */
export function isBlockedByDrop({ dropped }: ReportContext): boolean {
  return dropped?.blocks === true
}

export function isNotAffected({ notAffected }: GateResult): boolean {
  return notAffected !== undefined
}

/** What it means for the merge, or for the base branch while recording. */
function prefix(result: GateResult, context: ReportContext): string {
  const { verdict } = result
  if (isNotAffected(result)) return 'Not affected'
  if (verdict === 'passed') return acceptedMetrics(result).length > 0 ? 'Accepted' : 'Passed'
  if (verdict === 'failed') {
    return context.mode === 'gate' ? blocked(context) : 'Base branch regressed'
  }
  const state = STATES[verdict]
  if (context.mode === 'record') return verdict === 'no-baseline' ? 'First run' : state
  if (blocks(verdict, context.blocking)) {
    return `${blocked(context)}, ${state.charAt(0).toLowerCase()}${state.slice(1)}`
  }
  return context.entrypoint === 'command-line' ? state : `${state}, not blocking`
}

/** There is no merge at a terminal. */
function blocked({ entrypoint }: ReportContext): string {
  return entrypoint === 'command-line' ? 'Failed' : 'Merge blocked'
}

const STATES: Readonly<Record<'inconclusive' | 'no-baseline' | 'invalid', string>> = {
  inconclusive: 'Undecided',
  'no-baseline': 'No baseline',
  invalid: 'Could not measure',
}

/** What decided, after the colon. */
export function cause(result: GateResult, context: ReportContext): string {
  switch (result.verdict) {
    case 'failed':
      return failed(result, context)
    case 'passed':
      return passed(result, context)
    case 'inconclusive':
      return undecided(result, context)
    case 'no-baseline':
      return noBaseline(result)
    case 'invalid':
      return result.invalidities[0] === undefined
        ? 'the run cannot be trusted'
        : invalidityWords(result.invalidities[0]).short
  }
}

function failed(result: GateResult, context: ReportContext): string {
  const worst = worstFailure(result)
  if (worst === undefined) return shareFailure(result) ?? 'a limit is breached'
  const onBase = regressedOnBase(result).find(({ id }) => id === worst.id)
  if (onBase !== undefined) {
    return onBase.baseBranch.beyond ? addedToBase(onBase) : baseCause(onBase, context)
  }
  const others = withVerdict(result, 'fail').length - 1
  return `${failure(worst)}${others === 0 ? '' : ` (and ${others} more)`}`
}

/** `TTFT p95 is 21 % slower`, `TTFT p99 is above its ceiling of 5 s`. */
export function failure(metric: MetricJudgement): string {
  const { reason, label, change } = metric
  const is = verb(metric)
  switch (reason.kind) {
    case 'above-ceiling': {
      const side = metric.better === 'lower' ? 'above' : 'below'
      return `${label} ${is} ${side} ${is === 'is' ? 'its' : 'their'} ${ceilingOf(metric)}`
    }
    case 'failures-beyond-quantile':
      return `${reason.failed} of ${format.count(reason.of, 'request')} failed, more than ${label} allows`
    case 'drifted':
      return `${label} has drifted ${changeInWords(metric, reason.total)} since ${format.day(reason.since)}`
    default:
      return change === undefined
        ? `${label} ${is} ${worseWord(metric)}`
        : `${label} ${is} ${changeInWords(metric, change)}`
  }
}

function passed(result: GateResult, context: ReportContext): string {
  if (isNotAffected(result)) return 'nothing that this gate measures changed'
  const [accepted, ...others] = acceptedMetrics(result)
  if (accepted !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`
    return `${failure(accepted)}${more}`
  }
  const [onBase] = regressedOnBase(result)
  if (onBase !== undefined) return baseCause(onBase, context)
  const [improved] = withVerdict(result, 'improved')
  if (improved?.change !== undefined) {
    return `${improved.label} ${verb(improved)} ${changeInWords(improved, improved.change)}`
  }
  const [tolerated] = toleratedByFloor(result)
  if (tolerated !== undefined) return withinFloor(tolerated)
  const passes = withVerdict(result, 'pass')
  if (passes.length === 0) return 'nothing is limited'
  const ruledOut = passes.find(({ resolution, limit }) => {
    return resolution !== undefined && limit?.worsening !== undefined
  })
  const labels = passes.map((metric) => inSentence(metric.label))
  return ruledOut?.resolution === undefined
    ? `no regression in ${inOneLine(labels)}`
    : `no regression${whatPassed(passes)}; ${ruledOutSize(ruledOut, ruledOut.resolution)} at ${inSentence(ruledOut.label)} would have been seen`
}

/** The metrics by name stand in the table: one line has room for what the first of them rules out. */
function whatPassed({ length }: readonly MetricJudgement[]): string {
  return length === 1 ? '' : ` in ${length} metrics`
}

function acceptedMetrics(result: GateResult): readonly MetricJudgement[] {
  return result.metrics.filter((metric) => metric.accepted !== undefined)
}

function undecided(result: GateResult, context: ReportContext): string {
  const onBase = regressedOnBase(result).filter(({ baseBranch }) => !baseBranch.beyond)
  const isAllOnBase = withVerdict(result, 'suspect', 'inconclusive').every(({ id }) =>
    onBase.some((metric) => metric.id === id),
  )
  if (isAllOnBase && onBase[0] !== undefined) return baseCause(onBase[0], context)
  const [suspect] = withVerdict(result, 'suspect')
  if (suspect?.change !== undefined) {
    return `${suspect.label} looks ${changeInWords(suspect, suspect.change)}, not proven`
  }
  const [open, ...others] = withVerdict(result, 'inconclusive')
  if (open === undefined) return openShare(result) ?? 'no metric could be decided'
  if (open.reason.kind === 'too-few-requests')
    return `too few requests to judge ${inSentence(open.label)}`
  if (open.heldBack?.kind === 'floor') return withinFloor(open)
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return `cannot tell whether ${inSentence(open.label)} got ${worseWord(open)}${more}`
}

/** `TTFT p50 is 33 % slower, within its floor of 20 ms`. */
function withinFloor(metric: MetricJudgement): string {
  const floor = format.value(metric.limit?.floor, metric.unit)
  return `${failure(metric)}, within its floor of ${floor}`
}

function noBaseline(result: GateResult): string {
  return result.notes.some((note) => note.kind === 'load-shape-changed')
    ? 'the load changed, so the stored runs cannot be compared'
    : 'there is nothing to compare with yet'
}
