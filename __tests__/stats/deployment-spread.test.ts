import { describe, expect, it } from '@jest/globals'
import { deploymentSpread } from '../../src/stats/deployment-spread.ts'
import { normals } from '../synthetic-summaries.ts'

const ASSUMED = 0.033

/** Pairs of deployments, each with its own level, and with sampling noise on their difference. */
function twins(count: number, of: { readonly spread: number; readonly error: number }) {
  const normal = normals(11)
  return Array.from({ length: count }, () => ({
    difference: of.spread * (normal() - normal()) + of.error * normal(),
    error: of.error,
  }))
}

describe('the spread of deployments', () => {
  it('is what is assumed without any pair', () => {
    expect(deploymentSpread([], ASSUMED)).toBeCloseTo(ASSUMED, 12)
  })

  it('goes from the assumed towards the true one as pairs are added', () => {
    const after = [4, 40, 4000].map((count) =>
      deploymentSpread(twins(count, { spread: 0.05, error: 0.02 }), ASSUMED),
    )
    expect(Math.abs((after[0] ?? 0) - ASSUMED)).toBeLessThan(0.005)
    expect(after[2]).toBeGreaterThan(0.038)
    expect(after[2]).toBeLessThan(0.051)
  })

  it('stays where it is while deployments lie apart as is assumed', () => {
    const same = deploymentSpread(twins(4000, { spread: ASSUMED, error: 0.01 }), ASSUMED)
    expect(same / ASSUMED).toBeGreaterThan(0.94)
    expect(same / ASSUMED).toBeLessThan(1)
  })

  it('does not take sampling noise for a difference of deployments', () => {
    const same = deploymentSpread(twins(4000, { spread: 0.01, error: 0.03 }), ASSUMED)
    expect(same).toBeLessThan(0.012)
  })

  it('stays at one per cent and more, however alike they look', () => {
    expect(deploymentSpread(twins(4000, { spread: 0, error: 0.05 }), ASSUMED)).toBe(0.01)
  })

  it('is moved by a sixth at most by one pair that somebody made up, and not to twice by any number', () => {
    const wild = { difference: 5, error: 1e-9 }
    expect(deploymentSpread([wild], ASSUMED) / ASSUMED).toBeLessThan(7 / 6)
    expect(deploymentSpread(Array(10_000).fill(wild), ASSUMED) / ASSUMED).toBeLessThan(2)
  })

  it('does not depend on which of the two came first', () => {
    const found = twins(30, { spread: 0.1, error: 0.02 })
    const turned = found.map(({ difference, error }) => ({ difference: -difference, error }))
    expect(deploymentSpread(turned, ASSUMED)).toBe(deploymentSpread(found, ASSUMED))
  })
})
