// Goes on while a verdict is open and something can still settle it within the budget: pairs against
// the reference arm, or more requests. Every look was planned before the first was taken.

import {
  type Judged,
  judge,
  nextStep,
  type PairCount,
  type PairedRuns,
  type Step,
  type Yardstick,
} from '../judge/judge.ts'
import {
  added,
  appendRounds,
  measureRound,
  pastOf,
  remaining,
  unitCostsOf,
} from '../measure/measure.ts'
import type { Allowance } from '../model/plan.ts'
import type { GateRequest, Ports } from '../model/ports.ts'
import type { Cost, Run } from '../model/run.ts'
import type { Effort } from '../model/verdict.ts'

export type Progressing = {
  readonly judged: Judged
  readonly paired?: PairedRuns
  readonly pairs: PairCount
  readonly effort: Effort
  readonly spent: readonly Cost[]
  readonly used: Allowance
  /** Rounds measured so far, and requests in them: the next one counts on from here. */
  readonly rounds: number
  readonly requests: number
}

/** Looks are few by plan; this only keeps a mistake from measuring for ever. */
const MOST_ROUNDS = 12

export async function settle(
  begun: Progressing,
  world: { readonly request: GateRequest; readonly ports: Ports; readonly by: Yardstick },
): Promise<Progressing> {
  let state = begun
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const step = stepFrom(state, world.request)
    if (step.kind === 'stop') return concluded(stopped(state, step.why), step, world.by)
    const next = await takeStep(state, step, world)
    if (next.kind === 'over') return next.state
    state = next.state
  }
  return state
}

function stepFrom(state: Progressing, request: GateRequest): Step {
  const { judged, pairs, used } = state
  const { gate } = request
  if (judged.looks === undefined) return { kind: 'stop', why: 'looks-spent' }
  return nextStep({
    comparison: judged.comparison,
    decision: judged.decision,
    reference: request.reference === undefined ? 'none' : 'available',
    looks: judged.looks,
    pairs,
    allowance: remaining(request.allowance, used),
    seen: unitCostsOf(judged.run, gate.prices, gate.workload.load),
    probes: judged.summary.probesDropped === undefined ? 'usable' : 'unusable',
  })
}

/** Where looks that were planned will not be taken, what was kept back for them judges as well. */
function concluded(
  state: Progressing,
  { looks }: Extract<Step, { kind: 'stop' }>,
  by: Yardstick,
): Progressing {
  if (looks === undefined || state.paired !== undefined) return state
  return { ...state, judged: judge(state.judged.run, by, { looks }) }
}

function stopped(state: Progressing, why: string): Progressing {
  const unmeasured = state.effort.reference === 'not-needed' && why === 'no-budget'
  return unmeasured ? { ...state, effort: { ...state.effort, reference: 'no-budget' } } : state
}

type World = { readonly request: GateRequest; readonly ports: Ports; readonly by: Yardstick }
type Next = { readonly kind: 'on' | 'over'; readonly state: Progressing }

async function takeStep(
  state: Progressing,
  step: Exclude<Step, { kind: 'stop' }>,
  world: World,
): Promise<Next> {
  const { request, ports } = world
  const what = step.request === 'probe' ? 'first-token probes' : 'requests'
  ports.announce(
    step.kind === 'pairs'
      ? `${request.gate.name}: ${step.add} pairs of ${what} against the reference arm, ${step.metrics.join(', ')} open`
      : `${request.gate.name}: ${step.add} more ${what}`,
  )
  const round = await measureRound(request, ports, {
    arms: step.kind === 'pairs' ? 'pairs' : 'candidate',
    requests: step.request === 'answer' ? step.add : 0,
    probes: step.request === 'probe' ? step.add : 0,
    warmup: request.gate.workload.warmup,
    round: state.rounds,
    firstIndex: state.requests,
    allowance: remaining(request.allowance, state.used),
    past: pastOf(state.judged.run.records),
  })
  if (round.kind === 'refused') return { kind: 'over', state: stopped(state, 'no-budget') }
  const paid: Progressing = {
    ...state,
    spent: [...state.spent, round.spent],
    used: added(state.used, round.used),
    rounds: state.rounds + 1,
    requests: state.requests + round.used.requests,
  }
  // A round that cannot be trusted changes nothing: what was known before it still holds.
  if (round.invalidities.length > 0) return { kind: 'over', state: unanswered(paid, step, 'void') }
  return step.kind === 'pairs'
    ? withPairs(paid, { step, candidate: round.candidate, reference: round.reference }, world.by)
    : { kind: 'on', state: withRequests(paid, { step, more: round.candidate }, world.by) }
}

function unanswered(state: Progressing, step: Step, reference: 'failed' | 'void'): Progressing {
  if (step.kind !== 'pairs' || state.paired !== undefined) return state
  return { ...state, effort: { ...state.effort, reference } }
}

function withPairs(
  state: Progressing,
  measured: {
    readonly step: Extract<Step, { kind: 'pairs' }>
    readonly candidate: Run
    readonly reference: Run | undefined
  },
  by: Yardstick,
): Next {
  const { step, candidate, reference } = measured
  const isUp = reference?.records.some(({ outcome }) => outcome === 'completed') === true
  if (reference === undefined || !isUp)
    return { kind: 'over', state: unanswered(state, step, 'failed') }
  const before = state.paired
  const paired: PairedRuns = {
    candidate: before === undefined ? candidate : appendRounds([before.candidate, candidate]),
    reference: before === undefined ? reference : appendRounds([before.reference, reference]),
    metrics: step.metrics,
  }
  return {
    kind: 'on',
    state: {
      ...state,
      paired,
      pairs: step.pairs,
      judged: judge(state.judged.run, by, { looks: step.looks, paired }),
      effort: {
        ...state.effort,
        pairs: step.pairs.taken,
        looks: step.looks.pairs.taken,
        reference: 'measured',
      },
    },
  }
}

function withRequests(
  state: Progressing,
  measured: { readonly step: Extract<Step, { kind: 'requests' }>; readonly more: Run },
  by: Yardstick,
): Progressing {
  const { step, more } = measured
  const run = appendRounds([state.judged.run, more])
  return {
    ...state,
    judged: judge(run, by, { looks: step.looks }),
    effort: { ...state.effort, addedRequests: state.effort.addedRequests + more.records.length },
  }
}
