// Several endpoints measured in alternation, for choosing one: each is asked a part of its requests in
// every turn, so that an hour in which all are slow is nobody's alone. Nothing is judged.

import {
  accountOf,
  appendRounds,
  isOwnDelay,
  NOTHING_USED,
  type Round,
  type RoundSize,
  type Rounds,
  roundsOf,
} from '../measure/measure.ts'
import type { Load } from '../model/config.ts'
import { openingOf } from '../model/opening.ts'
import type { GateRequest, Ports, Shard } from '../model/ports.ts'
import type { Run } from '../model/run.ts'

const MOST_TURNS = 6

/** In a turn every place in flight is used this often, or a turn would be all beginning and end. */
const WAVES_A_TURN = 3

/** What has come of one endpoint so far. */
type Course = { readonly request: GateRequest; readonly rounds: Rounds; readonly shard: Shard }

/**
 * One shard a request, in their order, of one run each. The budget is that of the first request and
 * holds for all together. An endpoint whose turn is void or refused gets no further turn.
 */
export async function measureInTurns(
  requests: readonly GateRequest[],
  ports: Ports,
): Promise<readonly Shard[]> {
  const turns = Math.min(...requests.map(turnsOf))
  const account = accountOf(requests[0]?.allowance ?? NOTHING_USED)
  let courses = requests.map(
    (request): Course => ({
      request,
      rounds: roundsOf(request, ports, account),
      shard: untouched(request),
    }),
  )
  for (let turn = 0; turn < turns; turn++) {
    const order = rotated(courses.keys(), turn)
    for (const position of order) {
      const course = courses[position]
      if (course === undefined || course.shard.invalidities.length > 0) continue
      const next = await takeTurn(course, { turn, turns, ports })
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

type Turn = { readonly turn: number; readonly turns: number; readonly ports: Ports }

async function takeTurn(course: Course, { turn, turns, ports }: Turn): Promise<Course> {
  const { request, rounds, shard } = course
  const { name, workload } = request.gate
  const { warmup } = workload
  const requests = partOf(workload.requests, turn, turns)
  const probes = partOf(workload.probes, turn, turns)
  ports.announce(`${name}: turn ${turn + 1} of ${turns}, ${requests} requests`)
  const before = shard.runs[0]
  const opening = turn === 0 ? openingOf(request.gate) : undefined
  const openings = opening && [{ ...opening, arm: 'candidate' as const }]
  const size = { arms: 'candidate', requests, probes, warmup, openings } as const
  const round = await measuredTwiceAtMost(rounds, size, before)
  const { used } = rounds.taken()
  if (round.kind === 'refused') {
    return { ...course, shard: { ...shard, used, invalidities: [round.because] } }
  }
  const run = joined(before, round.run)
  return { ...course, shard: { ...shard, runs: [run], used, invalidities: run.invalidities } }
}

/** A busy moment of this machine spoils a turn, not the endpoint's whole course. */
async function measuredTwiceAtMost(
  rounds: Rounds,
  size: RoundSize,
  before: Run | undefined,
): Promise<Round> {
  const first = await rounds.measure(size, before)
  if (first.kind === 'refused') return first
  const { invalidities } = first.run
  if (invalidities.length === 0 || !invalidities.every(isOwnDelay)) return first
  return await rounds.measure(size, before)
}

function joined(before: Run | undefined, more: Run): Run {
  return before === undefined ? more : appendRounds([before, more])
}

/** Whole parts that differ by one at most and add up to the whole. */
function partOf(whole: number, turn: number, turns: number): number {
  return Math.floor(((turn + 1) * whole) / turns) - Math.floor((turn * whole) / turns)
}
