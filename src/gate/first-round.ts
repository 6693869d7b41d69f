// The first round of a gate: as it was measured in turns with others, or the requests that its workload
// names. Where the base branch asks something else they are sent in pairs from the start: no recorded run
// can stand for that, so both questions are asked at once. And one bad minute is nobody's regression: a
// measurement that the client's own check voids, or that met an endpoint which refused everything at
// first, is made once more after the pause of `confirm`, before it blocks anybody. The budget binds both.

import {
  type MeasuredRound,
  type Round,
  type RoundSize,
  type Rounds,
  sizeOf,
} from '../measure/measure.ts'
import type { History } from '../model/history.ts'
import { type OpeningPlan, openingOf, readinessOf } from '../model/opening.ts'
import type { GateRequest, Ports } from '../model/ports.ts'
import type { RequestRecord } from '../model/request-record.ts'
import type { Invalidity, Run, RunWarning } from '../model/run.ts'

export type FirstBy = {
  readonly history: History
  readonly rounds: Rounds
  readonly ports: Pick<Ports, 'announce' | 'wait'>
}

export async function firstRound(request: GateRequest, by: FirstBy): Promise<Round> {
  const { rounds, ports, history } = by
  const inTurns = roundOf(request.measured)
  if (inTurns !== undefined) return inTurns
  const size = firstSize(request, by)
  return await measureSoundly(request, { rounds, ports, size }, history)
}

/** What it used has been counted then. */
function roundOf(measured: GateRequest['measured']): Round | undefined {
  if (measured === undefined) return undefined
  const { runs, invalidities } = measured
  const [run] = runs
  const [because] = invalidities
  if (run !== undefined) return { kind: 'measured', run: { ...run, invalidities } }
  return because && { kind: 'refused', because }
}

/** Where the budget does not reach for pairs of all requests, fewer may follow the planned ones. */
function firstSize(request: GateRequest, { rounds, history }: FirstBy): RoundSize {
  const { gate, referenceWorkload, earlier } = request
  const planned = sizeOf(gate)
  if (referenceWorkload === undefined || earlier !== undefined) return planned
  const pairs = { ...planned, arms: 'pairs' } as const
  return rounds.reaches(pairs, history) ? pairs : planned
}

export type SoundlyBy = {
  readonly rounds: Rounds
  readonly ports: Pick<Ports, 'announce' | 'wait'>
  /** Absent = the requests that the workload of the gate names. */
  readonly size?: RoundSize
}

/** Reckoned by what the newest stored run took. */
export async function measureSoundly(
  request: GateRequest,
  { rounds, ports, size: planned = sizeOf(request.gate) }: SoundlyBy,
  history?: History,
): Promise<Round> {
  const { gate, confirmAfterMs: pauseMs } = request
  ports.announce(`${gate.name}: ${inWords(request, planned, history)}`)
  const first = await rounds.measure(opening(request, planned, openingOf(gate)), history)
  if (first.kind === 'refused') return first
  const because = passingTrouble(first.run, request)
  if (because === undefined || pauseMs === undefined) return first
  const unpaid = withWarning(first, { because, outcome: 'no-budget' })
  // What was a cold start then is none now.
  const again = opening(request, planned, readinessOf(gate.endpoint))
  if (!rounds.reaches(again, history)) return unpaid
  ports.announce(
    `${gate.name}: ${WORDS[because]}; measuring once more in ${pauseMs / 1000} s, before it blocks`,
  )
  await ports.wait(pauseMs)
  const second = await rounds.measure(again, history)
  if (second.kind === 'refused') return unpaid
  const run = { ...second.run, spent: rounds.taken().spent }
  const outcome = run.invalidities.length === 0 ? 'sound' : 'void'
  const { coldStartMs } = first.run.conditions
  const conditions = { ...run.conditions, ...(coldStartMs === undefined ? {} : { coldStartMs }) }
  return withWarning({ ...second, run: { ...run, conditions } }, { because, outcome })
}

/** The second arm of pairs may have slept as well. */
function opening(
  { reference }: GateRequest,
  size: RoundSize,
  plan: OpeningPlan | undefined,
): RoundSize {
  const other = size.arms === 'pairs' && reference ? readinessOf(reference) : undefined
  return {
    ...size,
    openings: [
      ...(plan === undefined ? [] : [{ ...plan, arm: 'candidate' as const }]),
      ...(other === undefined ? [] : [{ ...other, arm: 'reference' as const }]),
    ],
  }
}

function inWords(
  { gate: { endpoint } }: GateRequest,
  { arms, requests, probes }: RoundSize,
  history?: History,
): string {
  const pairs = arms === 'pairs' ? 'pairs of ' : ''
  const sent = `${requests} ${pairs}requests${probes > 0 ? ` and ${probes} probes` : ''}`
  const runs = history?.runs.length
  const known =
    runs === undefined ? '' : `, ${runs === 1 ? '1 run' : `${runs} runs`} in the baseline`
  return `${sent} to ${endpoint.model}${known}`
}

type Twice = Extract<RunWarning, { kind: 'measured-again' }>
type Because = Twice['because']

function withWarning(round: MeasuredRound, found: Omit<Twice, 'kind'>): MeasuredRound {
  const warning = { kind: 'measured-again' as const, ...found }
  return { ...round, run: { ...round.run, warnings: [...round.run.warnings, warning] } }
}

const WORDS: Readonly<Record<Because, string>> = {
  client: 'the client was not fast or steady enough to be trusted',
  refused: 'the endpoint refused the first requests',
}

/** Undefined where another try would end the same: a wrong key, a budget, whoever stopped it. */
function passingTrouble(run: Run, request: GateRequest): Because | undefined {
  if (run.invalidities.some(isLasting)) return undefined
  if (run.invalidities.some(({ kind }) => kind !== 'nothing-completed')) return 'client'
  const { load } = request.gate.workload
  const wave = load.kind === 'closed' ? load.concurrency : request.gate.workload.warmup
  const first = run.records.slice(0, Math.max(1, wave))
  const isDown = run.invalidities.length > 0
  return isDown || (first.length > 0 && first.every(isAway)) ? 'refused' : undefined
}

function isLasting(invalidity: Invalidity): boolean {
  switch (invalidity.kind) {
    case 'budget':
    case 'aborted':
      return true
    case 'nothing-completed':
      return !isAway(invalidity)
    default:
      return false
  }
}

/** What a server that is starting, or a balancer before one, says. */
const AWAY_STATUS: readonly (number | undefined)[] = [502, 503]

function isAway({ outcome, status }: Pick<RequestRecord, 'status'> & { outcome: string }): boolean {
  return outcome === 'connect' || (outcome === 'http-5xx' && AWAY_STATUS.includes(status))
}
