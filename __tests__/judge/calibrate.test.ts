// What calibrating says of endpoints whose truth is known.

import { describe, expect, it } from '@jest/globals'
import { calibrate } from '../../src/judge/calibrate.ts'
import type { Limit } from '../../src/model/config.ts'
import { configOf, gateWith } from '../config/read-config.ts'
import { drawHistory, normals } from '../synthetic-summaries.ts'

const [gate] = configOf(gateWith('workload: {requests: 200, probes: 120}')).gates
if (gate === undefined) throw new Error('the config has no gate')
const limits: readonly Limit[] = gate.limits

function calibrated(tau: number, runs = 8, seed = 3) {
  const summaries = drawHistory(normals(seed), runs, { requests: 320, tau, sigma: 0.2 })
  return calibrate({
    gate: { ...gate, limits } as NonNullable<typeof gate>,
    summaries,
    recorded: 2,
    rounds: [],
    takes: ({ requests, probes }) => ({ usd: requests * 1e-4 + probes * 1e-5 }),
  })
}

describe('a calibrated endpoint', () => {
  it('is told apart: a server of one’s own, or a shared service', () => {
    const own = calibrated(0.01)
    const shared = calibrated(0.12)
    expect(own.likeness.own).toBeGreaterThan(0.8)
    expect(shared.likeness.own).toBeLessThan(0.2)
    expect(own.likeness.spread).toBeLessThan(0.04)
    expect(shared.likeness.spread).toBeGreaterThan(0.06)
    expect(own).toMatchObject({ runs: 8, recorded: 2 })
  })

  it('has limits that unchanged runs stay below, and tight ones where they lie close', () => {
    const increases = (of: ReturnType<typeof calibrated>) =>
      Object.fromEntries(of.chosen.limits.map(({ metric, increase }) => [metric, increase]))
    expect(increases(calibrated(0.01)).ttft_p50).toBe(0.05)
    expect(increases(calibrated(0.12)).ttft_p50).toBeGreaterThanOrEqual(0.15)
    for (const { reach, metric } of calibrated(0.12).noise) {
      expect(increases(calibrated(0.12))[metric]).toBeGreaterThanOrEqual(Math.min(1, reach))
    }
  })

  it('has the first tokens that its outermost percentile needs, whatever the answers', () => {
    const { sizes, chosen } = calibrated(0.06)
    for (const { requests, probes } of sizes) expect(requests + probes).toBeGreaterThanOrEqual(299)
    expect(sizes.map(({ requests }) => requests)).toEqual([50, 100, 200, 400])
    expect(chosen.requests + chosen.probes).toBeGreaterThanOrEqual(299)
    expect(sizes.map(({ usd = 0 }) => usd)).toEqual(
      sizes.map(({ requests, probes }) => requests * 1e-4 + probes * 1e-5),
    )
  })

  it('finds less where its runs lie further apart', () => {
    const p50 = (of: ReturnType<typeof calibrated>) => of.sizes[2]?.finds[0]?.change ?? 0
    expect(p50(calibrated(0.12))).toBeGreaterThan(2 * p50(calibrated(0.01)))
  })
})
