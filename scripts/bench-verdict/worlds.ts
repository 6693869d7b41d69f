// Synthetic endpoints as awkward as real ones: levels that wander and step, tails that move more than
// the middle, hanging runs, a daily rhythm, queues, outages. Each draws the runs of a history and the
// unchanged candidate after them, in their order and at their times.

import type { Summary } from '../../src/model/summary.ts'
import { clumping } from '../../src/stats/clumping.ts'
import { type Draws, gammaOfCv, INPUT_USD, OUTPUT_USD } from './scenarios.ts'

export type World = {
  readonly name: string
  /** What differs from run to run, oldest first; the last one is the candidate. */
  readonly runs: (count: number, draws: Draws) => readonly Weather[]
}

/** One run's conditions; what is absent is as in the calm world. */
export type Weather = {
  /** Shift of all times, log scale. */
  readonly level: number
  /** Further shift per standard deviation above the first. */
  readonly tail?: number
  /** Share of requests refused, and of those that time out, independently of each other. */
  readonly refused?: number
  readonly timeouts?: number
  /** Share of requests lost in one block, and how. */
  readonly block?: { readonly share: number; readonly as: 'refused' | 'timeout' }
  /** Load of a queue with one server, in place of the usual noise. */
  readonly load?: number
  /** The same prompts meet the same noise in every run, but for this much. */
  readonly own?: number
  /** Hour of day, UTC. */
  readonly hour?: number
}

const USUAL_ERRORS = 0.005

function each(count: number, draw: (index: number) => Weather): readonly Weather[] {
  return Array.from({ length: count }, (_, index) => draw(index))
}

export type Steady = {
  readonly tau: number
  readonly errors: number
  /** How much the rate varies between runs (coefficient of variation). Absent = not at all. */
  readonly errorCv?: number
}

/** Refusals at a rate, runs as far apart as said. */
export function steadyWorld(name: string, { tau, errors, errorCv = 0 }: Steady): World {
  return {
    name,
    runs: (count, draws) =>
      each(count, () => ({
        level: tau * draws.normal(),
        refused: Math.min(0.5, errors * gammaOfCv(errorCv, draws)),
      })),
  }
}

function rhythm(slower: number): World {
  return {
    name: `night and day, ${(100 * slower).toFixed(0)} %`,
    runs: (count, { normal }) =>
      each(count, (index) => {
        const level = 0.05 * normal()
        const candidate = index === count - 1
        return candidate ? { level: level + Math.log1p(slower), hour: 14 } : { level, hour: 3 }
      }),
  }
}

export const WORLDS: readonly World[] = [
  {
    name: 'wandering',
    runs: (count, { normal, uniform }) => {
      let wander = 0.06 * normal()
      let level = 0
      return each(count, () => {
        wander = 0.6 * wander + 0.8 * 0.06 * normal()
        if (uniform() < 1 / 16) {
          level += Math.log1p(0.15 + 0.35 * uniform()) * (uniform() < 0.5 ? 1 : -1)
        }
        return { level: level + wander, refused: USUAL_ERRORS }
      })
    },
  },
  {
    name: 'tail wanders',
    runs: (count, { normal }) =>
      each(count, () => ({
        level: 0.03 * normal(),
        tail: 0.12 * normal(),
        refused: USUAL_ERRORS,
      })),
  },
  {
    name: 'hanging runs',
    runs: (count, { normal, uniform }) =>
      each(count, (index) => ({
        level: 0.05 * normal() + (index < count - 1 && uniform() < 0.08 ? Math.log(3) : 0),
        refused: USUAL_ERRORS,
      })),
  },
  rhythm(0.2),
  rhythm(0.3),
  {
    name: 'near saturation',
    runs: (count, { uniform }) => each(count, () => ({ level: 0, load: 0.6 + 0.25 * uniform() })),
  },
  {
    name: 'time-outs in one block',
    runs: (count, { normal, uniform }) =>
      each(count, () => ({
        level: 0.05 * normal(),
        block: uniform() < 0.25 ? { share: 0.04, as: 'timeout' } : undefined,
      })),
  },
  {
    name: 'steady time-outs, 3 %',
    runs: (count, { normal }) => each(count, () => ({ level: 0.05 * normal(), timeouts: 0.03 })),
  },
  {
    name: 'refusals in one block',
    runs: (count, { normal, uniform }) =>
      each(count, () => ({
        level: 0.05 * normal(),
        block: uniform() < 0.3 ? { share: 0.05, as: 'refused' } : undefined,
      })),
  },
  {
    name: 'first run a lucky one',
    runs: (count, { normal }) =>
      each(count, (index) => ({
        level: 0.05 * normal() + (index === 0 ? Math.log(0.6) : 0),
        refused: USUAL_ERRORS,
      })),
  },
  {
    name: 'dedicated, 2 %',
    runs: (count, { normal }) => each(count, () => ({ level: 0.02 * normal(), own: 0.05 })),
  },
]

const CLASS_MEDIANS_MS = [200, 300, 450, 800]
const SIGMA = 0.4
const NEIGHBOURS = 0.2
const DAY_MS = 86_400_000
const FIRST_MS = Date.parse('2026-01-05T00:00:00Z')

export type Change = { readonly latency?: number; readonly errors?: number }

type Size = { readonly runs: number; readonly requests: number }

/** The runs of one draw, the last one changed as said. */
export function drawWorld(
  world: World,
  size: Size,
  draws: Draws,
  changes: readonly Change[],
): { readonly history: readonly Summary[]; readonly candidates: readonly Summary[] } {
  const { runs, last } = drawRuns(world, { ...size, runs: size.runs + 1 }, draws)
  return { history: runs.slice(0, -1), candidates: changes.map(last) }
}

/** So many runs in their order, and the last of them as often and as changed as one likes. */
export function drawRuns(
  world: World,
  size: Size,
  draws: Draws,
): { readonly runs: readonly Summary[]; readonly last: (change: Change) => Summary } {
  const weather = world.runs(size.runs, draws)
  const shared = Float64Array.from({ length: size.requests }, () => draws.normal())
  const drawn = weather.map((run, day) => ({
    run: drawRequests(run, { ...size, shared }, draws),
    at: FIRST_MS + day * DAY_MS + (run.hour ?? 3) * 3_600_000,
  }))
  const last = drawn.at(-1)
  if (last === undefined) throw new RangeError('a world has at least one run')
  return {
    runs: drawn.map(({ run, at }, day) => summaryOf(run, { at, id: `run-${day}` })),
    last: (change) => summaryOf(changed(last.run, change, draws), { at: last.at, id: 'candidate' }),
  }
}

/** TTFT in ms; 0 = refused, Infinity = timed out. */
type Requests = readonly number[]

function drawRequests(
  weather: Weather,
  size: { readonly requests: number; readonly shared: Float64Array },
  { normal, uniform }: Draws,
): Requests {
  const { requests, shared } = size
  const { level, tail = 0, refused = 0, timeouts = 0, block, own } = weather
  const start = Math.floor(uniform() * requests * (1 - (block?.share ?? 0)))
  const end = start + Math.round(requests * (block?.share ?? 0))
  let noise = normal()
  let wait = 0
  return Array.from({ length: requests }, (_, i) => {
    noise = NEIGHBOURS * noise + Math.sqrt(1 - NEIGHBOURS ** 2) * normal()
    const z = own === undefined ? noise : (shared[i] ?? 0)
    const jitter = own === undefined ? 0 : own * normal()
    const service = SIGMA * z + jitter + tail * Math.max(0, z - 1)
    let ms = (CLASS_MEDIANS_MS[i % 4] ?? 0) * Math.exp(level + service)
    if (weather.load !== undefined) {
      // Lindley: the next one waits for what is left of this one when it arrives.
      const serve = Math.exp(0.5 * normal() - 0.125)
      ms = 200 * (wait + serve)
      wait = Math.max(0, wait + serve + Math.log(1 - uniform()) / weather.load)
    }
    if (block !== undefined && i >= start && i < end) {
      return block.as === 'refused' ? 0 : Number.POSITIVE_INFINITY
    }
    if (uniform() < refused) return 0
    return uniform() < timeouts ? Number.POSITIVE_INFINITY : ms
  })
}

function changed(run: Requests, { latency = 1, errors = 0 }: Change, { uniform }: Draws): Requests {
  return run.map((ms) => (errors > 0 && uniform() < errors ? 0 : ms * latency))
}

function summaryOf(
  run: Requests,
  { at, id }: { readonly at: number; readonly id: string },
): Summary {
  const answered = run.flatMap((ms, i) => (ms === 0 ? [] : [{ ms, group: i % 4 }]))
  const failed = run.filter((ms) => ms === 0 || ms === Number.POSITIVE_INFINITY).length
  const refused = run.length - answered.length
  return {
    runId: id,
    startedAt: new Date(at).toISOString(),
    ttftDefinition: 'simulated',
    loadShape: {},
    loadShapeHash: 'simulated',
    subject: {},
    requests: run.length,
    completed: run.length - failed,
    errors: {},
    failed,
    failedTogether: clumping(run.map((ms) => ms === 0 || ms === Number.POSITIVE_INFINITY)),
    series: {
      ttft: {
        values: answered.map(({ ms }) => ms),
        classes: answered.map(({ group }) => group),
        classNames: CLASS_MEDIANS_MS.map((ms) => `${ms} ms`),
        leftOut: refused,
        refused,
        of: run.length,
      },
    },
    cost: {
      known: true,
      perRequestUsd: run.map((ms, i) =>
        ms === 0 ? 0 : INPUT_USD + OUTPUT_USD * (0.8 + 0.1 * (i % 5)),
      ),
      classes: run.map((_, i) => i % 4),
      completed: run.length - failed,
      estimated: false,
    },
  }
}
