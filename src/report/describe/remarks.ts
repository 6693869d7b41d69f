// What a reader should know without it deciding anything: warnings of the run, how the baseline was
// chosen, and small steps that add up.

import type { Asked } from '../../model/asked.ts'
import type { BaselineNote, MemberChange } from '../../model/history.ts'
import type { PromptChange } from '../../model/prompt-change.ts'
import type { Sentence } from '../../model/report-document.ts'
import type { RunWarning } from '../../model/run.ts'
import type { GateResult, MetricJudgement } from '../../model/verdict.ts'
import * as format from '../format.ts'
import { capitalized, likenessWords } from '../likeness.ts'
import { code, command, listed, say, strong } from '../phrase.ts'
import { medianOf, stepSize } from '../step-words.ts'
import { attributionSentence } from './attribution.ts'
import { changeInWords, inSentence } from './metric-words.ts'
import { promptsInLine } from './prompt-words.ts'
import { shareSentences } from './shares.ts'

/** Notes that change what the verdict is worth, or ask for an act: shown unfolded. */
const NEVER_FOLDED: ReadonlySet<BaselineNote['kind']> = new Set([
  'unreadable',
  'other-branch',
  'after-merge-base',
  'load-shape-changed',
  'held-runs',
  'regressed-between',
  'not-stored',
  'level-stepped',
])

/** Of a gate that did not pass: why it may not have. */
const UNFOLDED_UNLESS_PASSED: BaselineNote['kind'] = 'hour-missing'

export function remarks(result: GateResult): readonly Sentence[] {
  return [
    ...askedSentence(result),
    ...shareSentences(result),
    ...(result.attributions ?? []).map(attributionSentence),
    ...driftSentence(result.metrics),
    ...stepSentence(result.metrics),
    ...result.notes.filter((note) => isUnfolded(note, result)).map(noteSentence),
  ]
}

function isUnfolded({ kind }: BaselineNote, { verdict }: GateResult): boolean {
  if (kind === UNFOLDED_UNLESS_PASSED) return verdict === 'failed' || verdict === 'inconclusive'
  return NEVER_FOLDED.has(kind)
}

function askedSentence({ asked, promptChanges = [] }: GateResult): readonly Sentence[] {
  if (asked === undefined) return []
  const changed = changesInLine(asked.changes)
  if (asked.as === 'proposed') {
    if (asked.isCompared) return [comparedSentence(asked, promptChanges)]
    return [
      say`${strong('Measured as this change proposes:')} ${changed}. Such a load has no history yet; the base branch's workload is judged as ${code(asked.of)}.`,
    ]
  }
  const opening = strong("Measured with the base branch's workload,")
  const load = asked.changes.length === 0 ? [] : say` The load changes as well: ${changed}.`
  switch (asked.because) {
    case 'removed':
      return [
        say`${opening} as this change removes the gate. A maintainer's label accepts the removal.`,
      ]
    case 'renamed':
      return [say`${opening} as this change renames the gate to ${code(asked.head ?? '')}.${load}`]
    case 'reshaped':
      return [say`${opening} since the load changes: ${changed}.`]
  }
}

/** The prompts by name and tokens: their members of the load shape would be digests. */
function comparedSentence(
  { changes, of }: Extract<Asked, { as: 'proposed' }>,
  promptChanges: readonly PromptChange[],
): Sentence {
  const isPrompts = ({ member }: MemberChange) => /^prompts? /.test(member)
  const others = changes.filter((change) => promptChanges.length === 0 || !isPrompts(change))
  const prompts = promptsInLine(promptChanges)
  const isBoth = prompts.length > 0 && others.length > 0
  const changed = [
    ...prompts,
    ...(isBoth ? say`; ` : []),
    ...(others.length === 0 ? [] : changesInLine(others)),
  ]
  return say`${strong('Measured as this change proposes:')} ${changed}. Each request was asked in alternation with the base branch's own; the base branch's workload is judged as ${code(of)}.`
}

/** Of the metrics that do not fail already: those have a stronger thing to say. */
function driftSentence(metrics: readonly MetricJudgement[]): readonly Sentence[] {
  const drifted = metrics.flatMap((metric) =>
    metric.drift === undefined || metric.verdict === 'fail'
      ? []
      : [{ metric, drift: metric.drift }],
  )
  const [first] = drifted
  if (first === undefined) return []
  const sums = drifted.map(
    ({ metric, drift }) =>
      `${inSentence(metric.label)} is ${changeInWords(metric, drift.total)} (${format.INTERVAL} ${format.interval(drift.interval, metric.scale)})`,
  )
  return [
    say`${strong('Small steps add up:')} against the first ${format.count(first.drift.runs, 'run')} of this baseline epoch, since ${format.day(first.drift.since)}, ${sums.join('; ')}.`,
  ]
}

/** One sentence for all: what one percentile shows best, the first that shows it. */
function stepSentence(metrics: readonly MetricJudgement[]): readonly Sentence[] {
  const metric = metrics.find(({ step }) => step !== undefined)
  if (metric?.step === undefined) return []
  const { since, change, setAside, settings } = metric.step
  const older = setAside === 1 ? '1 older run is' : `${setAside} older runs are`
  const now =
    metric.change === undefined
      ? ''
      : ` Against the runs since then, this one is ${changeInWords(metric, metric.change)}.`
  return [
    say`${strong('The endpoint itself changed:')} its ${inSentence(metric.label)} became ${changeInWords(metric, change)} on ${format.day(since)}, between two recorded runs${settingsText(settings)}; ${older} set aside.${now}`,
  ]
}

function settingsText(changed: readonly string[] | undefined): string {
  if (changed === undefined) return ''
  return changed.length === 0
    ? ', with no change of its settings'
    : `, and so did its settings: ${changed.join(', ')}`
}

export function warningSentence(warning: RunWarning): Sentence {
  switch (warning.kind) {
    case 'output-tokens-ignored':
      return say`The model ignores ${code('max_output_tokens')}: ${warning.asked} were asked for and it sent up to ${warning.got}.`
    case 'usage-disagrees':
      return say`The server's usage (${warning.server} output tokens) disagrees with what was counted in the stream (${warning.counted}).`
    case 'usage-missing':
      return say`${format.count(warning.requests, 'request')} came without token usage.`
    case 'probes-disagree':
      return say`First-token probes were left out: their TTFT is ${times(warning.ratio)} that of full answers (interval ${times(warning.low)} to ${times(warning.high)}), so they do not measure the same thing.`
    case 'budget-shortened':
      return say`The budget (${code(`budget.${warning.what}`)}) ended the run after ${warning.measured} of ${warning.planned} planned requests.`
    case 'client-late':
      return say`The measuring machine was busy: up to ${format.milliseconds(warning.p99Ms)} late itself (p99), beside measured times of ${format.milliseconds(warning.medianMs)} at the median. Part of the tails may be due to it; a quieter runner helps, and ${code('workload.max_client_delay')} says how much is allowed.`
    case 'coalesced-reads':
      return say`${format.percent(warning.share)} of the reads carried several tokens: gaps between tokens are those between reads.`
    case 'probes-empty':
      return say`${warning.empty} of ${format.count(warning.probes, 'probe')} ended without a token that could be seen, so probes were left out.`
    case 'server-closes-connections':
      return say`The server closes connections: ${format.percent(warning.share)} of the requests opened a new one. TTFT leaves the opening out.`
    case 'rate-limited':
      return say`${format.count(warning.requests, 'request')} ${warning.requests === 1 ? 'was' : 'were'} rate-limited${retryAfter(warning.retryAfterS)}.`
    case 'metrics-unread':
      return say`${code('endpoint.metrics')} ${warning.problem}, so the server's own numbers are missing.`
    case 'unsettled':
      return say`The ${warning.arm === 'reference' ? 'reference arm' : 'endpoint'} has not settled: after ${format.count(warning.requests, 'warm-up request')} first tokens still got faster (${format.milliseconds(warning.firstMs)}, then ${format.milliseconds(warning.lastMs)}), so part of what was measured may be its start.`
    case 'measured-again':
      return say`${AGAIN_BECAUSE[warning.because]} ${AGAIN_OUTCOME[warning.outcome]}`
    case 'answers-unchecked':
      return say`${warning.unchecked} of ${format.count(warning.answers, 'answer')} could not be checked: too long to keep, or the check of their prompt took too long. They count neither as valid nor as invalid.`
    case 'answers-from-cache':
      return say`${warning.cached} of ${format.count(warning.answers, 'answer')} came out of a gateway's cache (its headers say so): their times and tokens are not the model's. Turn that cache off for the measurement, or let every prompt be unique with ${code('prompt_cache: bypass')}.`
    case 'imported':
      return say`Measured by ${warning.by} and imported: whether that client was fast enough to be trusted is not known. TTFT is ${warning.ttft}.`
  }
}

const AGAIN_BECAUSE = {
  client: 'In a first measurement the client was not fast or steady enough to be trusted.',
  refused:
    'In a first measurement the endpoint refused the first requests (502, 503, or no connection).',
} as const

const AGAIN_OUTCOME = {
  sound: 'This is a second one, made after a pause; both are paid.',
  void: 'A second one, made after a pause, fared no better; both are paid.',
  'no-budget': 'The budget was too small for a second one.',
} as const

function retryAfter(seconds: number | undefined): string {
  return seconds === undefined ? '' : ` (the server asks to wait ${format.span(1000 * seconds)})`
}

function times(ratio: number): string {
  return `${Number(ratio.toPrecision(3))} times`
}

export function noteSentence(note: BaselineNote): Sentence {
  switch (note.kind) {
    case 'unreadable':
      return say`${code(note.path)} ${note.problem.replace(/\.$/, '')}; it was left out.`
    case 'other-branch':
      return say`No run of ${code(note.wanted)} is stored: runs of ${code(note.taken)} were taken instead.`
    case 'after-merge-base':
      return afterMergeBase(note)
    case 'load-shape-changed':
      return say`${format.count(note.runs, 'stored run')} cannot be compared, because the load changed: ${changesInLine(note.changes)}.`
    case 'other-config':
      return say`${format.count(note.runs, 'stored run')} ${note.runs === 1 ? 'belongs' : 'belong'} to a gate of the same name in ${note.configs.length === 0 ? 'another config' : listed(note.configs.map((path) => code(path)))} and ${note.runs === 1 ? 'is' : 'are'} left out.`
    case 'too-old':
      return say`${format.count(note.runs, 'run')} older than ${format.span(note.maxAgeMs)} (${code('baseline.max_age')}) ${note.runs === 1 ? 'was' : 'were'} left out.`
    case 'few-runs':
      return say`Only ${format.count(note.runs, 'run')} to compare with: the noise between runs is known well once there are ${note.recommended}.`
    case 'held-runs':
      if (note.counted === true) return heldAndCounted(note)
      return say`${format.count(note.runs, 'run')} of the base branch ${note.runs === 1 ? 'is kept apart, because it failed against its own' : 'are kept apart, because they failed against their own'} history (newest ${code(note.newestRunId)}).`
    case 'regressed-between':
      return regressedBetween(note)
    case 'epoch':
      return say`This baseline epoch was opened on ${format.day(note.openedAt)} by ${code(note.by)}: ${note.reason}`
    case 'likeness':
      return say`${capitalized(likenessWords(note))}.`
    case 'hour-missing':
      return say`Runs of this hour are missing: no recorded run was made between ${hourOf(note.hour - 3)} and ${hourOf(note.hour + 3)} UTC, so that much more is allowed for what the hour may add. Record at the hours at which pull requests are judged.`
    case 'level-stepped':
      return say`${strong('The base branch itself changed:')} its ${medianOf(note.family)} became ${stepSize(note.change)} on ${format.day(note.since)}; the last run before it is at ${code(note.lastBefore)}, the first of it at ${code(note.first)}. What single pull requests were too small to show is seen here.`
    case 'not-stored':
      return say`The run could not be stored: ${note.problem.replace(/\.$/, '')}. Store it later with ${command(note.command)}`
  }
}

function hourOf(hour: number): string {
  return `${String((hour + 24) % 24).padStart(2, '0')}:00`
}

/** The base branch got worse by itself: nobody's pull request is blocked for it. */
function heldAndCounted({
  runs,
  newestRunId,
}: Extract<BaselineNote, { kind: 'held-runs' }>): Sentence {
  const kept =
    runs === 1
      ? say`The base branch's newest run (${code(newestRunId)}) is`
      : say`The base branch's newest ${runs} runs (the last is ${code(newestRunId)}) are`
  return say`${kept} kept apart: this one is compared with the base branch as it is now, and blocked for what it adds.`
}

/** Without commits the runs themselves are named. */
function regressedBetween({
  lastGood,
  firstBad,
}: Extract<BaselineNote, { kind: 'regressed-between' }>): Sentence {
  const opening = strong('Last good, first bad:')
  if (lastGood.commit === undefined || firstBad.commit === undefined) {
    return say`${opening} the base branch became worse between the runs ${code(lastGood.runId)} and ${code(firstBad.runId)}.`
  }
  if (lastGood.commit === firstBad.commit) {
    return say`${opening} both runs are of ${code(format.shortCommit(lastGood.commit))}, so the endpoint became worse without a commit of this repository.`
  }
  const range = `${format.shortCommit(lastGood.commit)}..${format.shortCommit(firstBad.commit)}`
  return say`${opening} the base branch became worse between the last run that held and the first that did not: ${command(`git log ${range}`)}`
}

function afterMergeBase(note: Extract<BaselineNote, { kind: 'after-merge-base' }>): Sentence {
  const commit = code(format.shortCommit(note.mergeBase))
  return note.runs === undefined
    ? say`No run at or before the merge base ${commit} is stored: later ones were taken, which may hold changes that this one lacks.`
    : say`Too few runs at or before the merge base ${commit} are stored: ${format.count(note.runs, 'later one')} ${note.runs === 1 ? 'was' : 'were'} taken as well, which may hold changes that this one lacks.`
}

/** `model` from `a` to `b`, `url` added (`x`) and `top_p` removed (was `1`). */
function changesInLine(changes: readonly MemberChange[]): Sentence {
  if (changes.length === 0) return say`its members are not known`
  const parts = changes.map((change) => memberChange(change))
  return parts.flatMap((part, index) => (index === 0 ? part : [...say`; `, ...part]))
}

export function memberChange({ member, before, after }: MemberChange): Sentence {
  if (before === undefined) return say`${code(member)} added (${code(after ?? '')})`
  if (after === undefined) return say`${code(member)} removed (was ${code(before)})`
  return say`${code(member)} from ${code(before)} to ${code(after)}`
}

export function memberNames(changes: readonly MemberChange[]): Sentence {
  return listed(changes.map((change) => code(change.member)))
}
