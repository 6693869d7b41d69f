import { describe, expect, it } from '@jest/globals'
import { adjustForLooks, levelAtLook } from '../../src/stats/alpha-spending.ts'
import { detectableChange } from '../../src/stats/detectable-change.ts'
import { detectableRate, detectableRateAtBest } from '../../src/stats/detectable-rate.ts'
import { chanceOf, combine, differenceFromHistory, upperBound } from '../../src/stats/difference.ts'
import { spreadPriors, UNKNOWN_KIND } from '../../src/stats/endpoint-kind.ts'
import { compareFailureRates, failureLaw } from '../../src/stats/failure-rate.ts'
import { holm } from '../../src/stats/holm.ts'
import { meanBaseline } from '../../src/stats/mean-baseline.ts'
import { quantileBaseline, statisticOf, withRefused } from '../../src/stats/quantile-baseline.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { runToRun } from '../../src/stats/run-to-run.ts'
import { sampleOf } from '../../src/stats/sample.ts'
import {
  fewestToFail,
  fewestToPass,
  logWorsening,
  rateThresholds,
  ratioThresholds,
} from '../../src/stats/threshold.ts'
import { normals } from '../synthetic-summaries.ts'
import { distributions, referenceCore } from './oracle.ts'

const INFINITY = Number.POSITIVE_INFINITY

describe('a run against its history', () => {
  it('keeps its size with unequal runs, and the interval its level', () => {
    const normal = normals(21)
    let rejected = 0
    let missed = 0
    const repeats = 1200
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const runs = [40, 80, 120, 60, 90, 50].map((n) => drawRun(normal, n))
      const [candidate, ...history] = runs
      const baseline = quantileBaseline(history, { q: 0.5, candidate })
      if (candidate === undefined || typeof baseline === 'string') throw new Error('no baseline')
      const own = statisticOf(sampleOf(candidate), 0.5, baseline.design)
      const found = differenceFromHistory(own, baseline.runs, baseline.inflation)
      if (chanceOf(found) <= 0.05) rejected += 1
      if (upperBound(found, 0.05) < 0) missed += 1
    }
    expect(rejected / repeats).toBeGreaterThan(0.005)
    expect(rejected / repeats).toBeLessThan(0.06)
    expect(missed / repeats).toBeLessThan(0.06)
  })

  it('does not change when all times are in another unit', () => {
    const normal = normals(5)
    const runs = [50, 60, 70].map((n) => drawRun(normal, n))
    const inSeconds = runs.map(({ values, classes }) => ({
      values: values.map((ms) => ms * 1000),
      classes,
    }))
    const p = [runs, inSeconds].map(([candidate, ...history]) => {
      const baseline = quantileBaseline(history, { q: 0.9, candidate })
      if (candidate === undefined || typeof baseline === 'string') throw new Error('no baseline')
      const own = statisticOf(sampleOf(candidate), 0.9, baseline.design)
      return chanceOf(differenceFromHistory(own, baseline.runs, baseline.inflation))
    })
    expect(p[0]).toBeCloseTo(p[1] ?? 0, 8)
  })
})

function drawRun(normal: () => number, count: number) {
  const level = 0.08 * normal()
  const values = Array.from({ length: count }, () => Math.exp(6 + level + 0.4 * normal()))
  return { values, classes: values.map((_, i) => i % 2) }
}

describe('runs that cannot be a baseline', () => {
  const small = { values: [1, 2, 3], classes: [0, 0, 0] }
  const failing = { values: new Array<number>(30).fill(INFINITY), classes: new Array(30).fill(0) }

  it('are named by what is wrong with them', () => {
    expect(quantileBaseline([], { q: 0.5 })).toBe('missing')
    expect(quantileBaseline([small], { q: 0.5 })).toBe('too-small')
    expect(quantileBaseline([failing], { q: 0.5 })).toBe('failures')
  })

  it('are left out where others can', () => {
    const sound = { values: Array.from({ length: 30 }, (_, i) => 100 + i), classes: [] }
    const baseline = quantileBaseline([small, failing, sound], { q: 0.5 })
    expect(typeof baseline === 'string' ? 0 : baseline.runs.runs).toBe(1)
  })

  it('rank refused requests above everything', () => {
    const sample = sampleOf({ values: [1, 2, 3], classes: [] })
    expect([...withRefused(sample, 2).sorted]).toEqual([1, 2, 3, INFINITY, INFINITY])
    expect(withRefused(sample, 0)).toBe(sample)
  })

  it('count as unequal in design when their prompt classes differ', () => {
    const mixed = {
      values: new Array(40).fill(5),
      classes: new Array(40).fill(0).map((_, i) => i % 2),
    }
    const plain = { values: new Array(40).fill(5), classes: new Array(40).fill(0) }
    const design = (runs: (typeof mixed)[]) => {
      const baseline = quantileBaseline(runs, { q: 0.5 })
      return typeof baseline === 'string' ? baseline : baseline.design
    }
    expect(design([mixed, { ...mixed, classes: [...mixed.classes] }])).toBe('stratified')
    expect(design([mixed, plain])).toBe('unequal')
  })
})

/** Of a shared endpoint's median, with so much inflation. */
function expecting(inflation = 1) {
  return {
    priors: (sampling: number) =>
      spreadPriors(UNKNOWN_KIND, 0.5, { variance: sampling, inflation: 1 }),
    inflation,
    shared: 1,
    waiting: 1,
  }
}

describe('noise between runs', () => {
  const run = { value: 6, low: 1e-4, up: 1e-4, count: 100 }
  const identical = (count: number) => runToRun(new Array(count).fill(run), expecting())

  it('is the prior with one run, and never nothing with identical ones', () => {
    expect(identical(1).spread).toBeGreaterThan(0.1)
    expect(identical(1).df).toBe(1)
    expect(identical(10).between).toBeGreaterThan(0)
    expect(identical(10).spread).toBeLessThan(identical(1).spread / 2)
  })

  it('reads the other side where failures cut one off', () => {
    const found = runToRun([{ ...run, low: 0.001, up: INFINITY }], expecting(2))
    expect(found.within).toBeCloseTo(0.002, 12)
  })

  it('contains the sampling error of runs that lie closer than it allows', () => {
    const close = [6, 6.01, 5.99, 6, 6.005, 5.995].map((value) => ({
      ...run,
      value,
      low: 0.004,
      up: 0.004,
    }))
    const found = runToRun(close, {
      ...expecting(),
      priors: (v) => spreadPriors({ own: 0.99 }, 0.5, { variance: v, inflation: 1 }),
    })
    expect(found.confirmed).toBeLessThan(0.1)
    expect(found.between + found.within).toBeLessThan(0.002)
  })

  it('sets runs before a step aside, and says when it was', () => {
    const levels = [6, 6.01, 5.99, 6.02, 6.5, 6.49, 6.5]
    const found = runToRun(
      levels.map((value, day) => ({ ...run, value, at: day * 86_400_000 })),
      expecting(),
    )
    expect(found.step).toMatchObject({ since: 4 * 86_400_000, setAside: 4 })
    expect(found.step?.change).toBeCloseTo(0.495, 3)
    expect(found.runs).toBe(3)
    expect(found.centre).toBeCloseTo(6.5, 1)
  })

  it('is two percent for means until a history says otherwise', () => {
    const { runs } = meanBaseline([{ value: -7, variance: 1e-6, count: 100 }])
    expect(runs.spread).toBeGreaterThan(0.02)
    expect(runs.spread).toBeLessThan(0.06)
  })
})

describe('a tail that no recorded run had', () => {
  const history = runToRun(
    [6, 6.01, 5.99, 6, 6.005, 5.995].map((value) => ({
      value,
      low: 0.004,
      up: 0.04,
      count: 100,
    })),
    {
      ...expecting(),
      priors: (v) => spreadPriors({ own: 0.99 }, 0.99, { variance: v, inflation: 1 }),
    },
  )
  const at = (low: number) =>
    differenceFromHistory({ value: 6.4, low, up: 0.04, count: 100 }, history, 1)

  it('is known as badly as its own order statistics say, not as well as the usual one', () => {
    expect(history.confirmed).toBeLessThan(0.1)
    expect(at(0.004).low).toBeLessThan(0.05)
    expect(at(0.2).low).toBeGreaterThan(Math.sqrt(0.2 - 0.004))
    expect(chanceOf(at(0.004))).toBeLessThan(0.001)
    expect(chanceOf(at(0.2))).toBeGreaterThan(0.1)
  })

  it('is compared at its own size: a short run may know less', () => {
    const short = { value: 6.4, low: 0.008, up: 0.04, count: 50 }
    expect(differenceFromHistory(short, history, 1).low).toBeLessThan(0.06)
  })
})

describe('requests that wait for each other', () => {
  const runs = [6, 6.1, 5.9, 6.2, 6.05].map((value) => ({
    value,
    low: 1e-4,
    up: 1e-4,
    count: 100,
  }))
  const spread = (waiting: number) => runToRun(runs, { ...expecting(), waiting }).spread

  it('widen what is expected from the point on where a queue shows', () => {
    expect(spread(1.3)).toBe(spread(1))
    expect(spread(3.5) / spread(1)).toBeCloseTo(1.5, 10)
  })
})

describe('combined evidence', () => {
  const first = { value: 0.2, low: 0.1, up: 0.1, df: 10 }
  const second = { value: 0.1, low: 0.05, up: 0.05, df: 40 }

  it('is nearer the more precise one and more precise than either', () => {
    const found = combine(first, second)
    expect(found.value).toBeCloseTo(0.12, 12)
    expect(found.low).toBeCloseTo(Math.sqrt(1 / (100 + 400)), 12)
    expect(found.df).toBeGreaterThan(10)
    expect(combine(second, first).value).toBeCloseTo(found.value, 12)
  })

  it('is the other alone where one knows nothing of a side', () => {
    const blind = { ...first, up: INFINITY }
    expect(combine(blind, second)).toBe(second)
    expect(combine(second, blind)).toBe(second)
  })

  it('is never more certain for an infinite change', () => {
    expect(chanceOf({ value: INFINITY, low: 1, up: 1, df: 3 })).toBe(0)
    expect(chanceOf({ value: 1, low: INFINITY, up: 1, df: 3 })).toBe(1)
  })
})

describe('Holm', () => {
  it('agrees with the independent core', () => {
    const [p, adjusted] = referenceCore.holm
    holm(p).forEach((value, i) => {
      expect(value).toBeCloseTo(adjusted[i] ?? 0, 12)
    })
  })

  it('shares alpha by weight', () => {
    expect(holm([0.02, 0.5], [3, 1])[0]).toBeCloseTo((0.02 * 4) / 3, 12)
    expect(holm([0.02, 0.5], [1, 3])[0]).toBeCloseTo(0.08, 12)
    expect(holm([])).toEqual([])
  })

  it.each([
    ['equal', undefined],
    ['unequal', [2, 2, 0.5, 1]],
  ] as const)('keeps one false alarm in twenty over four nulls, weights %p', (_, weights) => {
    const uniform = seededRandom(4)
    let alarms = 0
    for (let repeat = 0; repeat < 4000; repeat += 1) {
      const p = [uniform(), uniform(), uniform(), uniform()]
      if (Math.min(...holm(p, weights)) <= 0.05) alarms += 1
    }
    expect(alarms / 4000).toBeGreaterThan(0.035)
    expect(alarms / 4000).toBeLessThan(0.06)
  })
})

describe('early looks', () => {
  it.each(distributions.looks)(
    'spend at c %p over %p looks what SciPy integrates',
    (c, steps, tail) => {
      const level = levelAtLook(tail, { taken: steps, planned: steps })
      expect(adjustForLooks(level, { taken: steps, planned: steps })).toBeCloseTo(tail, 5)
      const last = { taken: steps, planned: steps }
      expect(adjustForLooks(normalTail(c), last)).toBeCloseTo(tail, 3)
    },
  )

  it('have the known nominal levels of O Brien and Fleming', () => {
    const z = [3.466, 2.451, 2.001, 1.733]
    z.forEach((each, index) => {
      const look = { taken: index + 1, planned: 4 }
      expect(levelAtLook(0.05, look)).toBeCloseTo(normalTail(each), 4)
    })
  })

  it('cost nothing when there is only one', () => {
    expect(levelAtLook(0.05, { taken: 1, planned: 1 })).toBe(0.05)
    expect(adjustForLooks(0.03, { taken: 1, planned: 1 })).toBe(0.03)
    expect(adjustForLooks(0.7, { taken: 1, planned: 2 })).toBe(1)
    expect(adjustForLooks(0, { taken: 1, planned: 2 })).toBe(0)
  })

  it('keep the level of a walk that is looked at four times, weights of Holm included', () => {
    const normal = normals(14)
    let alarms = 0
    const repeats = 1200
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const sums = [0, 0, 0]
      const alarm = [1, 2, 3, 4].some((taken) => {
        for (let m = 0; m < sums.length; m += 1) sums[m] = (sums[m] ?? 0) + normal()
        const p = sums.map((sum) => normalTail(sum / Math.sqrt(taken)))
        // No share of a look is larger than 2/5 of the error: nothing above it can reject.
        if (Math.min(...p) > 0.02) return false
        const adjusted = p.map((each) => adjustForLooks(each, { taken, planned: 4 }))
        return Math.min(...holm(adjusted, [2, 2, 1])) <= 0.05
      })
      if (alarm) alarms += 1
    }
    expect(alarms / repeats).toBeGreaterThan(0.03)
    expect(alarms / repeats).toBeLessThan(0.065)
  })
})

function normalTail(z: number): number {
  // Abramowitz & Stegun 7.1.26, good to 1.5e-7: another road than the code's.
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2)
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const tail = 0.5 * series * Math.exp((-z * z) / 2)
  return z >= 0 ? tail : 1 - tail
}

describe('failure rates', () => {
  const history = [1, 0, 2, 1, 0].map((events) => ({ events, trials: 200 }))

  it('are told from a history by the beta-binomial and bounded by Newcombe', () => {
    const found = compareFailureRates({ events: 12, trials: 200 }, failureLaw(history))
    expect(found.difference).toBeCloseTo(0.06 - 0.004, 12)
    expect(found.p).toBeLessThan(0.01)
    const [low, high] = found.bounds(0.05, 0.05)
    expect(low).toBeLessThan(found.difference)
    expect(high).toBeGreaterThan(found.difference)
  })

  it('vary less for a history that shows them steady, more for one that shows bursts', () => {
    const steady = failureLaw(new Array(20).fill({ events: 4, trials: 400 }))
    const bursts = failureLaw(
      [0, 0, 30, 0, 0, 25, 0, 0, 25, 0].map((events) => ({ events, trials: 400 })),
    )
    expect(steady.overdispersion).toBeLessThan(2)
    expect(bursts.overdispersion).toBeGreaterThan(5)
  })

  it('do not call three failures news after one clean run', () => {
    const law = failureLaw([{ events: 0, trials: 100 }])
    expect(compareFailureRates({ events: 3, trials: 100 }, law).p).toBeGreaterThan(0.05)
  })

  it('keep their size with unequal runs whose rate varies', () => {
    const normal = normals(31)
    const uniform = seededRandom(32)
    const draw = (trials: number) => {
      const rate = 0.02 * Math.exp(0.8 * normal() - 0.32)
      let events = 0
      for (let i = 0; i < trials; i += 1) if (uniform() < rate) events += 1
      return { events, trials }
    }
    let rejected = 0
    const repeats = 2000
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const law = failureLaw([100, 200, 150, 300, 100, 250].map(draw))
      if (compareFailureRates(draw(200), law).p <= 0.05) rejected += 1
    }
    expect(rejected / repeats).toBeGreaterThan(0.01)
    // Six runs of a rate that nearly doubles or halves by itself: more than the prior takes for usual.
    expect(rejected / repeats).toBeLessThan(0.09)
  })
})

describe('what can be detected', () => {
  const history = runToRun(
    [5.9, 6, 6.1, 6, 5.95, 6.05, 6, 6].map((value) => ({
      value,
      low: 0.004,
      up: 0.005,
      count: 100,
    })),
    expecting(1.2),
  )
  const plan = { history, perRequestLow: 0.5, threshold: 0.05, level: 0.01 }

  it('falls with more requests down to the floor of the noise between runs', () => {
    const found = [50, 100, 400, 1e9, INFINITY].map((n) => detectableChange(plan, n))
    expect([...found].sort((a, b) => b - a)).toEqual(found)
    expect(found[4]).toBeCloseTo(found[3] ?? 0, 6)
    expect(found[4]).toBeGreaterThan(0.09)
  })

  it('is never below the limit', () => {
    expect(detectableChange({ ...plan, threshold: 2 }, 100)).toBe(2)
  })

  it('is found about as often as it says', () => {
    const normal = normals(9)
    const spread = 0.06
    const change = 0.4
    let found = 0
    const repeats = 800
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const runs = Array.from({ length: 10 }, () => ({
        value: 6 + spread * normal() + 0.05 * normal(),
        low: 0.0025,
        up: 0.0025,
        count: 100,
      }))
      const baseline = runToRun(runs, expecting())
      const own = {
        value: 6 + change + spread * normal() + 0.05 * normal(),
        low: 0.0025,
        up: 0.0025,
        count: 100,
      }
      if (chanceOf(differenceFromHistory(own, baseline, 1)) <= 0.01) found += 1
    }
    const baseline = runToRun(
      Array.from({ length: 10 }, (_, i) => ({
        value: 6 + 0.078 * (i % 2 === 0 ? 1 : -1),
        low: 0.0025,
        up: 0.0025,
        count: 100,
      })),
      expecting(),
    )
    const at80 = detectableChange(
      { history: baseline, perRequestLow: 0.25, threshold: 0, level: 0.01 },
      100,
    )
    expect(at80).toBeGreaterThan(0.22)
    expect(at80).toBeLessThan(0.5)
    expect(found / repeats).toBeGreaterThan(0.65)
    expect(found / repeats).toBeLessThan(0.97)
  })

  it('is a rise of the failure rate, smaller with more requests', () => {
    const law = failureLaw(new Array(10).fill({ events: 2, trials: 400 }))
    const found = [50, 200, 2000].map((trials) =>
      detectableRate(law, { trials, threshold: 0.01, level: 0.01 }),
    )
    expect([...found].sort((a, b) => b - a)).toEqual(found)
    expect(detectableRateAtBest(law, { threshold: 0.01, level: 0.01 })).toBeLessThanOrEqual(
      found[2] ?? 0,
    )
    expect(detectableRate(law, { trials: 3, threshold: 0.01, level: 1e-9 })).toBeGreaterThan(0.9)
  })
})

describe('thresholds', () => {
  const tolerance = { worsening: 0.1, floor: 20, mustDetect: 0.2 }

  it('need the share and the floor to be exceeded', () => {
    expect(ratioThresholds(tolerance, 1000, 'lower').threshold).toBeCloseTo(Math.log(1.1), 12)
    const small = ratioThresholds(tolerance, 50, 'lower')
    expect(small.threshold).toBeCloseTo(Math.log(1.4), 12)
    expect(small.mustDetect).toBe(small.threshold)
  })

  it('mirror where higher is better', () => {
    expect(logWorsening(0.1, 'higher')).toBeCloseTo(-Math.log(0.9), 12)
    expect(logWorsening(1, 'higher')).toBe(INFINITY)
    expect(rateThresholds({ worsening: 0.01, floor: 0.03, mustDetect: 0.02 })).toEqual({
      threshold: 0.03,
      mustDetect: 0.03,
    })
  })

  it('say how many requests a percentile needs, as the independent core does', () => {
    for (const [q, n] of referenceCore.minimum_to_pass) expect(fewestToPass(q, 0.05)).toBe(n)
    for (const [q, n] of referenceCore.minimum_to_fail) expect(fewestToFail(q)).toBe(n)
  })
})

describe('randomness', () => {
  it('is the same for the same seed and another for another', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed))
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  it('is spread evenly over [0, 1)', () => {
    const uniform = seededRandom(1)
    const counts = new Array<number>(10).fill(0)
    for (let i = 0; i < 10000; i += 1) {
      const cell = Math.floor(10 * uniform())
      counts[cell] = (counts[cell] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(130)
  })
})
