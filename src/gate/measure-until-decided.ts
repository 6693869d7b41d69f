// Goes on while a verdict is open and something can still settle it within the budget: pairs against
// the reference arm, or more requests. Every look was planned before the first was taken.

import { judge, nextStep, type PairedRuns, type Step, type Yardstick } from '../judge/judge.ts'
import {
  added,
  allowanceFor,
  appendRounds,
  estimateByUnits,
  measureRound,
  remaining,
  unitCostsOf,
} from '../measure/measure.ts'
import type { GateRequest, Ports } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import type { Trial } from './conclude.ts'

export type Setting = {
  readonly request: GateRequest
  readonly ports: Ports
  readonly by: Yardstick
}
type Going = Exclude<Step, { kind: 'stop' }>
type Next = { readonly kind: 'on' | 'over'; readonly trial: Trial }

/** Looks are few by plan; this only keeps a mistake from measuring for ever. */
const MOST_ROUNDS = 12

/** A void run is not measured on: nothing that is added to it can be trusted. */
export async function measureUntilDecided(begun: Trial, setting: Setting): Promise<Trial> {
  let trial = begun
  if (trial.judged.run.invalidities.length > 0) return trial
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const step = stepFrom(trial, setting)
    if (step.kind === 'stop') return stopped(trial, step, setting.by)
    const next = await takeStep(trial, step, setting)
    if (next.kind === 'over') return next.trial
    trial = next.trial
  }
  return trial
}

function stepFrom({ judged, pairs, used }: Trial, { request, by }: Setting): Step {
  const { gate } = request
  if (judged.looks === undefined) return { kind: 'stop', why: 'looks-spent' }
  return nextStep({
    comparison: judged.comparison,
    decision: judged.decision,
    reference: request.reference === undefined ? 'none' : 'available',
    differs: by.differs,
    looks: judged.looks,
    pairs,
    allowance: allowanceFor(gate.prices, remaining(request.allowance, used)),
    seen: unitCostsOf(judged.run, gate.prices, gate.workload.load),
    warmup: gate.workload.warmup,
    probes: judged.summary.probesDropped === undefined ? 'usable' : 'unusable',
  })
}

/** Where looks that were planned will not be taken, what was kept back for them judges as well. */
function stopped(trial: Trial, step: Extract<Step, { kind: 'stop' }>, by: Yardstick): Trial {
  const ended = step.why === 'no-budget' ? withoutBudget(trial) : trial
  if (step.looks === undefined || trial.paired !== undefined) return ended
  return { ...ended, judged: judge(trial.judged.run, by, step.looks) }
}

function withoutBudget(trial: Trial): Trial {
  return trial.effort.reference === 'not-needed' ? withReference(trial, 'no-budget') : trial
}

function withReference(trial: Trial, reference: Trial['effort']['reference']): Trial {
  return { ...trial, effort: { ...trial.effort, reference } }
}

async function takeStep(trial: Trial, step: Going, setting: Setting): Promise<Next> {
  const { request, ports, by } = setting
  const { prices, workload } = request.gate
  const seen = unitCostsOf(trial.judged.run, prices, workload.load)
  ports.announce(`${request.gate.name}: ${inWords(step)}`)
  const allowance = remaining(request.allowance, trial.used)
  const round = await measureRound({ ...request, allowance }, ports, {
    arms: step.kind === 'pairs' ? 'pairs' : 'candidate',
    requests: step.request === 'answer' ? step.add : 0,
    probes: step.request === 'probe' ? step.add : 0,
    warmup: workload.warmup,
    round: trial.rounds,
    expect: (plan) => estimateByUnits(plan, seen),
  })
  if (round.kind === 'refused') return { kind: 'over', trial: withoutBudget(trial) }
  const paid: Trial = {
    ...trial,
    spent: [...trial.spent, round.run.spent],
    used: added(trial.used, round.used),
    rounds: trial.rounds + 1,
  }
  // A round that cannot be trusted changes nothing: what was known before it still holds.
  if (round.run.invalidities.length > 0) return over(paid, step, 'void')
  if (step.kind === 'requests')
    return { kind: 'on', trial: withRequests(paid, step, round.run, by) }
  const { reference } = round
  const isUp = reference?.records.some(({ outcome }) => outcome === 'completed') === true
  if (reference === undefined || !isUp) return over(paid, step, 'failed')
  return { kind: 'on', trial: withPairs(paid, step, { candidate: round.run, reference }, by) }
}

function inWords({ kind, add, request, ...step }: Going): string {
  const what = request === 'probe' ? 'first-token probes' : 'requests'
  return kind === 'pairs' && 'metrics' in step
    ? `${add} pairs of ${what} against the reference arm, ${step.metrics.join(', ')} open`
    : `${add} more ${what}`
}

function over(trial: Trial, { kind }: Going, reference: 'failed' | 'void'): Next {
  const isFirst = kind === 'pairs' && trial.paired === undefined
  return { kind: 'over', trial: isFirst ? withReference(trial, reference) : trial }
}

function withPairs(
  trial: Trial,
  step: Extract<Step, { kind: 'pairs' }>,
  measured: Pick<PairedRuns, 'candidate' | 'reference'>,
  by: Yardstick,
): Trial {
  const before = trial.paired
  const paired: PairedRuns = {
    candidate: joined(before?.candidate, measured.candidate),
    reference: joined(before?.reference, measured.reference),
    metrics: step.metrics,
  }
  return {
    ...trial,
    paired,
    pairs: step.pairs,
    judged: judge(trial.judged.run, by, step.looks, paired),
    effort: {
      ...trial.effort,
      pairs: step.pairs.taken,
      looks: step.looks.pairs.taken,
      reference: 'measured',
      differs: by.differs,
    },
  }
}

function joined(before: Run | undefined, more: Run): Run {
  return before === undefined ? more : appendRounds([before, more])
}

function withRequests(
  trial: Trial,
  step: Extract<Step, { kind: 'requests' }>,
  more: Run,
  by: Yardstick,
): Trial {
  const { judged, effort } = trial
  const addedRequests = effort.addedRequests + more.records.length
  return {
    ...trial,
    judged: judge(appendRounds([judged.run, more]), by, step.looks),
    effort: { ...effort, addedRequests },
  }
}
