// Several endpoints measured in alternation, for choosing one: each is asked a part of its requests in
// every turn, so that an hour in which all are slow is nobody's alone. Nothing is judged.

import {
  added,
  appendRounds,
  estimate,
  estimateByUnits,
  isOwnDelay,
  measureRound,
  NOTHING_USED,
  type Round,
  type RoundSize,
  remaining,
  unitCostsOf,
} from '../measure/measure.ts'
import type { Gate, Load } from '../model/config.ts'
import type { Allowance, Estimate, Plan } from '../model/plan.ts'
import type { GateRequest, Ports, Shard } from '../model/ports.ts'
import type { Run } from '../model/run.ts'

const MOST_TURNS = 6

/** In a turn every place in flight is used this often, or a turn would be all beginning and end. */
const WAVES_A_TURN = 3

/** What has come of one endpoint so far. */
type Course = { readonly request: GateRequest; readonly shard: Shard }

/**
 * One shard a request, in their order, of one run each. The budget is that of the first request and
 * holds for all together. An endpoint whose turn is void or refused gets no further turn.
 */
export async function measureInTurns(
  requests: readonly GateRequest[],
  ports: Ports,
): Promise<readonly Shard[]> {
  const turns = Math.min(...requests.map(turnsOf))
  let courses = requests.map((request): Course => ({ request, shard: untouched(request) }))
  for (let turn = 0; turn < turns; turn++) {
    const order = rotated(courses.keys(), turn)
    for (const position of order) {
      const course = courses[position]
      if (course === undefined || course.shard.invalidities.length > 0) continue
      const allowance = leftOf(courses)
      const next = await takeTurn(course, { turn, turns, allowance, ports })
      courses = courses.with(position, next)
      if (next.shard.invalidities.some(({ kind }) => kind === 'aborted')) return shardsOf(courses)
    }
  }
  return shardsOf(courses)
}

function shardsOf(courses: readonly Course[]): readonly Shard[] {
  return courses.map(({ shard }) => shard)
}

function untouched({ gate }: GateRequest): Shard {
  return { gate: gate.name, runs: [], used: NOTHING_USED, invalidities: [] }
}

function turnsOf({ gate: { workload } }: GateRequest): number {
  const fewest = WAVES_A_TURN * placesOf(workload.load)
  return Math.min(MOST_TURNS, Math.max(1, Math.floor(workload.requests / fewest)))
}

/** An open loop has no places: what arrives in a second stands for them. */
function placesOf(load: Load): number {
  return load.kind === 'closed' ? load.concurrency : Math.max(1, Math.round(load.ratePerSecond))
}

/** A turn begins with another endpoint than the one before. */
function rotated(positions: Iterable<number>, by: number): readonly number[] {
  const all = [...positions]
  const start = by % Math.max(1, all.length)
  return [...all.slice(start), ...all.slice(0, start)]
}

/** What all of them together have left. */
function leftOf(courses: readonly Course[]): Allowance {
  const used = courses.map(({ shard }) => shard.used).reduce(added, NOTHING_USED)
  return remaining(courses[0]?.request.allowance ?? NOTHING_USED, used)
}

type Turn = {
  readonly turn: number
  readonly turns: number
  readonly allowance: Allowance
  readonly ports: Ports
}

async function takeTurn(course: Course, { turn, turns, allowance, ports }: Turn): Promise<Course> {
  const { request, shard } = course
  const { gate } = request
  const { requests, probes, warmup } = gate.workload
  const size = { requests: partOf(requests, turn, turns), probes: partOf(probes, turn, turns) }
  ports.announce(`${gate.name}: turn ${turn + 1} of ${turns}, ${size.requests} requests`)
  const round = await measuredTwiceAtMost({ ...request, allowance }, ports, {
    arms: 'candidate',
    ...size,
    warmup,
    round: turn,
    expect: (plan) => expected(plan, gate, shard.runs[0]),
  })
  const used = added(shard.used, round.used)
  if (round.kind === 'refused') {
    return { request, shard: { ...shard, used, invalidities: [round.because] } }
  }
  const run = joined(shard.runs[0], round.run)
  return {
    request,
    shard: { ...shard, runs: [run], used, invalidities: run.invalidities },
  }
}

/** A busy moment of this machine spoils a turn, not the endpoint's whole course. */
async function measuredTwiceAtMost(
  request: GateRequest,
  ports: Ports,
  size: RoundSize,
): Promise<Round> {
  const first = await measureRound(request, ports, size)
  if (first.kind === 'refused') return first
  const { invalidities } = first.run
  if (invalidities.length === 0 || !invalidities.every(isOwnDelay)) return first
  const allowance = remaining(request.allowance, first.used)
  const second = await measureRound({ ...request, allowance }, ports, size)
  return { ...second, used: added(first.used, second.used) }
}

/** By what its turns so far took, where there were any. */
function expected(plan: Plan, { prices, workload }: Gate, run: Run | undefined): Estimate {
  return run === undefined
    ? estimate(plan, prices)
    : estimateByUnits(plan, unitCostsOf(run, prices, workload.load))
}

function joined(before: Run | undefined, more: Run): Run {
  return before === undefined ? more : appendRounds([before, more])
}

/** Whole parts that differ by one at most and add up to the whole. */
function partOf(whole: number, turn: number, turns: number): number {
  return Math.floor(((turn + 1) * whole) / turns) - Math.floor((turn * whole) / turns)
}
