// What the next run is expected to show: against an independent implementation, and the promises that
// a reader of a report relies on.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { kindOf, spreadPriors, UNKNOWN_KIND } from '../../src/stats/endpoint-kind.ts'
import { forecastLevel } from '../../src/stats/level-forecast.ts'
import { levelSteps } from '../../src/stats/level-steps.ts'
import { atThisHour, movedSince, onThisDay } from '../../src/stats/moment.ts'
import { tUpperTail } from '../../src/stats/t-distribution.ts'
import { normals } from '../synthetic-summaries.ts'

type Case = {
  readonly values: readonly number[]
  readonly sampling: number
  readonly priors: readonly (readonly [number, number, number])[]
  readonly result: {
    readonly steps: readonly number[]
    readonly pending: boolean
    readonly centre: number
    readonly scale: number
    readonly df: number
  }
}

const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('../fixtures/oracle/forecast.json', import.meta.url), 'utf8'),
)

function forecast(values: readonly number[], sampling = 0.02) {
  const priors = spreadPriors(UNKNOWN_KIND, 0.5, { variance: sampling ** 2, inflation: 1 })
  return forecastLevel(values, levelSteps(values, sampling), priors)
}

describe('the forecast of a level', () => {
  it.each(cases.map((each, index) => [index, each] as const))(
    'agrees with an independent implementation, case %p',
    (_, { values, sampling, priors, result }) => {
      const found = levelSteps(values, sampling)
      expect(found).toEqual({ steps: result.steps, pending: result.pending })
      const made = forecastLevel(
        values,
        found,
        priors.map(([typical, doubt, weight]) => ({ typical, doubt, weight })),
      )
      expect(made.centre).toBeCloseTo(result.centre, 8)
      expect(made.scale / result.scale).toBeCloseTo(1, 5)
      expect(made.df).toBe(result.df)
    },
  )

  it('keeps its size on independent runs, whatever their spread', () => {
    for (const [tau, runs] of [
      [0.02, 5],
      [0.06, 3],
      [0.06, 20],
      [0.1, 10],
    ] as const) {
      const normal = normals(1000 * runs + 100 * tau)
      let beyond = 0
      const repeats = 600
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        const values = Array.from({ length: runs }, () => 6 + tau * normal())
        const { centre, scale, df } = forecast(values)
        const change = 6 + tau * normal() - centre
        if (change > Math.log(1.1) && tUpperTail(change / scale, df) <= 0.05) beyond += 1
      }
      expect(beyond / repeats).toBeLessThan(0.06)
    }
  })

  it('does not move with one hanging run, in the middle or at the end', () => {
    const calm = [6, 6.02, 5.99, 6.01, 6, 6.01]
    const hanging = forecast([...calm.slice(0, 3), 7.5, ...calm.slice(3)])
    expect(hanging.centre).toBeCloseTo(forecast(calm).centre, 1)
    expect(Math.abs(forecast([...calm, 7.5]).centre - 6)).toBeLessThan(0.2)
  })

  it('allows for the newest run to be the first of a new epoch', () => {
    const calm = [6, 6.02, 5.99, 6.01, 6]
    const { centre, scale, df } = forecast([...calm, 6.5])
    expect(tUpperTail((6.5 - centre) / scale, df)).toBeGreaterThan(0.05)
    const before = forecast(calm)
    expect(tUpperTail((6.5 - before.centre) / before.scale, before.df)).toBeLessThan(0.01)
  })

  it('takes the level after a step, and keeps an error for the next', () => {
    const { centre, scale } = forecast([6, 6.02, 5.99, 6.01, 6, 6.5, 6.52, 6.49])
    expect(centre).toBeCloseTo(6.5, 1)
    expect(scale).toBeGreaterThan(0.02)
  })

  it('knows little of one run: twice its time is no surprise, five times is', () => {
    const { centre, scale, df } = forecast([6])
    expect(centre).toBeCloseTo(6, 12)
    expect(tUpperTail(Math.log(2) / scale, df)).toBeGreaterThan(0.05)
    expect(tUpperTail(Math.log(5) / scale, df)).toBeLessThan(0.05)
  })

  it('moves with its unit, and is the same to the last bit each time', () => {
    const values = [6, 6.1, 5.9, 6.3, 6.2]
    const [here, there] = [forecast(values), forecast(values.map((value) => value + 3))]
    expect(there.centre - here.centre).toBeCloseTo(3, 10)
    expect(there.scale).toBeCloseTo(here.scale, 8)
    expect(forecast(values)).toEqual(here)
  })
})

describe('steps of a level', () => {
  it('need two runs on one side', () => {
    expect(levelSteps([6, 6, 6, 7, 6, 6], 0.02).steps).toEqual([])
    expect(levelSteps([6, 6, 6, 7, 5, 6], 0.02).steps).toEqual([])
    expect(levelSteps([6, 6, 6, 6.5, 6.5, 6.5], 0.02).steps).toEqual([3])
    expect(levelSteps([6, 6, 6, 5.5, 5.5, 6.1, 6.1], 0.02).steps).toEqual([3, 5])
  })

  it('are not seen in what sampling explains, in identical runs, or in one or two', () => {
    expect(levelSteps([6, 6, 6, 6.2, 6.2], 0.1).steps).toEqual([])
    expect(levelSteps(new Array(10).fill(6), 0)).toEqual({ steps: [], pending: false })
    expect(levelSteps([6], 0)).toEqual({ steps: [], pending: false })
    expect(levelSteps([6, 9], 0)).toEqual({ steps: [], pending: false })
  })

  it('may be at the very end: one run is pending, two are a step', () => {
    expect(levelSteps([6, 6, 6, 6.5], 0.02)).toEqual({ steps: [], pending: true })
    expect(levelSteps([6, 6, 6, 6.5, 6.5], 0.02)).toEqual({ steps: [3], pending: false })
  })
})

describe('the kind of an endpoint', () => {
  const runs = (spread: number, seed: number) => {
    const normal = normals(seed)
    return Array.from({ length: 5 }, () => 6 + spread * normal())
  }
  const evidence = (spread: number, seed: number) =>
    [0.5, 0.9, 0.99].map((q, index) => ({
      q,
      values: runs(spread, seed + index),
      steps: [],
      sampling: { variance: 0.003, inflation: 1 },
    }))

  it('is learnt from how far its runs lie apart', () => {
    expect(kindOf(evidence(0.02, 1)).own).toBeGreaterThan(0.9)
    expect(kindOf(evidence(0.1, 1)).own).toBeLessThan(0.03)
    expect(kindOf([])).toEqual({ own: expect.closeTo(UNKNOWN_KIND.own, 10) })
  })
})

describe('the moment of a run', () => {
  const DAY = 86_400_000
  const night = (count: number) => Array.from({ length: count }, (_, i) => i * DAY + 3 * 3_600_000)

  it('that no recorded run shares the hour with is in doubt', () => {
    const values = [6, 6.01, 6.02]
    const next = 10 * DAY + 14 * 3_600_000
    const found = atThisHour({ values, at: night(3), next, shared: 1 })
    expect(found).toMatchObject({ values, hourMissing: true })
    expect(found.doubt).toBeCloseTo(0.04, 10)
    expect(atThisHour({ values, at: night(3), next, shared: 0 }).doubt).toBe(0)
  })

  it('learns what an hour adds, and leaves hours alone that add nothing', () => {
    const at = [...night(5), ...night(5).map((ms) => ms + 11 * 3_600_000)].sort((a, b) => a - b)
    const day = (ms: number) => ms % DAY > 12 * 3_600_000
    const normal = normals(3)
    const noise = at.map(() => 0.02 * normal())
    const slow = at.map((ms, i) => (day(ms) ? 6.3 : 6) + (noise[i] ?? 0))
    const next = 10 * DAY + 14 * 3_600_000
    const found = atThisHour({ values: slow, at, next, shared: 1 })
    for (const value of found.values) expect(Math.abs(value - 6.3)).toBeLessThan(0.08)
    expect(found.doubt).toBeLessThan(0.01)
    const flat = at.map((_, i) => 6 + (noise[i] ?? 0))
    const same = atThisHour({ values: flat, at, next, shared: 1 })
    same.values.forEach((value, i) => {
      expect(Math.abs(value - (flat[i] ?? 0))).toBeLessThan(0.02)
    })
  })

  it('learns what the weekend adds, from two weeks on, and leaves days alone that add nothing', () => {
    // Daily runs from a Monday on; the next one is made on a Saturday.
    const monday = Date.parse('2026-11-02T03:00:00Z')
    const days = (count: number) => Array.from({ length: count }, (_, day) => monday + day * DAY)
    const next = Date.parse('2026-11-21T03:00:00Z')
    const isWeekend = (ms: number) => [0, 6].includes(new Date(ms).getUTCDay())
    const normal = normals(5)
    const noise = days(19).map(() => 0.02 * normal())
    const slower = (at: readonly number[]) =>
      at.map((ms, i) => (isWeekend(ms) ? 6.3 : 6) + (noise[i] ?? 0))
    const at = days(19)
    const found = onThisDay({ values: slower(at), at, next, shared: 1 })
    for (const value of found.values) expect(Math.abs(value - 6.3)).toBeLessThan(0.08)
    const flat = noise.map((each) => 6 + each)
    onThisDay({ values: flat, at, next, shared: 1 }).values.forEach((value, i) => {
      expect(Math.abs(value - (flat[i] ?? 0))).toBeLessThan(0.02)
    })
    const week = { values: slower(days(7)), at: days(7), next, shared: 1 }
    expect(onThisDay(week)).toEqual({ values: week.values, doubt: 0 })
  })

  it('that is not known changes nothing, and an old history is trusted less', () => {
    const values = [6, 6.1]
    const unknown = { values, at: [Number.NaN, Number.NaN], next: 0, shared: 1 }
    expect(atThisHour(unknown)).toEqual({ values, doubt: 0, hourMissing: false })
    expect(movedSince(unknown)).toBe(0)
    const old = { values, at: [0, DAY], next: 90 * DAY, shared: 1 }
    expect(movedSince(old)).toBeGreaterThan(movedSince({ ...old, next: 3 * DAY }))
    expect(movedSince({ ...old, next: 0 })).toBe(0)
  })
})
