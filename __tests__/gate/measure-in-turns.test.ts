// Endpoints in alternation with a world in memory: every turn asks all of them, what drifts meets all
// alike, and one that fails does not take the others with it.

import { beforeEach, describe, expect, it } from '@jest/globals'
import { measureInTurns } from '../../src/gate/measure-in-turns.ts'
import { summarize } from '../../src/judge/judge.ts'
import type { GateRequest } from '../../src/model/ports.ts'
import { quantile } from '../../src/stats/quantile.ts'
import { type MemoryWorld, memoryWorld, requestOf } from './memory-ports.ts'

let world: MemoryWorld
beforeEach(() => {
  world = memoryWorld()
})

function named(name: string, request = requestOf()): GateRequest {
  return { ...request, gate: { ...request.gate, name } }
}

const three = () => ['a', 'b', 'c'].map((name) => named(name))
const turnLines = () => world.steps.map((step) => step.replace(/,.*/, ''))

describe('endpoints in alternation', () => {
  it('are asked in every turn, each turn begun by another, with all their requests in the end', async () => {
    const shards = await measureInTurns(three(), world.ports)
    expect(turnLines().slice(0, 6)).toEqual([
      'a: turn 1 of 6',
      'b: turn 1 of 6',
      'c: turn 1 of 6',
      'b: turn 2 of 6',
      'c: turn 2 of 6',
      'a: turn 2 of 6',
    ])
    expect(shards.map(({ gate }) => gate)).toEqual(['a', 'b', 'c'])
    for (const { runs, invalidities, used } of shards) {
      expect(invalidities).toEqual([])
      expect(runs).toHaveLength(1)
      expect(runs[0]?.records).toHaveLength(100)
      expect(used.requests).toBe(100 + 6 * 4)
    }
  })

  it('share a drift that one after the other would have been blamed for', async () => {
    // Slower from round to round, by half in the end.
    world.obey({ medianMs: (_arm, round) => 100 * (1 + 0.5 * (round / 18)) })
    const shards = await measureInTurns(three(), world.ports)
    const medians = shards.map(({ runs: [run] }) => {
      const ttft = run === undefined ? undefined : summarize(run, []).series.ttft
      return quantile(
        [...(ttft?.values ?? [])].sort((a, b) => a - b),
        0.5,
      )
    })
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1.12)
  })

  it('takes as few turns as the smallest workload has waves for', async () => {
    const few = requestOf(undefined)
    const small = {
      ...few,
      gate: { ...few.gate, workload: { ...few.gate.workload, requests: 10 } },
    }
    await measureInTurns([named('a'), named('b', small)], world.ports)
    expect(turnLines()).toEqual(['a: turn 1 of 1', 'b: turn 1 of 1'])
  })

  it('leaves one that cannot be measured after its first turn, and goes on with the others', async () => {
    world.obey({ isDown: (_arm, round) => round === 1 })
    const shards = await measureInTurns(three(), world.ports)
    expect(shards[1]?.invalidities.map(({ kind }) => kind)).toEqual(['nothing-completed'])
    expect(turnLines().filter((line) => line.startsWith('b:'))).toHaveLength(1)
    expect(shards[0]?.runs[0]?.records).toHaveLength(100)
    expect(shards[2]?.runs[0]?.records).toHaveLength(100)
  })

  it('measures a turn again that its own client spoiled, once, and counts both', async () => {
    const late = { eventLoopDelayP99Ms: 500 }
    world.obey({ conditions: (round) => (round === 1 ? late : {}) })
    const shards = await measureInTurns(three(), world.ports)
    expect(shards.map(({ invalidities }) => invalidities)).toEqual([[], [], []])
    expect(shards[1]?.runs[0]?.records).toHaveLength(100)
    const [a, b] = shards.map(({ used }) => used.requests)
    expect(b).toBeGreaterThan(a ?? 0)
    world.obey({ conditions: () => late })
    const spoiled = await measureInTurns(three(), world.ports)
    expect(spoiled.every(({ invalidities }) => invalidities.length > 0)).toBe(true)
  })

  it('stops for all when it is aborted', async () => {
    world.obey({ stopped: (round) => (round === 1 ? { what: 'signal' } : undefined) })
    const shards = await measureInTurns(three(), world.ports)
    expect(turnLines()).toEqual(['a: turn 1 of 6', 'b: turn 1 of 6'])
    expect(shards.map(({ runs }) => runs.length)).toEqual([1, 1, 0])
  })

  it('never asks more than the budget has, over all of them', async () => {
    const allowance = { requests: 150, costUsd: 5, durationMs: 1e9 }
    const shards = await measureInTurns(
      three().map((request) => ({ ...request, allowance })),
      world.ports,
    )
    const sent = world.plans.reduce((sum, { requests }) => sum + requests.length, 0)
    expect(sent).toBeLessThanOrEqual(150)
    expect(shards.flatMap(({ invalidities }) => invalidities.map(({ kind }) => kind))).toEqual([
      'budget',
      'budget',
      'budget',
    ])
  })
})
