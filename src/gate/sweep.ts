// The highest rate at which an endpoint meets its ceilings and keeps up: the rate is doubled until it
// does not, then the bracket is halved on the log scale. Nothing is compared with a baseline.

import { backlogOf, isQueueing, judgeBy } from '../judge/judge.ts'
import { added, isOwnDelay, NOTHING_USED, remaining } from '../measure/measure.ts'
import type { MetricComparison } from '../model/comparison.ts'
import type { Gate, Load } from '../model/config.ts'
import type { History } from '../model/history.ts'
import { COMMON_IN_FLIGHT } from '../model/in-flight.ts'
import { oneWave } from '../model/one-wave.ts'
import type { GateRequest, Ports, Shard } from '../model/ports.ts'
import type { Invalidity, Run } from '../model/run.ts'
import type { Sweep, SweepLevel, SweepStanding } from '../model/sweep.ts'
import { measureShard } from './run-gate.ts'

export type SweepRange = {
  readonly fromPerSecond: number
  readonly toPerSecond: number
  /** At each rate. */
  readonly requests: number
}

export type SweepAsked = SweepRange & {
  /** Is told of each rate as soon as it is measured. */
  readonly onLevel: (level: SweepLevel) => Promise<void>
}

/** Between a rate that holds and one that does not, at the end. */
export const PRECISION = 1.15
const MOST_LEVELS = 14
const POISSON = { process: 'poisson' } as const
/** How far below the first rate is looked. */
const MOST_BELOW = 8

export async function sweep(
  request: GateRequest,
  { onLevel, ...range }: SweepAsked,
  ports: Ports,
): Promise<Sweep> {
  const levels: SweepLevel[] = []
  let used = NOTHING_USED
  let next: number | undefined = range.fromPerSecond
  while (next !== undefined && levels.length < MOST_LEVELS) {
    const gate = gateAt(request.gate, next, range.requests)
    // A pause before another try would be waited for at every rate that is too high.
    const asked = { ...request, gate, confirmAfterMs: undefined }
    const allowance = remaining(request.allowance, used)
    const shard = await measureShard({ ...asked, allowance }, ports)
    used = added(used, shard.used)
    const level = levelOf(next, shard, request.gate)
    levels.push(level)
    await onLevel(level)
    if (level.standing.kind === 'void' && !isWorthAnotherTry(levels)) break
    next = level.standing.kind === 'void' ? next : nextRate(levels, range)
  }
  const { holds, breaks } = bracketOf(levels)
  return { gate: request.gate.name, limits: request.gate.limits, levels, holds, breaks }
}

/** Rates are whole to three digits, so that they read as they are sent. */
function nextRate(levels: readonly SweepLevel[], range: SweepRange): number | undefined {
  const { holds, breaks } = bracketOf(levels)
  if (breaks === undefined) {
    if (holds === undefined || holds >= range.toPerSecond) return undefined
    return Math.min(range.toPerSecond, 2 * holds)
  }
  if (holds === undefined) return below(breaks, range)
  return breaks / holds <= PRECISION ? undefined : Number(Math.sqrt(holds * breaks).toPrecision(3))
}

/** Where the first rate does not hold: halved, and given up where a level would take for ever. */
function below(breaks: number, { fromPerSecond }: SweepRange): number | undefined {
  const half = Number((breaks / 2).toPrecision(3))
  return half < fromPerSecond / MOST_BELOW ? undefined : half
}

/** A busy moment of the client's machine spoils one level, not the sweep; two in a row do. */
function isWorthAnotherTry(levels: readonly SweepLevel[]): boolean {
  const [before, last] = levels.slice(-2).map(({ standing }) => standing)
  const isClient = (standing?: SweepStanding) =>
    standing?.kind === 'void' && standing.invalidities.every(isOwnDelay)
  return levels.length === 1 ? isClient(before) : isClient(last) && before?.kind !== 'void'
}

function bracketOf(levels: readonly SweepLevel[]): Pick<Sweep, 'holds' | 'breaks'> {
  const ratesOf = (wanted: (standing: SweepStanding) => boolean) =>
    levels.filter(({ standing }) => wanted(standing)).map(({ ratePerSecond }) => ratePerSecond)
  const breaking = ratesOf(({ kind }) => kind === 'over' || kind === 'queues')
  const breaks = breaking.length === 0 ? undefined : Math.min(...breaking)
  const holding = ratesOf(({ kind }) => kind === 'holds').filter(
    (rate) => breaks === undefined || rate < breaks,
  )
  return { holds: holding.length === 0 ? undefined : Math.max(...holding), breaks }
}

/** The gate's own workload at another rate; its process is kept, its stages are not. */
function gateAt(gate: Gate, ratePerSecond: number, requests: number): Gate {
  const { load } = gate.workload
  const { maxInFlight } = load.kind === 'open' ? load : { maxInFlight: COMMON_IN_FLIGHT }
  const drawn = load.kind === 'open' && load.process !== 'trace' ? load : POISSON
  const at: Load = { ...drawn, kind: 'open', maxInFlight, ratePerSecond, stages: undefined }
  const { warmup, warmsUntilSettled } = gate.workload
  return {
    ...gate,
    workload: {
      ...gate.workload,
      requests,
      probes: 0,
      warmup: warmsUntilSettled ? oneWave(at) : warmup,
      load: at,
    },
  }
}

function levelOf(
  ratePerSecond: number,
  { runs: [run], invalidities }: Pick<Shard, 'runs' | 'invalidities'>,
  gate: Gate,
): SweepLevel {
  const judged = run === undefined ? undefined : judgeBy(NO_HISTORY, { gate })({ run })
  const metrics = judged?.comparison.metrics ?? []
  const figures = { ratePerSecond, run, summary: judged?.summary }
  return { ...figures, standing: standingOf(run, metrics, invalidities) }
}

const NO_HISTORY: History = { runs: [], anchor: [], notes: [], place: 'nowhere' }

function standingOf(
  run: Run | undefined,
  metrics: readonly MetricComparison[],
  invalidities: readonly Invalidity[],
): SweepStanding {
  const isVoid = invalidities.some(({ kind }) => !OF_FALLING_BEHIND.has(kind))
  if (run === undefined || isVoid) return { kind: 'void', invalidities }
  const backlog = backlogOf(run.records)
  const isFlooded = invalidities.some(({ kind }) => kind === 'too-many-in-flight')
  if (isFlooded || isQueueing(backlog)) return { kind: 'queues', backlog: backlog.atEnd }
  const over = metrics.filter(isOver).map(({ id }) => id)
  if (over.length > 0) return { kind: 'over', metrics: over }
  return invalidities.length > 0 ? { kind: 'void', invalidities } : { kind: 'holds' }
}

/** What an endpoint that falls behind brings about by itself: more in flight than anybody could warm up
 * for. Opening a connection is in no first token. */
const OF_FALLING_BEHIND: ReadonlySet<Invalidity['kind']> = new Set([
  'too-many-in-flight',
  'fresh-connections',
])

/** By the value that was seen: a rate next door tells more than more requests at this one. */
function isOver({ candidate, limit, better }: MetricComparison): boolean {
  const ceiling = limit?.ceiling
  if (ceiling === undefined || candidate === undefined) return false
  return better === 'lower' ? candidate > ceiling : candidate < ceiling
}
