// When an open loop sends: rates that are kept, ramps that climb, bursts that are bursts, and the same
// times for the same seed.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { arrivals } from '../../../src/measure/plan/arrivals.ts'
import { meanRate, requestsWithin, sendingMs } from '../../../src/model/arrival-stages.ts'
import type { ArrivalStage, Load } from '../../../src/model/config.ts'
import { seededRandom } from '../../../src/stats/random.ts'

type OpenLoad = Extract<Load, { kind: 'open' }>

const steady = (more: Partial<OpenLoad> = {}): OpenLoad => ({
  kind: 'open',
  ratePerSecond: 20,
  process: 'constant',
  maxInFlight: 256,
  ...more,
})
const staged = (stages: readonly ArrivalStage[], more: Partial<OpenLoad> = {}): OpenLoad =>
  steady({ stages, ratePerSecond: meanRate(stages), ...more })
const stage = (fromPerSecond: number, toPerSecond: number, seconds: number): ArrivalStage => ({
  fromPerSecond,
  toPerSecond,
  forMs: 1000 * seconds,
})

function timesOf(load: OpenLoad, count: number, seed = 1, arms = 1): readonly number[] {
  return arrivals(load, { count, arms, random: seededRandom(seed) }) ?? []
}

function within(times: readonly number[], fromMs: number, toMs: number): number {
  return times.filter((at) => at >= fromMs && at < toMs).length
}

/** Of the gaps between arrivals, over their mean. */
function variation(times: readonly number[]): number {
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length
  const squares = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0)
  return Math.sqrt(squares / gaps.length) / mean
}

describe('arrivals', () => {
  it('at a constant rate begin at once and keep one distance, half of it for each of two arms', () => {
    expect(timesOf(steady(), 4)).toEqual([0, 50, 100, 150])
    expect(timesOf(steady(), 4, 1, 2)).toEqual([0, 25, 50, 75])
  })

  it('climb along a ramp: the second half of it has three times the requests of the first', () => {
    // From 0 to 20/s over 10 s: 100 requests, 25 of them in the first 5 s.
    const times = timesOf(staged([stage(0, 20, 10)]), 100)
    expect(within(times, 0, 5000)).toBe(25)
    expect(within(times, 5000, 10_000)).toBe(75)
  })

  it('pause where a stage sends nothing, and begin the stages again', () => {
    const times = timesOf(staged([stage(10, 10, 2), stage(0, 0, 3)]), 60)
    expect(within(times, 0, 2000)).toBe(20)
    expect(within(times, 2000, 5000)).toBe(0)
    expect(within(times, 5000, 7000)).toBe(20)
    expect(within(times, 10_000, 12_000)).toBe(20)
  })

  it('are as bursty as the gamma distribution says', () => {
    // The coefficient of variation of gamma gaps is 1/sqrt(shape).
    for (const burstiness of [0.25, 1, 4]) {
      const times = timesOf(steady({ process: 'gamma', burstiness }), 20_000)
      expect(variation(times)).toBeCloseTo(1 / Math.sqrt(burstiness), 1)
      // Known to about 2 / sqrt(20 000) at the burstiest.
      expect((1000 * times.length) / (times.at(-1) ?? 1) / 20).toBeCloseTo(1, 1)
    }
    expect(variation(timesOf(steady({ process: 'poisson' }), 20_000))).toBeCloseTo(1, 1)
  })

  it('keep the mean rate of any stages, in order, and are the same for the same seed', () => {
    const rate = fc.integer({ min: 0, max: 50 })
    const anyStage = fc.record({
      fromPerSecond: rate,
      toPerSecond: rate,
      forMs: fc.integer({ min: 100, max: 30_000 }),
    })
    fc.assert(
      fc.property(
        fc.array(anyStage, { minLength: 1, maxLength: 6 }),
        fc.integer(),
        (stages, seed) => {
          fc.pre(meanRate(stages) > 0.1)
          for (const process of ['constant', 'poisson'] as const) {
            const load = staged(stages, { process })
            const times = timesOf(load, 200, seed)
            expect(times).toEqual(times.toSorted((a, b) => a - b))
            expect(times.every(Number.isFinite)).toBe(true)
            expect(timesOf(load, 200, seed)).toEqual(times)
          }
          const load = staged(stages)
          expect(requestsWithin(load, sendingMs(load, 150))).toBeCloseTo(149, 6)
          expect(timesOf(load, 150).at(-1)).toBeCloseTo(sendingMs(load, 150), 6)
        },
      ),
      { numRuns: 200 },
    )
  })
})
