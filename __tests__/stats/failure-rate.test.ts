import { describe, expect, it } from '@jest/globals'
import type { FailureLaw } from '../../src/stats/failure-rate.ts'
import {
  chanceBesideReference,
  compareFailureRates,
  failureLaw,
} from '../../src/stats/failure-rate.ts'
import { fisherUpperTail } from '../../src/stats/fisher-exact.ts'
import { seededRandom } from '../../src/stats/random.ts'

const uniform = seededRandom(17)

function drawn(trials: number, rate: number): { events: number; trials: number } {
  let events = 0
  for (let i = 0; i < trials; i += 1) if (uniform() < rate) events += 1
  return { events, trials }
}

describe('a history of failures', () => {
  it('that shows a steady rate finds three points more soon, also where some fail anyway', () => {
    const steady = failureLaw([8, 7, 9, 6, 10].map((events) => ({ events, trials: 400 })))
    expect(compareFailureRates({ events: 20, trials: 400 }, steady).p).toBeLessThan(0.009)
    const rare = failureLaw([2, 1, 3].map((events) => ({ events, trials: 400 })))
    expect(compareFailureRates({ events: 12, trials: 400 }, rare).p).toBeLessThan(0.009)
  })

  it('that shows bursts does not call one more burst news', () => {
    const bursts = failureLaw([0, 0, 18, 0, 25, 0].map((events) => ({ events, trials: 400 })))
    expect(compareFailureRates({ events: 20, trials: 400 }, bursts).p).toBeGreaterThan(0.05)
  })
})

describe('failures beside those of a reference', () => {
  const flat: FailureLaw = {
    rate: 0.5,
    overdispersion: 1,
    a: 1,
    b: 1,
    runs: 1,
    pooled: { events: 1, trials: 2 },
  }

  it('are the predictive mixture, summed term by term', () => {
    // One candidate request, none failed of three beside it: P(fail) = a / (a + b + 3) of each part,
    // weighted by 0.8 B(1, 4)/B(1, 1) = 0.2 and 0.2 B(0.5, 8)/B(0.5, 5) = 0.2 * 5*6*7/(5.5*6.5*7.5).
    const weight = (0.2 * 210) / 268.125
    const expected = (0.2 * (1 / 5) + weight * (0.5 / 8.5)) / (0.2 + weight)
    const found = chanceBesideReference({ events: 1, trials: 1 }, { events: 0, trials: 3 }, flat)
    expect(found).toBeCloseTo(expected, 10)
  })

  it('are found with fewer requests where the history knows the rate', () => {
    const law = failureLaw([8, 7, 9, 6, 10].map((events) => ({ events, trials: 400 })))
    const own = { events: 17, trials: 300 }
    const reference = { events: 6, trials: 300 }
    const counts = { ...own, otherEvents: reference.events, otherTrials: reference.trials }
    expect(fisherUpperTail(counts)).toBeGreaterThan(0.015)
    expect(chanceBesideReference(own, reference, law)).toBeLessThan(0.003)
  })

  it('are not the candidate\u2019s where the reference has them as well', () => {
    const law = failureLaw(new Array(20).fill({ events: 2, trials: 400 }))
    const now = { events: 24, trials: 400 }
    expect(compareFailureRates(now, law).p).toBeLessThan(1e-3)
    expect(chanceBesideReference({ events: 27, trials: 400 }, now, law)).toBeGreaterThan(0.05)
  })

  it.each([
    { name: 'as before', before: 0.02, now: 0.02, most: 0.05 },
    { name: 'three times what it was', before: 0.02, now: 0.06, most: 0.11 },
  ])('keep their size where the rate of both is $name', ({ before, now, most }) => {
    const repeats = 1500
    let rejected = 0
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const law = failureLaw([320, 200, 320, 400, 320].map((trials) => drawn(trials, before)))
      const p = chanceBesideReference(drawn(250, now), drawn(300, now), law)
      if (p <= 0.05) rejected += 1
    }
    expect(rejected / repeats).toBeLessThan(most)
  })
})
