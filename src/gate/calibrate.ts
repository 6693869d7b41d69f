// Measuring an endpoint against itself: the gate's own run a few times over, and beside each one a
// round of pairs where there is a second arm. What comes of it says what the gate can see.

import { calibrate, summarize } from '../judge/judge.ts'
import {
  accountOf,
  added,
  estimateOfPlan,
  NOTHING_USED,
  pastOf,
  type Rounds,
  roundsOf,
} from '../measure/measure.ts'
import type { Calibration } from '../model/calibration.ts'
import { hasTokens } from '../model/config.ts'
import type { Allowance } from '../model/plan.ts'
import type { GateRequest, Ports } from '../model/ports.ts'
import type { Invalidity, Run } from '../model/run.ts'
import { measureSoundly } from './first-round.ts'
import { historyOfGate } from './history.ts'

export type CalibrationPlan = {
  readonly times: number
  readonly everyMs: number
  /** Each run as soon as it is measured. */
  readonly onRun: (run: Run) => Promise<void>
}

export type Calibrated = {
  readonly used: Allowance
  /** Runs measured now, oldest first. */
  readonly runs: readonly Run[]
  /** Absent where fewer than two runs are known: nothing can be said of how far they lie apart. */
  readonly calibration?: Calibration
  /** Why it ended before all runs were measured. */
  readonly ended?: Invalidity
}

/** First-token pairs of each round: enough to know a median's ratio to a percent or two. */
const PAIRS = 100
/** How far runs lie apart shows from two on. */
export const FEWEST_APART = 2

type Collected = {
  readonly runs: readonly Run[]
  readonly pairs: readonly RunPair[]
  readonly used: Allowance
  readonly ended?: Invalidity
}

type RunPair = { readonly candidate: Run; readonly reference: Run }

export async function calibrateGate(
  request: GateRequest,
  ports: Ports,
  plan: CalibrationPlan,
): Promise<Calibrated> {
  const history = await historyOfGate(request, ports)
  const { runs, pairs, used, ended } = await collect(request, ports, plan)
  const { gate } = request
  const known = [...history.runs, ...runs].map((run) => summarize(run, gate.limits))
  const past = pastOf([...history.runs, ...runs].at(-1)?.records ?? [])
  const calibration =
    known.length < FEWEST_APART || runs.length === 0
      ? undefined
      : calibrate({
          gate,
          summaries: known,
          recorded: history.runs.length,
          rounds: pairs,
          takes: (size) => {
            const { requests, probes } = size
            const workload = { ...gate.workload, requests, probes }
            const { costUsd: usd, durationMs: ms } = estimateOfPlan({ ...gate, workload }, past)
            return { usd, ms }
          },
        })
  return { used, runs, calibration, ended }
}

/** Each run is planned as a recorded one is, in the same order; one budget holds for all. */
async function collect(
  request: GateRequest,
  ports: Ports,
  { times, everyMs, onRun }: CalibrationPlan,
): Promise<Collected> {
  const account = accountOf(request.allowance)
  let all: Collected = { runs: [], pairs: [], used: NOTHING_USED }
  for (let turn = 0; turn < times; turn++) {
    const rounds = roundsOf(request, ports, account)
    const planned = await measureSoundly(request, { rounds, ports })
    const run = planned.kind === 'measured' ? planned.run : undefined
    const ended = planned.kind === 'refused' ? planned.because : run?.invalidities[0]
    const before = all.used
    const used = () => added(before, rounds.taken().used)
    if (run === undefined || ended !== undefined) return { ...all, used: used(), ended }
    await onRun(run)
    const pair = await pairOf(run, { request, rounds, ports })
    all = {
      runs: [...all.runs, run],
      pairs: [...all.pairs, ...pair],
      used: used(),
    }
    const waitMs = everyMs - rounds.taken().used.durationMs
    if (turn + 1 < times && waitMs > 0) await ports.wait(waitMs)
  }
  return all
}

/** Where the budget does not reach for pairs, the runs by themselves are still worth having. */
async function pairOf(
  run: Run,
  by: { readonly request: GateRequest; readonly rounds: Rounds; readonly ports: Ports },
): Promise<readonly RunPair[]> {
  const { request, rounds, ports } = by
  if (request.reference === undefined) return []
  const { name, workload, endpoint } = request.gate
  const [what, asked] = hasTokens(endpoint.api)
    ? ['first-token probes', { requests: 0, probes: PAIRS }]
    : ['requests', { requests: PAIRS, probes: 0 }]
  ports.announce(`${name}: ${PAIRS} pairs of ${what} against the reference arm`)
  const size = { arms: 'pairs', ...asked, warmup: workload.warmup } as const
  const round = await rounds.measure(size, run)
  if (round.kind === 'refused' || round.reference === undefined) return []
  return round.run.invalidities.length > 0
    ? []
    : [{ candidate: round.run, reference: round.reference }]
}
