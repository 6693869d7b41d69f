// What can be found of more errors at all: the default limits on an endpoint whose failure rate is known
// to the benchmark, beside a rule that knows how much the rate varies and learns only the rate, and one
// that knows both. What the last one does not find, nothing finds at that share of false fails.

import { defaultLimits } from '../../src/config/config.ts'
import { compare } from '../../src/judge/compare/compare.ts'
import { decide } from '../../src/judge/decide/decide.ts'
import { errorWeight } from '../../src/judge/error-weight.ts'
import type { Summary } from '../../src/model/summary.ts'
import { ALPHA } from '../../src/model/verdict-policy.ts'
import { betaBinomialUpperTail } from '../../src/stats/beta-binomial.ts'
import { binomialUpperTail } from '../../src/stats/binomial.ts'
import { type Draws, drawsOf, gammaOfCv } from './scenarios.ts'
import { PRICES } from './world-cell.ts'
import { drawWorld, type Steady, steadyWorld } from './worlds.ts'

export type ErrorsCell = {
  readonly kind: 'errors'
  readonly world: Required<Steady>
  readonly requests: number
  readonly runs: number
  /** Points that the candidate fails more often. */
  readonly more: number
  readonly replications: number
  readonly seed: number
}

/** Fails of the unchanged candidate and of the worse one. */
type Fails = readonly [number, number]

export type ErrorsResult = {
  readonly errorsCell: ErrorsCell
  readonly gate: Fails
  readonly knowsSpread: Fails
  /** Shares, not counts. */
  readonly knowsBoth: Fails
}

export function runErrors(cell: ErrorsCell): ErrorsResult {
  const { world, requests, runs, more, replications } = cell
  const draws = drawsOf(cell.seed)
  const limits = defaultLimits({ waits: 'ttft', samples: requests, prices: PRICES })
  const weights = limits.reduce((sum, limit) => sum + errorWeight(limit), 0)
  const level = (ALPHA * errorWeight({ family: 'error_rate' })) / weights
  const gate: [number, number] = [0, 0]
  const knowsSpread: [number, number] = [0, 0]
  for (let repeat = 0; repeat < replications; repeat += 1) {
    const changes = [{}, { errors: more }]
    const drawn = drawWorld(steadyWorld('steady', world), { requests, runs }, draws, changes)
    for (const [index, candidate] of drawn.candidates.entries()) {
      const at = index === 0 ? 0 : 1
      const { history } = drawn
      const decision = decide(compare({ candidate, history, anchor: [], limits, shown: [] }))
      const own = decision.metrics.find(({ id }) => id === 'error_rate')
      if (own?.verdict === 'fail') gate[at] += 1
      if (failsKnowing(world.errorCv, { candidate, history, level })) knowsSpread[at] += 1
    }
  }
  return { errorsCell: cell, gate, knowsSpread, knowsBoth: bestOf(cell, level, draws) }
}

/** Default limit of the error rate, in points. */
const TOLERATED = 0.01

/** The law of failure-rate.ts, with the spread known instead of learnt. */
function failsKnowing(
  cv: number,
  by: { readonly candidate: Summary; readonly history: readonly Summary[]; readonly level: number },
): boolean {
  const { candidate, history, level } = by
  const events = history.reduce((sum, { failed }) => sum + failed, 0)
  const trials = history.reduce((sum, { requests }) => sum + requests, 0)
  const rate = (events + 0.5) / (trials + 1)
  const a = 1 / (cv ** 2 * (1 + 1 / history.length) + 1 / (events + 0.5))
  const { failed, requests } = candidate
  if (failed / requests - events / trials <= TOLERATED) return false
  const law = { trials: requests, a, b: (a * (1 - rate)) / rate }
  return betaBinomialUpperTail(failed, law) <= level
}

const RATES_DRAWN = 4000

/** The smallest count that is rare enough without a change, and how often it is reached with one. */
function bestOf({ world, requests, more }: ErrorsCell, level: number, draws: Draws): Fails {
  const rates = Array.from({ length: RATES_DRAWN }, () =>
    Math.min(0.5, world.errors * gammaOfCv(world.errorCv, draws)),
  )
  const reached = (events: number, added: number) =>
    rates.reduce(
      (sum, rate) =>
        sum + binomialUpperTail(events, requests, rate + added * (1 - rate)) / RATES_DRAWN,
      0,
    )
  let events = Math.floor(requests * (world.errors + TOLERATED)) + 1
  while (reached(events, 0) > level) events += 1
  return [reached(events, 0), reached(events, more)]
}
