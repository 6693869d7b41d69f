import { describe, expect, it } from '@jest/globals'
import { appendRounds, mergeRuns } from '../../src/measure/merge-runs.ts'
import type { Run } from '../../src/model/run.ts'
import { courseOf, looksDuring, type ServerMetrics } from '../../src/model/server-metrics.ts'
import { sampleRun } from '../baseline-samples.ts'

const shard = (seed: number, change: Partial<Run> = {}): Run => ({
  ...sampleRun({ seed }),
  ...change,
})
const withConditions = (run: Run, change: Partial<Run['conditions']>): Run => ({
  ...run,
  conditions: { ...run.conditions, ...change },
})

describe('shards', () => {
  it('become one run: all records, renumbered, sums of load, the worst of what each saw', () => {
    const late = withConditions(shard(2), { eventLoopDelayP99Ms: 9, unwarmedConnections: 2 })
    const merged = mergeRuns([withConditions(shard(1), { unwarmedConnections: 1 }), late])
    expect(merged.records).toHaveLength(40)
    expect(merged.records.map(({ index }) => index)).toEqual([...Array(40).keys()])
    expect(merged.costsUsd).toHaveLength(40)
    expect(merged.spent.usd).toBeCloseTo(2 * 0.0551, 10)
    expect(merged.conditions).toMatchObject({
      eventLoopDelayP99Ms: 9,
      intendedLoad: 8,
      peakInFlight: 8,
      measuredRequests: 40,
      unwarmedConnections: 3,
    })
  })

  it('are another load than one of them, and say how many they are', () => {
    const [a, b, c] = [shard(1), shard(2), shard(3)]
    const two = mergeRuns([a, b])
    expect(two.loadShape).toEqual({ ...a.loadShape, shards: '2' })
    expect(two.loadShapeHash).not.toBe(a.loadShapeHash)
    expect(mergeRuns([b, c]).loadShapeHash).toBe(two.loadShapeHash)
    expect(mergeRuns([a, b, c]).loadShape.shards).toBe('3')
  })

  it('count once, however often a file is named', () => {
    const [a, b, c] = [shard(1), shard(2), shard(3)]
    expect(mergeRuns([a, a])).toBe(a)
    const merged = mergeRuns([a, b, a])
    expect(merged.records).toHaveLength(40)
    expect(merged.loadShape.shards).toBe('2')
    expect(merged.mergedFrom).toEqual([a.id, b.id])
    expect(mergeRuns([merged, b]).records).toHaveLength(40)
    expect(() => mergeRuns([merged, mergeRuns([b, c])])).toThrow(`holds ${b.id} as another`)
    expect(() => mergeRuns([a, { ...a, records: a.records.slice(1) }])).toThrow('as another')
  })

  it('of one file stay what they are', () => {
    const one = shard(1)
    expect(mergeRuns([one])).toBe(one)
  })

  it('keep pairs apart that began with the same numbers', () => {
    const paired = (seed: number) => {
      const run = shard(seed)
      return {
        ...run,
        records: run.records.map((record, index) => ({ ...record, pair: index >> 1 })),
      }
    }
    const pairs = mergeRuns([paired(1), paired(2)]).records.map(({ pair }) => pair)
    expect(new Set(pairs).size).toBe(20)
  })

  it('do not know their cost as soon as one does not', () => {
    const unpriced = shard(2, {
      costsUsd: [],
      costUnknown: 'usage-unknown',
      spent: { reason: 'usage-unknown', estimated: false },
    })
    for (const order of [
      [shard(1), unpriced],
      [unpriced, shard(1)],
    ]) {
      const merged = mergeRuns(order)
      expect(merged.costsUsd).toEqual([])
      expect(merged.costUnknown).toBe('usage-unknown')
      expect(merged.spent).toEqual({ reason: 'usage-unknown', estimated: false })
    }
  })

  const differing: readonly (readonly [string, Partial<Run>])[] = [
    ['gate', { gate: 'other' }],
    ['arm', { arm: 'reference' }],
    ['ttftDefinition', { ttftDefinition: 'another/1' }],
    ['loadShapeHash', { loadShapeHash: 'b'.repeat(64) }],
    ['subject', { subject: { url: 'https://elsewhere.example' } }],
  ]
  for (const [member, change] of differing) {
    it(`are refused where they differ in ${member}`, () => {
      expect(() => mergeRuns([shard(1), shard(2, change)])).toThrow(
        `differ in ${member}; only shards of one load are merged`,
      )
    })
  }
})

describe('rounds of one run', () => {
  it('are appended without changing the load they were', () => {
    const slow = withConditions(shard(2), { achievedLoad: 3.1, durationMs: 1000 })
    const first = withConditions(shard(1), { durationMs: 500 })
    const whole = appendRounds([first, slow])
    expect(whole.id).toBe(first.id)
    expect(whole.loadShapeHash).toBe(first.loadShapeHash)
    expect(whole.records.map(({ index }) => index)).toEqual([...Array(40).keys()])
    expect(whole.conditions).toMatchObject({
      intendedLoad: 4,
      achievedLoad: 3.1,
      durationMs: 1500,
      peakInFlight: 4,
    })
    expect(appendRounds([first])).toBe(first)
  })
})

describe('what the server said of itself', () => {
  const looked = (seed: number, metrics: ServerMetrics | undefined, durationMs = 1000) =>
    withConditions(shard(seed, { serverMetrics: metrics }), { durationMs })
  const tallies = (ms: readonly (readonly [atMs: number, sum: number, count: number])[]) => ({
    engine: 'vllm' as const,
    readings: ms.map(([atMs, sum, count]) => ({ atMs, queueMs: { sum, count }, waiting: 1 })),
  })

  it('stays with rounds that were appended, without what happened between them', () => {
    const first = looked(
      1,
      tallies([
        [0, 0, 0],
        [500, 40, 4],
        [1000, 100, 10],
      ]),
    )
    // Another 900 requests of somebody else waited for a second each in between.
    const second = looked(
      2,
      tallies([
        [-3, 900_000, 910],
        [1000, 900_300, 920],
      ]),
    )
    const { serverMetrics } = appendRounds([first, second])
    expect(serverMetrics?.readings.map(({ atMs, opens }) => [atMs, opens])).toEqual([
      [0, undefined],
      [500, undefined],
      [1000, undefined],
      [997, true],
      [2000, undefined],
    ])
    expect(serverMetrics && courseOf(serverMetrics).queueMs).toBe(20)
    expect(serverMetrics && looksDuring(serverMetrics)).toHaveLength(1)
  })

  it('stays with merged shards, by the one that looked longest: each sees the requests of all', () => {
    const short = tallies([
      [0, 0, 0],
      [800, 40, 4],
    ])
    const long = tallies([
      [0, 0, 0],
      [1000, 100, 10],
    ])
    expect(mergeRuns([looked(1, short), looked(2, long)]).serverMetrics).toBe(long)
    expect(mergeRuns([looked(1, short), looked(2, undefined)]).serverMetrics).toBe(short)
  })

  it('is none where the parts speak of different engines', () => {
    const other: ServerMetrics = { engine: 'tgi', readings: [] }
    const parts = [looked(1, tallies([[0, 0, 0]])), looked(2, other)] as const
    expect(mergeRuns(parts).serverMetrics).toBeUndefined()
    expect(appendRounds(parts).serverMetrics).toBeUndefined()
  })
})
