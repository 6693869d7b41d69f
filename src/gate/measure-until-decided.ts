// Goes on while a verdict is open and something can still settle it within the budget: pairs against
// the reference arm, or more requests. Every look was planned before the first was taken.

import { nextStep, type PairedRuns, type Step } from '../judge/judge.ts'
import { appendRounds, type RoundSize } from '../measure/measure.ts'
import { hasTokens } from '../model/config.ts'
import { isOfConversations } from '../model/conversation.ts'
import type { Effort } from '../model/effort.ts'
import { readinessOf } from '../model/opening.ts'
import type { Run } from '../model/run.ts'
import type { OpenTrial, Setting, Trial } from './trial.ts'

type Going = Exclude<Step, { kind: 'stop' }>
type Next = { readonly kind: 'on'; readonly open: OpenTrial } | Over
type Over = { readonly kind: 'over'; readonly trial: Trial }

/** Looks are few by plan; this only keeps a mistake from measuring for ever. */
const MOST_ROUNDS = 12

export async function measureUntilDecided(begun: OpenTrial, setting: Setting): Promise<Trial> {
  let open = begun
  for (let round = 0; ; round++) {
    const trial = { ...open, judged: setting.judge(open.measured) }
    if (open.isLast || round === MOST_ROUNDS) return trial
    const next = await nextOf(trial, setting)
    if (next.kind === 'over') return next.trial
    open = next.open
  }
}

/** A void run is not measured on: nothing that is added to it can be trusted. */
async function nextOf(trial: Trial, setting: Setting): Promise<Next> {
  if (trial.judged.run.invalidities.length > 0) return { kind: 'over', trial }
  const step = stepFrom(trial, setting)
  return step.kind === 'stop' ? stopped(trial, step) : await takeStep(trial, step, setting)
}

function stepFrom({ judged, pairs }: Trial, { request, rounds }: Setting): Step {
  if (judged.looks === undefined) return { kind: 'stop', why: 'looks-spent' }
  return nextStep({
    comparison: judged.comparison,
    decision: judged.decision,
    reference: request.reference === undefined ? 'none' : 'available',
    differs: judged.differs,
    looks: judged.looks,
    pairs,
    ...rounds.means(judged.run),
    warmup: request.gate.workload.warmup,
    probes: hasProbes(judged, request) ? 'usable' : 'unusable',
  })
}

/** They agree with answers, end no conversation, and there is a first token that they end at. */
function hasProbes({ summary }: Trial['judged'], { gate }: Setting['request']): boolean {
  const { workload, endpoint } = gate
  return (
    summary.probesDropped === undefined && hasTokens(endpoint.api) && !isOfConversations(workload)
  )
}

/** Where looks that were planned will not be taken, what was kept back for them judges as well. */
function stopped(trial: Trial, step: Extract<Step, { kind: 'stop' }>): Next {
  const ended = step.why === 'no-budget' ? withoutBudget(trial) : trial
  const { run, paired } = trial.judged
  if (step.looks === undefined || paired !== undefined) return { kind: 'over', trial: ended }
  return { kind: 'on', open: { ...ended, measured: { run, looks: step.looks }, isLast: true } }
}

function withoutBudget(trial: Trial): Trial {
  return trial.effort.reference === 'not-needed' ? withReference(trial, 'no-budget') : trial
}

function withReference(trial: Trial, reference: Effort['reference']): Trial {
  return { ...trial, effort: { ...trial.effort, reference } }
}

async function takeStep(trial: Trial, step: Going, { rounds, ports, request }: Setting) {
  const { run } = trial.judged
  ports.announce(`${request.gate.name}: ${inWords(step)}`)
  const isFirst = step.kind === 'pairs' && trial.judged.paired === undefined
  // The second arm may have slept as well.
  const ready = isFirst && request.reference ? readinessOf(request.reference) : undefined
  const size: RoundSize = {
    arms: step.kind === 'pairs' ? 'pairs' : 'candidate',
    requests: step.request === 'answer' ? step.add : 0,
    probes: step.request === 'probe' ? step.add : 0,
    warmup: request.gate.workload.warmup,
    openings: ready && [{ ...ready, arm: 'reference' }],
  }
  const round = await rounds.measure(size, run)
  if (round.kind === 'refused') return { kind: 'over', trial: withoutBudget(trial) } as const
  // A round that cannot be trusted changes nothing: what was known before it still holds.
  if (round.run.invalidities.length > 0) return over(trial, step, 'void')
  if (step.kind === 'requests') return on(withRequests(trial, step, round.run))
  const { reference } = round
  const isUp = reference?.records.some(({ outcome }) => outcome === 'completed') === true
  if (reference === undefined || !isUp) return over(trial, step, 'failed')
  return on(withPairs(trial, step, { candidate: round.run, reference }))
}

function on(open: OpenTrial): Next {
  return { kind: 'on', open }
}

function inWords({ kind, add, request, ...step }: Going): string {
  const what = request === 'probe' ? 'first-token probes' : 'requests'
  return kind === 'pairs' && 'metrics' in step
    ? `${add} pairs of ${what} against the reference arm, ${step.metrics.join(', ')} open`
    : `${add} more ${what}`
}

function over(trial: Trial, { kind }: Going, reference: 'failed' | 'void'): Over {
  const isFirst = kind === 'pairs' && trial.judged.paired === undefined
  return { kind: 'over', trial: isFirst ? withReference(trial, reference) : trial }
}

function withPairs(
  { judged, effort }: Trial,
  step: Extract<Step, { kind: 'pairs' }>,
  more: Pick<PairedRuns, 'candidate' | 'reference'>,
): OpenTrial {
  const before = judged.paired
  const paired: PairedRuns = {
    candidate: joined(before?.candidate, more.candidate),
    reference: joined(before?.reference, more.reference),
    metrics: step.metrics,
  }
  return {
    measured: { run: warnedOf(judged.run, more.candidate), looks: step.looks, paired },
    pairs: step.pairs,
    effort: {
      ...effort,
      pairs: step.pairs.taken,
      looks: step.looks.pairs.taken,
      reference: 'measured',
    },
  }
}

/** What is found of the second arm is said where the gate's own run is told of. */
function warnedOf(run: Run, pairs: Run): Run {
  const found = pairs.warnings.filter((one) => one.kind === 'unsettled' && one.arm === 'reference')
  return found.length === 0 ? run : { ...run, warnings: [...run.warnings, ...found] }
}

function joined(before: Run | undefined, more: Run): Run {
  return before === undefined ? more : appendRounds([before, more])
}

function withRequests(
  { judged, pairs, effort }: Trial,
  step: Extract<Step, { kind: 'requests' }>,
  more: Run,
): OpenTrial {
  const addedRequests = effort.addedRequests + more.records.length
  const run = appendRounds([judged.run, more])
  return { measured: { run, looks: step.looks }, pairs, effort: { ...effort, addedRequests } }
}
