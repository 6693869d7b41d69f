// One bad minute is nobody's regression: a measurement that the client's own check voids, or that met an
// endpoint which refused everything at first, is made once more after the pause of `confirm`, before it
// blocks anybody. The budget binds both together.

import {
  added,
  isAffordable,
  measureRound,
  plannedSize,
  type Round,
  remaining,
} from '../measure/measure.ts'
import { sumOfCosts } from '../model/cost.ts'
import type { History } from '../model/history.ts'
import type { GateRequest, Ports } from '../model/ports.ts'
import type { RequestRecord } from '../model/request-record.ts'
import type { Invalidity, Run, RunWarning } from '../model/run.ts'

export async function measureSoundly(
  request: GateRequest,
  ports: Ports,
  history?: History,
): Promise<Round> {
  const size = plannedSize(request, ports, history)
  const first = await measureRound(request, ports, size)
  if (first.kind === 'refused') return first
  const because = passingTrouble(first.run, request)
  const pauseMs = request.confirmAfterMs
  if (because === undefined || pauseMs === undefined) return first
  const again = { ...request, allowance: remaining(request.allowance, first.used) }
  const next = { ...size, round: 1 }
  if (!isAffordable(again, next)) return withWarning(first, { because, outcome: 'no-budget' })
  ports.announce(
    `${request.gate.name}: ${WORDS[because]}; measuring once more in ${pauseMs / 1000} s, before it blocks`,
  )
  await ports.wait(pauseMs)
  const second = await measureRound(again, ports, next)
  if (second.kind === 'refused') return withWarning(first, { because, outcome: 'no-budget' })
  const { run } = second
  const spent = sumOfCosts([first.run.spent, run.spent])
  const used = added(first.used, second.used)
  const outcome = run.invalidities.length === 0 ? 'sound' : 'void'
  return withWarning({ ...second, run: { ...run, spent }, used }, { because, outcome })
}

type Twice = Extract<RunWarning, { kind: 'measured-again' }>
type Because = Twice['because']
type MeasuredRound = Extract<Round, { kind: 'measured' }>

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
