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

  it('goes from the assumed to the true one as pairs are added', () => {
    const after = [4, 40, 4000].map((count) =>
      deploymentSpread(twins(count, { spread: 0.1, error: 0.02 }), ASSUMED),
    )
    expect(after).toEqual([...after].sort((a, b) => a - b))
    expect(after[2]).toBeCloseTo(0.1, 2)
  })

  it('does not take sampling noise for a difference of deployments', () => {
    const same = deploymentSpread(twins(4000, { spread: 0.03, error: 0.05 }), ASSUMED)
    expect(same).toBeCloseTo(0.03, 2)
  })

  it('stays at one per cent and more, however alike they look', () => {
    expect(deploymentSpread(twins(4000, { spread: 0, error: 0.05 }), ASSUMED)).toBe(0.01)
  })

  it('does not depend on which of the two came first', () => {
    const found = twins(30, { spread: 0.1, error: 0.02 })
    const turned = found.map(({ difference, error }) => ({ difference: -difference, error }))
    expect(deploymentSpread(turned, ASSUMED)).toBe(deploymentSpread(found, ASSUMED))
  })
})
